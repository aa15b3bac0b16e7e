import assert from 'node:assert/strict';
import { errorText } from '../../../../src/apimachinery/field/error.ts';
import { PODDISRUPTIONBUDGET_STRATEGY } from '../../../../src/api/policy/poddisruptionbudget/strategy.ts';
import { judgeCreate, judgeUpdate } from '../judge.ts';

type Spec = Readonly<Record<string, unknown>>;
const SELECTOR = { matchLabels: { app: 'a' } };

describe('PodDisruptionBudget', () => {
  const refused: readonly (readonly [spec: Spec, errors: readonly string[]])[] = [
    [{}, []],
    [{ minAvailable: '50%', selector: SELECTOR }, []],
    [
      { minAvailable: 1, maxUnavailable: 1, selector: SELECTOR },
      [
        'spec: Invalid value: {"MinAvailable":1,"Selector":{"matchLabels":{"app":"a"}},"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
      ],
    ],
    [{ maxUnavailable: '101%' }, ['spec.maxUnavailable: Invalid value: "101%": must not be greater than 100%']],
    [{ maxUnavailable: -1 }, ['spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0']],
    [
      { unhealthyPodEvictionPolicy: 'Maybe' },
      ['spec.unhealthyPodEvictionPolicy: Unsupported value: "Maybe": supported values: "AlwaysAllow", "IfHealthyBudget"'],
    ],
  ];
  for (const [spec, errors] of refused) {
    it(`judges ${JSON.stringify(spec)}`, () => assert.deepEqual(judgeCreate(PODDISRUPTIONBUDGET_STRATEGY, { spec }).errors, errors));
  }
  it('takes any name that fits into a path, and finalizers without prefix', () => {
    assert.deepEqual(judgeCreate(PODDISRUPTIONBUDGET_STRATEGY, { spec: {}, metadata: { name: 'A B', finalizers: ['x'] } }).errors, []);
  });
  it('may change altogether', () => {
    const { errors, object } = judgeUpdate(PODDISRUPTIONBUDGET_STRATEGY, { spec: { minAvailable: 1 } }, { 'spec/minAvailable': '10%' });
    assert.deepEqual([errors, object.metadata.generation], [[], 2]);
  });
  it('judges its status', () => {
    const { object } = judgeCreate(PODDISRUPTIONBUDGET_STRATEGY, { spec: { maxUnavailable: 1 } });
    const conditions = [
      { type: 'DisruptionAllowed', status: 'Maybe', reason: '1st', message: '', lastTransitionTime: '' },
      { type: 'DisruptionAllowed', status: 'True', reason: '', message: '', lastTransitionTime: '2026-01-02T03:04:05Z' },
    ];
    const status = { ...object.status, disruptionsAllowed: -1, conditions };
    const errors = PODDISRUPTIONBUDGET_STRATEGY.status?.validateUpdate({ ...object, status }, object) ?? [];
    assert.deepEqual(
      errors.map((error) => errorText(error).replace(/ \(e\.g.*/, '')),
      [
        'status.conditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"',
        'status.conditions[0].lastTransitionTime: Required value: must be set',
        "status.conditions[0].reason: Invalid value: \"1st\": a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
        'status.conditions[1].type: Duplicate value: "DisruptionAllowed"',
        'status.conditions[1].reason: Required value: must be set',
        'status.disruptionsAllowed: Invalid value: -1: must be greater than or equal to 0',
      ],
    );
    assert.deepEqual(PODDISRUPTIONBUDGET_STRATEGY.table?.cells(object, 0).slice(0, 4), ['x', 'N/A', '1', 0]);
  });
});
