import assert from 'node:assert/strict';
import { SCHEME } from '../../../src/api/scheme.ts';
import { canonicalBase64 } from '../../../src/apimachinery/scheme/base64.ts';
import { decode } from '../../../src/apimachinery/scheme/decode.ts';
import { canonicalMicroTime, canonicalTime } from '../../../src/apimachinery/scheme/goTime.ts';
import { readJson } from '../../../src/apimachinery/scheme/jsonText.ts';
import { toWire } from '../../../src/apimachinery/scheme/wire.ts';

const POD = SCHEME.kind('v1', 'Pod')!;

function decodeText(text: string): ReturnType<typeof decode> {
  const json = readJson(text);
  assert.ok('value' in json, 'error' in json ? json.error : '');
  return decode(POD, json.value, json.source);
}

describe('decode', () => {
  it('drops nulls and empty optional fields, fills in what is always printed', () => {
    const { object, strictErrors, error } = decodeText(
      '{"metadata":{"name":"a","labels":{}},"spec":{"hostNetwork":false,"nodeName":null,"containers":[{"image":"b","securityContext":{}}]}}',
    );
    assert.equal(error, undefined);
    assert.deepEqual(strictErrors, []);
    assert.deepEqual(object, {
      metadata: { name: 'a' },
      spec: { containers: [{ image: 'b', name: '', resources: {}, securityContext: {} }] },
      status: {},
    });
  });

  it('keeps pointers to zero', () => {
    const { object } = decodeText('{"spec":{"containers":[],"automountServiceAccountToken":false,"terminationGracePeriodSeconds":0}}');
    assert.deepEqual(object['spec'], { containers: [], automountServiceAccountToken: false, terminationGracePeriodSeconds: 0 });
  });

  it('notes unknown and repeated fields in the order of the text', () => {
    const { strictErrors } = decodeText(
      '{"metadata":{"name":"a","name":"b"},"spec":{"zork":1,"containers":[{"name":"m","image":"x","image":"y"}]}}',
    );
    assert.deepEqual(strictErrors, [
      'duplicate field "metadata.name"',
      'unknown field "spec.zork"',
      'duplicate field "spec.containers[0].image"',
    ]);
  });

  const errors: readonly (readonly [string, string, string])[] = [
    [
      'a number for a text',
      '{"spec":{"nodeName":1}}',
      'json: cannot unmarshal number into Go struct field PodSpec.spec.nodeName of type string',
    ],
    [
      'an exponent for an integer',
      '{"spec":{"terminationGracePeriodSeconds":3e1}}',
      'json: cannot unmarshal number 3e1 into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64',
    ],
    ['a list for a struct', '{"metadata":[]}', 'json: cannot unmarshal array into Go struct field Pod.metadata of type v1.ObjectMeta'],
    [
      'a named type',
      '{"spec":{"restartPolicy":1}}',
      'json: cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy',
    ],
    [
      'an embedded struct on the way',
      '{"spec":{"volumes":[{"nfs":{"path":1}}]}}',
      'json: cannot unmarshal number into Go struct field NFSVolumeSource.spec.volumes.VolumeSource.nfs.path of type string',
    ],
    [
      'a map value',
      '{"metadata":{"labels":{"a":true}}}',
      'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
    ],
  ];
  for (const [what, text, error] of errors) it(`says what is wrong with ${what}`, () => assert.equal(decodeText(text).error, error));

  it('prefers the error of a quantity over a wrong type before it', () => {
    const { error } = decodeText('{"spec":{"nodeName":1,"containers":[{"resources":{"limits":{"cpu":"1x"}}}]}}');
    assert.match(error ?? '', /^quantities must match/);
  });

  it('rounds resource lists up to thousandths and reads numbers as they are written', () => {
    const { object } = decodeText('{"spec":{"containers":[{"resources":{"requests":{"cpu":1e-1,"memory":"1n"}}}]}}');
    const spec = object['spec'] as { containers: readonly { resources: { requests: Record<string, string> } }[] };
    assert.deepEqual(spec.containers[0]?.resources.requests, { cpu: '100e-3', memory: '1m' });
  });

  it('is idempotent', () => {
    const once = decodeText(
      '{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i","resources":{"limits":{"cpu":"0.5"}}}]}}',
    ).object;
    assert.deepEqual(decode(POD, once).object, once);
  });
});

