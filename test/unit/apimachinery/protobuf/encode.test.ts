import assert from 'node:assert/strict';
import facts from '../../../../src/api/schema/facts/protobuf.json' with { type: 'json' };
import { decodeProtobuf } from '../../../../src/apimachinery/protobuf/decode.ts';
import { encodeProtobuf } from '../../../../src/apimachinery/protobuf/encode.ts';
import { readMessage } from '../../../../src/apimachinery/protobuf/wire.ts';
import bodies from './bodies.json' with { type: 'json' };
import { Wire } from '../../apiserver/support.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

describe('protobuf', () => {
  const objects: readonly (readonly [title: string, object: Record<string, unknown>])[] = [
    [
      'texts, maps and lists',
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a', labels: { x: '1', y: 'ž' }, finalizers: ['b', 'c'] },
        data: { k: 'v' },
      },
    ],
    ['bytes', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { k: 'AP8=', empty: '' }, type: 'Opaque' }],
    [
      'members of members, numbers and quantities',
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'p', creationTimestamp: '2026-01-02T03:04:05Z' },
        spec: {
          containers: [
            {
              name: 'c',
              resources: { limits: { cpu: '500m' } },
              ports: [{ containerPort: 80 }],
              livenessProbe: { httpGet: { path: '/', port: 'web' }, periodSeconds: 5 },
            },
          ],
          volumes: [{ name: 'v', configMap: { name: 'm', defaultMode: 420 } }],
          priority: -10,
        },
      },
    ],
    [
      'whole numbers or texts',
      { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: {}, spec: { minAvailable: '50%', maxUnavailable: 1 } },
    ],
    [
      'what a field of any form holds',
      { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: {}, data: { a: [1, { b: null }] }, revision: 9_007_199_254_740_991 },
    ],
    [
      'lists of lists',
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        metadata: {},
        spec: { user: 'u', extra: { scopes: ['a', 'b'] } },
      },
    ],
  ];
  for (const [title, object] of objects) {
    it(`keeps ${title}`, () => {
      const bytes = encodeProtobuf(facts, object);
      assert(bytes !== undefined);
      const { apiVersion, kind, value } = decodeProtobuf(facts, bytes) ?? {};
      assert.deepEqual({ apiVersion, kind, ...value }, object);
    });
  }

  it('has no form for kinds that the facts do not know', () => {
    assert.equal(encodeProtobuf(facts, { apiVersion: 'example.com/v1', kind: 'Gear' }), undefined);
  });

  it('is what clients get that prefer it: objects, lists, metadata, refusals and watches', () => {
    const wire = new Wire();
    const path = '/api/v1/namespaces/default/configmaps';
    const get = (url: string, accept: string) => {
      const { code, answer } = wire.call('GET', url, undefined, { accept });
      const decoded = answer.bytes === undefined ? undefined : decodeProtobuf(facts, answer.bytes);
      return { code, type: answer.headers['Content-Type'], kind: decoded?.kind, value: decoded?.value };
    };
    wire.call('POST', path, { metadata: { name: 'a' }, data: { k: 'v' } });
    assert.deepEqual(get(`${path}/a`, `${PROTOBUF},application/json`).value?.['data'], { k: 'v' });
    assert.equal(get(path, PROTOBUF).kind, 'ConfigMapList');
    assert.equal(get(`${path}/none`, PROTOBUF).kind, 'Status');
    const partial = get(`${path}/a`, `${PROTOBUF};as=PartialObjectMetadata;g=meta.k8s.io;v=v1`);
    assert.deepEqual([partial.kind, partial.value?.['data']], ['PartialObjectMetadata', undefined]);
    const table = `${PROTOBUF};as=Table;g=meta.k8s.io;v=v1,application/json`;
    assert.deepEqual([get(path, table).type, get('/apis/kubepad.dev/v1/clocks', PROTOBUF).code], ['application/json', 406]);
    const watch = wire.watch(`${path}?watch=1&resourceVersion=0`, { accept: PROTOBUF });
    const frame = Buffer.from(watch.read(1), 'latin1');
    const fields = readMessage(frame.subarray(4, 4 + frame.readUInt32BE(0)));
    assert.deepEqual([watch.headers['Content-Type'], fields?.map(({ number }) => number)], [`${PROTOBUF};stream=watch`, [1, 2]]);
  });
});

/** What kubectl and helm really send, read and written again. */
describe('protobuf of real clients', () => {
  it(`keeps ${bodies.length} bodies`, () => {
    for (const body of bodies) {
      const first = decodeProtobuf(facts, Buffer.from(body, 'base64'));
      assert(first !== undefined);
      const again = encodeProtobuf(facts, { ...first.value, apiVersion: first.apiVersion, kind: first.kind });
      assert(again !== undefined);
      assert.deepEqual(decodeProtobuf(facts, again), first);
    }
  });
});
