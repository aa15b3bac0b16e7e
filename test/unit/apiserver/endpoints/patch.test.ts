import assert from 'node:assert/strict';
import { configMap, Wire } from '../support.ts';

const PATH = '/api/v1/namespaces/default/configmaps/a';
const type = (name: string): Readonly<Record<string, string>> => ({ 'content-type': `application/${name}+json` });

describe('a patch that is refused', () => {
  const rows: readonly (readonly [string, string, string, number, string])[] = [
    ['strategic-merge-patch', '', '"x"', 400, 'json: cannot unmarshal string into Go value of type map[string]interface {}'],
    ['merge-patch', '', '"x"', 400, 'error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}'],
    ['strategic-merge-patch', '', '{', 400, 'unexpected end of JSON input'],
    ['merge-patch', '', '{', 400, 'error decoding patch: unexpected end of JSON input'],
    ['json-patch', '', '{}', 400, 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp'],
    ['json-patch', '', '[1]', 400, 'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp'],
    [
      'json-patch',
      '',
      '[{"op":1}]',
      400,
      'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string',
    ],
    ['strategic-merge-patch', '', '{"data":{"$retainKeys":"x"}}', 400, 'invalid patch format of retainKeys'],
    [
      'merge-patch',
      '',
      '{"metadata":{"namespace":"other"}}',
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'merge-patch',
      '',
      '{"metadata":{"name":null}}',
      400,
      'the name of the object (a based on URL) was undeterminable: name must be provided',
    ],
  ];
  for (const [name, query, body, code, message] of rows)
    it(`${name} ${body}`, () => {
      const wire = new Wire();
      wire.call('POST', PATH.slice(0, -2), configMap('a'));
      const got = wire.call('PATCH', `${PATH}${query}`, body, type(name));
      assert.deepEqual([got.code, got.body.message], [code, message]);
    });
});

describe('what a strict reader says of a patch', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['merge-patch', '{"data":{"x":"1","x":"2"}}', 'duplicate field "data.x"'],
    ['strategic-merge-patch', '{"data":{"x":"1","x":"2"},"extra":1}', 'duplicate field "data.x"'],
    ['json-patch', '[{"op":"add","path":"/data/y","value":"1","note":"n"}]', 'json patch unknown field "[0].note"'],
  ];
  for (const [name, body, text] of rows)
    it(`${name} ${body}`, () => {
      const wire = new Wire();
      wire.call('POST', PATH.slice(0, -2), configMap('a'));
      assert.equal(wire.call('PATCH', PATH, body, type(name)).answer.warnings[0], text);
      const strict = wire.call('PATCH', `${PATH}?fieldValidation=Strict`, body, type(name));
      assert.equal(strict.code, 422);
      assert(strict.body.message.includes(`strict decoding error: ${text}`), strict.body.message);
      assert.deepEqual(wire.call('PATCH', `${PATH}?fieldValidation=Ignore`, body, type(name)).answer.warnings, []);
    });
});
