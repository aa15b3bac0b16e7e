import assert from 'node:assert/strict';
import { configMap, Wire, type Parsed } from '../support.ts';

const GROUP = '/apis/admissionregistration.k8s.io/v1';
const MAPS = '/api/v1/namespaces/default/configmaps';

describe('webhooks', () => {
  const rules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }];
  const configuration = (kind: 'Mutating' | 'Validating', answer: string | undefined, webhook: object = {}) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${kind}WebhookConfiguration`,
    metadata: { name: 'c', ...(answer === undefined ? {} : { annotations: { 'kubepad.dev/webhook.check.example.com': answer } }) },
    webhooks: [
      {
        name: 'check.example.com',
        clientConfig: { service: { namespace: 'default', name: 'hook', path: '/validate' } },
        rules,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...webhook,
      },
    ],
  });
  const create = (object: object, { kind = 'Validating' as 'Mutating' | 'Validating', query = '', map = configMap('a') } = {}): Parsed => {
    const wire = new Wire();
    const made = wire.call('POST', `${GROUP}/${kind.toLowerCase()}webhookconfigurations`, object);
    assert.equal(made.code, 201, JSON.stringify(made.body));
    const { code, body, answer } = wire.call('POST', `${MAPS}${query}`, map);
    return { code, message: body.message, data: body.data, labels: body.metadata.labels, warnings: answer.warnings };
  };
  const FAILED =
    'failed calling webhook "check.example.com": failed to call webhook: Post "https://hook.default.svc:443/validate?timeout=10s": service "hook" not found';

  it('that nothing stands behind fail as in a real cluster', () => {
    const { code, message } = create(configuration('Validating', undefined));
    assert.deepEqual([code, message], [500, `Internal error occurred: ${FAILED}`]);
  });

  it('that may fail are passed over, and that is said', () => {
    const { code, warnings } = create(configuration('Validating', undefined, { failurePolicy: 'Ignore' }));
    assert.deepEqual([code, warnings], [201, [`${FAILED} (ignored by its failurePolicy)`]]);
  });

  const answers: readonly (readonly [string, number, string | undefined, readonly string[]])[] = [
    ['allow', 201, undefined, []],
    ['warn mind the gap', 201, undefined, ['mind the gap']],
    ['deny not on a Friday', 403, 'admission webhook "check.example.com" denied the request: not on a Friday', []],
    ['deny', 403, 'admission webhook "check.example.com" denied the request without explanation', []],
  ];
  for (const [answer, code, message, warnings] of answers)
    it(`answer as it is written down: ${answer}`, () => {
      const got = create(configuration('Validating', answer));
      assert.deepEqual([got.code, got.message, got.warnings], [code, message, warnings]);
    });

  const conditions: readonly (readonly [expressions: readonly string[], policy: string, code: number, message: string | undefined])[] = [
    [
      ["object.data.x == '1'", "request.operation == 'CREATE'"],
      'Fail',
      403,
      'admission webhook "check.example.com" denied the request: no',
    ],
    [["object.data.x == '2'"], 'Fail', 201, undefined],
    [["object.data.y == '1'", 'false'], 'Fail', 201, undefined],
    [
      ["object.data.y == '1'", 'true'],
      'Fail',
      403,
      "configmaps \"a\" is forbidden: expression 'object.data.y == '1'' resulted in error: no such key: y",
    ],
    [["object.data.y == '1'"], 'Ignore', 201, undefined],
    [["authorizer.requestResource.check('create').allowed()"], 'Fail', 403, 'admission webhook "check.example.com" denied the request: no'],
  ];
  for (const [expressions, failurePolicy, code, message] of conditions)
    it(`are asked where their conditions are met: ${expressions.join(', ')} (${failurePolicy})`, () => {
      const matchConditions = expressions.map((expression, index) => ({ name: `c${index}`, expression }));
      const got = create(configuration('Validating', 'deny no', { matchConditions, failurePolicy }));
      assert.deepEqual([got.code, got.message], [code, message]);
    });

  it('change objects by a patch', () => {
    const patch = JSON.stringify([{ op: 'add', path: '/metadata/labels', value: { from: 'hook' } }]);
    const got = create(configuration('Mutating', `patch ${patch}`), { kind: 'Mutating' });
    assert.deepEqual([got.code, got.labels, got.data], [201, { from: 'hook' }, { x: '1' }]);
  });

  it('are asked on dry runs, too', () => {
    const got = create(configuration('Validating', 'deny', { sideEffects: 'NoneOnDryRun' }), { query: '?dryRun=All' });
    assert.equal(got.code, 403);
  });

  const others: readonly (readonly [string, object])[] = [
    ['of another operation', { rules: [{ ...rules[0], operations: ['DELETE'] }] }],
    ['of another kind', { rules: [{ ...rules[0], resources: ['secrets', 'configmaps/status'] }] }],
    ['of another scope', { rules: [{ ...rules[0], scope: 'Cluster' }] }],
    ['of another namespace', { namespaceSelector: { matchLabels: { a: 'b' } } }],
    ['of other objects', { objectSelector: { matchLabels: { a: 'b' } } }],
  ];
  for (const [what, webhook] of others)
    it(`are not asked about requests ${what}`, () => assert.equal(create(configuration('Validating', 'deny', webhook)).code, 201));

  it('are asked about the namespace and the objects that they select', () => {
    const selectors = {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
      objectSelector: { matchLabels: { a: 'b' } },
    };
    const map = configMap('a', { labels: { a: 'b' } });
    assert.equal(create(configuration('Validating', 'deny', selectors), { map }).code, 403);
  });
});
