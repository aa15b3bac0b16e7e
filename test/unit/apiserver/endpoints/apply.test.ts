import assert from 'node:assert/strict';
import { configMap, Wire } from '../support.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const APPLY = { 'content-type': 'application/apply-patch+yaml' };

describe('a configuration that cannot be applied', () => {
  const rows: readonly (readonly [string, string, number, string])[] = [
    ['', 'metadata: {name: a}\n- b', 400, 'error decoding YAML: error converting YAML to JSON: yaml: line 1: did not find expected key'],
    [
      '',
      '[1]',
      400,
      'error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    ['', '', 400, 'invalid object type: /, Kind='],
    ['', 'apiVersion: v1\nkind: Secret', 400, 'invalid object type: /v1, Kind=Secret'],
    ['', 'apiVersion: apps/v1\nkind: ConfigMap', 400, 'invalid object type: apps/v1, Kind=ConfigMap'],
    ['', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}', 400, 'the name of the object (b) does not match the name on the URL (a)'],
    ['', 'apiVersion: v1\nkind: ConfigMap', 400, 'the name of the object (a based on URL) was undeterminable: name must be provided'],
    [
      '',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: other}',
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      '&fieldValidation=Strict',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: "1"\n  x: "2"',
      400,
      'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 6: key "x" already set in map',
    ],
    [
      '',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: 1}',
      500,
      'failed to create typed patch object (/a; /v1, Kind=ConfigMap): .data.x: expected string, got &value.valueUnstructured{Value:1}',
    ],
  ];
  for (const [query, body, code, message] of rows)
    it(JSON.stringify(body), () => {
      const got = new Wire().call('PATCH', `${MAPS}/a?fieldManager=m${query}`, body, APPLY);
      assert.equal(got.code, code, JSON.stringify(got.body));
      assert(String(got.body.message).startsWith(message), got.body.message);
    });
});

describe('an apply', () => {
  it('to the status owns and changes the status alone', () => {
    const wire = new Wire();
    const path = '/apis/apps/v1/namespaces/default/deployments';
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec: { replicas: 0, selector: { matchLabels: { a: 'b' } }, template },
    };
    wire.call('POST', path, deployment);
    const wanted = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd', labels: { x: 'y' } },
      spec: { replicas: 5 },
      status: { collisionCount: 3 },
    };
    const { code, body } = wire.call('PATCH', `${path}/d/status?fieldManager=m&force=true`, wanted, APPLY);
    assert.equal(code, 200, JSON.stringify(body));
    assert.deepEqual([body.spec.replicas, body.status.collisionCount, body.metadata.labels], [0, 3, undefined]);
    const [own] = body.metadata.managedFields;
    assert.deepEqual(
      [own.manager, own.operation, own.subresource, own.fieldsV1],
      ['m', 'Apply', 'status', { 'f:status': { 'f:collisionCount': {} } }],
    );
  });

  it('sums up what an object had before anybody was tracked', () => {
    const wire = new Wire();
    wire.call('POST', MAPS, configMap('a'));
    wire.call('PATCH', `${MAPS}/a`, { metadata: { managedFields: [{}] } }, { 'content-type': 'application/merge-patch+json' });
    const { body } = wire.call('PATCH', `${MAPS}/a?fieldManager=m`, { ...configMap('a'), data: { y: '2' } }, APPLY);
    assert.deepEqual(
      body.metadata.managedFields.map(({ manager, fieldsV1 }: { manager: string; fieldsV1: unknown }) => [manager, fieldsV1]),
      [
        ['m', { 'f:data': { 'f:y': {} } }],
        ['before-first-apply', { 'f:data': { '.': {}, 'f:x': {} } }],
      ],
    );
  });

  it('warns of members that stand twice', () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: "1"\n  x: "2"';
    const { code, answer } = new Wire().call('PATCH', `${MAPS}/a?fieldManager=m`, text, APPLY);
    assert.equal(code, 201);
    assert.match(answer.warnings[0] ?? '', /line 6: key "x" already set in map$/);
  });
});

describe('the name of a manager', () => {
  const managerOf = (agent: string): unknown => {
    const { body } = new Wire().call('POST', MAPS, configMap('a'), { 'user-agent': agent });
    return body.metadata.managedFields[0].manager;
  };
  const rows: readonly (readonly [string, string])[] = [
    ['kubectl/v1.36.3 (linux/amd64)', 'kubectl'],
    ['a\tb/1', 'ab'],
    ['', 'unknown'],
    ['x'.repeat(200), 'x'.repeat(128)],
  ];
  for (const [agent, manager] of rows)
    it(`follows from the agent ${JSON.stringify(agent.slice(0, 40))}`, () => assert.equal(managerOf(agent), manager));

  it('can hold only what can be printed', () => {
    const { code, body } = new Wire().call('POST', `${MAPS}?fieldManager=a%0Ab`, configMap('a'));
    const text = 'fieldManager: Invalid value: "a\\nb": invalid character U+000A (at position 1)';
    assert.deepEqual([code, body.message], [422, `CreateOptions.meta.k8s.io "" is invalid: ${text}`]);
  });
});

describe('odd bodies', () => {
  it('of versions that are names of nothing are refused', () => {
    const { code, body } = new Wire().call('POST', MAPS, { ...configMap('a'), apiVersion: '__proto__' });
    assert.equal(code, 400);
    assert.match(body.message, /no kind "ConfigMap" is registered for version "__proto__"/);
  });
});
