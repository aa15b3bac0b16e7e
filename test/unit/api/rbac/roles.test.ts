import assert from 'node:assert/strict';
import { CLUSTERROLE_STRATEGY } from '../../../../src/api/rbac/clusterrole/strategy.ts';
import { ROLE_STRATEGY } from '../../../../src/api/rbac/role/strategy.ts';
import { strategyOf } from '../../../../src/api/register.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

const RULE = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };

describe('Role', () => {
  const judged: readonly (readonly [rule: object, errors: readonly string[]])[] = [
    [RULE, []],
    [
      {},
      [
        'rules[0].verbs: Required value: verbs must contain at least one value',
        'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
        'rules[0].resources: Required value: resource rules must supply at least one resource',
      ],
    ],
    [
      { ...RULE, nonResourceURLs: ['/x'] },
      [
        'rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
        'rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs',
      ],
    ],
  ];
  for (const [rule, errors] of judged) {
    it(`judges the rule ${JSON.stringify(rule)}`, () => assert.deepEqual(judgeCreate(ROLE_STRATEGY, { rules: [rule] }).errors, errors));
  }
  it('takes any name that fits into a path', () => {
    assert.deepEqual(judgeCreate(ROLE_STRATEGY, { metadata: { name: 'system:x Y' } }).errors, []);
    assert.deepEqual(judgeCreate(ROLE_STRATEGY, { metadata: { name: 'a%b' } }).errors, [
      'metadata.name: Invalid value: "a%b": may not contain \'%\'',
    ]);
  });
  it('shows the time of its creation, not its age', () => {
    const { table } = strategyOf('rbac.authorization.k8s.io', 'v1', 'roles') ?? {};
    assert.deepEqual(table?.cells({ metadata: { name: 'x', creationTimestamp: '2026-01-02T03:04:05Z' } }, 0), [
      'x',
      '2026-01-02T03:04:05Z',
    ]);
  });
});

describe('ClusterRole', () => {
  it('may speak of URLs', () => {
    assert.deepEqual(judgeCreate(CLUSTERROLE_STRATEGY, { rules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }] }).errors, []);
  });
  it('says what it is put together from', () => {
    const judge = (...clusterRoleSelectors: readonly object[]): readonly string[] =>
      judgeCreate(CLUSTERROLE_STRATEGY, { aggregationRule: { clusterRoleSelectors } }).errors;
    assert.deepEqual(judge({}), []);
    assert.deepEqual(judge(), [
      'aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil',
    ]);
    assert.deepEqual(judge({ matchExpressions: [{ key: 'a', operator: 'In' }] }), [
      "aggregationRule.clusterRoleSelectors[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      'aggregationRule.clusterRoleSelectors[0]: Invalid value: null: invalid label selector.',
    ]);
    const { errors } = judgeUpdate(
      CLUSTERROLE_STRATEGY,
      { aggregationRule: { clusterRoleSelectors: [{}] } },
      { aggregationRule: undefined },
    );
    assert.deepEqual(errors, []);
  });
});
