import assert from 'node:assert/strict';
import { PRIORITYCLASS_STRATEGY as STRATEGY } from '../../../../src/api/scheduling/priorityclass/strategy.ts';
import { judgeCreate } from '../judge.ts';

describe('PriorityClass', () => {
  const cases: readonly (readonly [policy: string | undefined, errors: readonly string[]])[] = [
    [undefined, []],
    ['Never', []],
    ['', ['preemptionPolicy: Required value']],
    ['never', ['preemptionPolicy: Unsupported value: "never": supported values: "PreemptLowerPriority", "Never"']],
  ];
  for (const [preemptionPolicy, errors] of cases)
    it(`with the preemption policy ${JSON.stringify(preemptionPolicy)}`, () => {
      const manifest = preemptionPolicy === undefined ? { value: 5 } : { value: 5, preemptionPolicy };
      assert.deepEqual(judgeCreate(STRATEGY, manifest).errors, errors);
    });
});