describe('toWire', () => {
  it('prints null for an empty list without omitempty and for a time that is not set', () => {
    const event = SCHEME.kind('v1', 'Event')!;
    const wire = toWire(event, decode(event, { metadata: { name: 'e' } }).object) as Record<string, unknown>;
    assert.equal(wire['firstTimestamp'], null);
  });

  it('copies nothing where nothing changes', () => {
    const map = SCHEME.kind('v1', 'ConfigMap')!;
    const object = { metadata: { name: 'a' }, data: { b: 'c' } };
    assert.equal(toWire(map, object), object);
  });
});

describe('readJson', () => {
  const wrong: readonly (readonly [string, string])[] = [
    ['', 'unexpected end of JSON input'],
    ['{"a":1} x', "invalid character 'x' after top-level value"],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['[1 2]', "invalid character '2' after array element"],
    ['tru', 'unexpected end of JSON input'],
    ['trux', "invalid character 'x' in literal true (expecting 'e')"],
    ['01', "invalid character '1' after top-level value"],
    ['{"a":é}', "invalid character 'Ã' looking for beginning of value"],
    ['\ufeff{}', "invalid character 'ï' looking for beginning of value"],
    ['[\u0007]', String.raw`invalid character '\a' looking for beginning of value`],
    ['[\u007f]', String.raw`invalid character '\x7f' looking for beginning of value`],
  ];
  for (const [text, error] of wrong) it(`refuses ${text}`, () => assert.deepEqual(readJson(text), { error }));
  it('takes half a surrogate pair for no character', () => {
    const read = readJson(String.raw`["\ud83d", "\ud83d\ude00"]`);
    assert.ok('value' in read);
    assert.deepEqual(read.value, ['\ufffd', '😀']);
  });

  it('agrees with JSON.parse', () => {
    const text = '{"a":[1,-2.5,"\\u00e9\\n",{"b":null,"__proto__":1}],"c":true}';
    const read = readJson(text);
    assert.ok('value' in read);
    assert.deepEqual(read.value, JSON.parse(text));
  });
});

describe('times', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['2024-01-02T03:04:05Z', '2024-01-02T03:04:05Z'],
    ['2024-01-02T03:04:05.999+02:00', '2024-01-02T01:04:05Z'],
    ['x', 'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'],
    ['2024-13-01T00:00:00Z', 'parsing time "2024-13-01T00:00:00Z": month out of range'],
    ['2024-02-30T00:00:00Z', 'parsing time "2024-02-30T00:00:00Z": day out of range'],
    ['2024-01-02T03:04:05Zx', 'parsing time "2024-01-02T03:04:05Zx": extra text: "x"'],
    ['2024-01-02', 'parsing time "2024-01-02" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"'],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${text}`, () => {
      const result = canonicalTime(text);
      assert.equal('text' in result ? result.text : result.error, expected);
    });
  }
  it('keeps microseconds', () =>
    assert.deepEqual(canonicalMicroTime('2024-01-01T01:00:00.123456+01:00'), { text: '2024-01-01T00:00:00.123456Z' }));
});

describe('base64', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['aGVsbG8=', 'aGVsbG8='],
    ['aGVs\nbG8=', 'aGVsbG8='],
    ['aGVsbG9=', 'aGVsbG8='],
    ['***', 'illegal base64 data at input byte 0'],
    ['aGVsbG8=x', 'illegal base64 data at input byte 8'],
    ['a2V5x', 'illegal base64 data at input byte 4'],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${JSON.stringify(text)}`, () => {
      const result = canonicalBase64(text);
      assert.equal('text' in result ? result.text : result.error, expected);
    });
  }
});
