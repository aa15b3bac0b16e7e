import assert from 'node:assert/strict';
import { maxUnavailable, resolveFenceposts } from '../../../../src/controllers/deployment/fenceposts.ts';

describe('resolveFenceposts', () => {
  const cases: readonly [replicas: number, surge: number | string, unavailable: number | string, expected: readonly [number, number]][] = [
    [10, '25%', '25%', [3, 2]],
    [1, '25%', '25%', [1, 0]],
    [2, 0, '10%', [0, 1]],
    [4, 1, 0, [1, 0]],
    [3, '1%', '1%', [1, 0]],
    [5, '50%', '50%', [3, 2]],
    [0, '25%', '25%', [0, 1]],
  ];
  for (const [replicas, surge, unavailable, [maxSurge, maxDown]] of cases) {
    it(`of ${replicas} with ${surge} and ${unavailable} is ${maxSurge} and ${maxDown}`, () => {
      const strategy = { type: 'RollingUpdate' as const, rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } };
      const deployment = { metadata: {}, spec: { replicas, strategy, selector: {}, template: { metadata: {} } } };
      assert.deepEqual(resolveFenceposts(deployment), { surge: maxSurge, unavailable: maxDown });
      assert.ok(maxUnavailable(deployment) <= replicas);
    });
  }
});
