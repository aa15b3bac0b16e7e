import assert from 'node:assert/strict';
import { errorText } from '../../../../src/apimachinery/field/error.ts';
import { DAEMONSET_STRATEGY } from '../../../../src/api/apps/daemonset/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

type Spec = Readonly<Record<string, unknown>>;
const TEMPLATE = { metadata: { labels: { app: 'a' } }, spec: { nodeSelector: { disk: 'ssd' }, containers: [{ name: 'c', image: 'i:1' }] } };

function set(spec: Spec) {
  return { spec: { selector: { matchLabels: { app: 'a' } }, template: TEMPLATE, ...spec } };
}

describe('DaemonSet', () => {
  const rolling = (maxUnavailable: unknown, maxSurge: unknown) => ({ updateStrategy: { rollingUpdate: { maxUnavailable, maxSurge } } });
  const at = 'spec.updateStrategy.rollingUpdate';
  const refused: readonly (readonly [spec: Spec, errors: readonly string[]])[] = [
    [{}, []],
    [rolling(0, '10%'), []],
    [rolling(1, 1), [`${at}.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero`]],
    [rolling(0, '0%'), [`${at}.maxUnavailable: Required value: cannot be 0 when maxSurge is 0`]],
    [rolling(0, '150%'), [`${at}.maxSurge: Invalid value: "150%": must not be greater than 100%`]],
    [
      { updateStrategy: { type: 'Recreate' } },
      ['spec.updateStrategy: Unsupported value: {"Type":"Recreate","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"'],
    ],
    [{ selector: {} }, ['spec.selector: Invalid value: {}: empty selector is invalid for daemonset']],
    [
      { template: { ...TEMPLATE, spec: { ...TEMPLATE.spec, activeDeadlineSeconds: 1 } } },
      ['spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported'],
    ],
  ];
  for (const [spec, errors] of refused) {
    it(`judges ${JSON.stringify(spec)}`, () => assert.deepEqual(judgeCreate(DAEMONSET_STRATEGY, set(spec)).errors, errors));
  }
  it('never changes its selector', () => {
    const { errors } = judgeUpdate(DAEMONSET_STRATEGY, set({}), {
      'spec/selector/matchLabels': { app: 'z' },
      'spec/template/metadata/labels': { app: 'z' },
    });
    assert.deepEqual(errors, ['spec.selector: Invalid value: {"matchLabels":{"app":"z"}}: field is immutable']);
  });
  it('counts its Pods', () => {
    const { object } = judgeCreate(DAEMONSET_STRATEGY, set({}));
    const status = { currentNumberScheduled: 1, numberMisscheduled: 0, desiredNumberScheduled: 2, numberReady: -1 };
    const errors = DAEMONSET_STRATEGY.status?.validateUpdate({ ...object, status }, object) ?? [];
    assert.deepEqual(errors.map(errorText), ['status.numberReady: Invalid value: -1: must be greater than or equal to 0']);
    const cells = DAEMONSET_STRATEGY.table?.cells({ ...object, status: { ...status, numberReady: 1 } }, 0);
    assert.deepEqual(cells?.slice(0, 7), ['x', 2, 1, 1, 0, 0, 'disk=ssd']);
  });
});
