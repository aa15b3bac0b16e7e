import assert from 'node:assert/strict';
import { errorText } from '../../../../../src/apimachinery/field/error.ts';
import { RESOURCEQUOTA_STRATEGY as STRATEGY } from '../../../../../src/api/core/resourcequota/strategy.ts';
import type { ResourceQuota } from '../../../../../src/api/schema/types/core/v1.ts';
import { judgeCreate, judgeUpdate } from '../../judge.ts';

const WRONG = 'unsupported scope applied to resource';

describe('ResourceQuota', () => {
  const selector = (scopeName: string, operator: string, values?: readonly string[]): object => ({
    scopeSelector: { matchExpressions: [{ scopeName, operator, ...(values && { values }) }] },
  });
  const specs: readonly (readonly [spec: object, errors: readonly string[]])[] = [
    [{ hard: { 'requests.hugepages-2Mi': '2Mi', 'hugepages-2Mi': '2Mi', 'count/jobs.batch': '1' } }, []],
    [{ hard: { storage: '1' } }, ['hard[storage]: Invalid value: "storage": must be a standard resource for quota']],
    [{ hard: { 'count/jobs.batch': '1500m' } }, ['hard[count/jobs.batch]: Invalid value: "1500m": must be an integer']],
    [{ hard: { services: '1' }, scopes: ['BestEffort'] }, [`scopes: Invalid value: ["BestEffort"]: ${WRONG}`]],
    [{ hard: { cpu: '1' }, scopes: ['BestEffort'] }, [`scopes: Invalid value: ["BestEffort"]: ${WRONG}`]],
    [{ hard: { persistentvolumeclaims: '1', 'requests.storage': '1Gi' }, ...selector('VolumeAttributesClass', 'In', ['a']) }, []],
    [
      { scopes: ['Terminating', 'NotTerminating', 'Bogus'] },
      [
        'scopes: Invalid value: ["Terminating","NotTerminating","Bogus"]: unsupported scope',
        'scopes: Invalid value: ["Terminating","NotTerminating","Bogus"]: conflicting scopes',
      ],
    ],
    [selector('PriorityClass', 'Exists'), []],
    [
      selector('PriorityClass', 'NotIn'),
      [
        "scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
      ],
    ],
    [
      { hard: { services: '1' }, ...selector('PriorityClass', 'In', ['a']) },
      [
        `scopeSelector.matchExpressions: Invalid value: {"MatchExpressions":[{"ScopeName":"PriorityClass","Operator":"In","Values":["a"]}]}: ${WRONG}`,
      ],
    ],
    [
      selector('CrossNamespacePodAffinity', 'DoesNotExist', ['a']),
      [
        'scopeSelector.matchExpressions.operator: Invalid value: "DoesNotExist": must be \'Exists\' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity',
        "scopeSelector.matchExpressions.values: Invalid value: [\"a\"]: must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
      ],
    ],
  ];
  for (const [spec, errors] of specs) {
    it(`judges ${JSON.stringify(spec)}`, () => {
      assert.deepEqual(
        judgeCreate(STRATEGY, { spec }).errors,
        errors.map((text) => `spec.${text}`),
      );
    });
  }

  it('keeps its scopes, in any order', () => {
    const before = { spec: { hard: { pods: '1' }, scopes: ['Terminating', 'NotBestEffort'] } };
    assert.deepEqual(judgeUpdate(STRATEGY, before, { 'spec/scopes': ['NotBestEffort', 'Terminating'] }).errors, []);
    assert.deepEqual(judgeUpdate(STRATEGY, before, { 'spec/scopes': [] }).errors, ['spec.scopes: Invalid value: []: field is immutable']);
    assert.deepEqual(judgeUpdate(STRATEGY, before, { 'spec/scopes': undefined }).errors, [
      'spec.scopes: Invalid value: null: field is immutable',
    ]);
  });

  const status = { hard: { 'limits.cpu': '2', pods: '3', cpu: '1' }, used: { pods: '1', 'limits.cpu': '500m' } };

  it('judges its status', () => {
    const quota: ResourceQuota = { metadata: {}, status: { ...status, used: { bogus: '-1' } } };
    assert.deepEqual(STRATEGY.status?.validateUpdate(quota, quota).map(errorText), [
      'status.used[bogus]: Invalid value: "bogus": must be a standard resource type or fully qualified',
      'status.used[bogus]: Invalid value: "bogus": must be a standard resource for quota',
      'status.used[bogus]: Invalid value: "-1": must be greater than or equal to 0',
    ]);
  });

  it('shows limits apart', () => {
    assert.deepEqual(STRATEGY.table?.cells({ metadata: {}, status }, 0).slice(1, 3), ['cpu: 0/1, pods: 1/3', 'limits.cpu: 500m/2']);
  });
});
