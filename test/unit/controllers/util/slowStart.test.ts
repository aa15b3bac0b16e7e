import assert from 'node:assert/strict';
import { slowStartBatch } from '../../../../src/controllers/util/slowStart.ts';

describe('slowStartBatch', () => {
  const cases: readonly { readonly count: number; readonly failFrom: number; readonly calls: number; readonly successes: number }[] = [
    { count: 0, failFrom: 99, calls: 0, successes: 0 },
    { count: 10, failFrom: 99, calls: 10, successes: 10 },
    { count: 10, failFrom: 0, calls: 1, successes: 0 },
    { count: 10, failFrom: 2, calls: 3, successes: 2 },
    { count: 10, failFrom: 3, calls: 7, successes: 3 },
  ];
  for (const { count, failFrom, calls, successes } of cases) {
    it(`makes ${calls} of ${count} calls if call ${failFrom} and all after it fail`, () => {
      let made = 0;
      const result = slowStartBatch(count, () => (made++ >= failFrom ? new Error('refused') : undefined));
      assert.equal(made, calls);
      assert.equal(result.successes, successes);
    });
  }
});
