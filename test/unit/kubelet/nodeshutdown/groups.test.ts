import assert from 'node:assert/strict';
import type { FaultSpec } from '../../../../src/api/kubepad/types.ts';
import { groupOf, shutdownGroups } from '../../../../src/kubelet/nodeshutdown/groups.ts';

const spec = (more: Partial<FaultSpec>): FaultSpec => ({ type: 'NodeShutdown', target: { node: 'n' }, ...more });

describe('the groups of a node that shuts down', () => {
  const cases: readonly (readonly [title: string, spec: Partial<FaultSpec>, expected: readonly string[]])[] = [
    ['by default', {}, ['0: 20', '2000000000: 10']],
    ['with periods', { shutdownGracePeriod: '2m', shutdownGracePeriodCriticalPods: '30s' }, ['0: 90', '2000000000: 30']],
    ['with a period that is shorter than the default for critical Pods', { shutdownGracePeriod: '5s' }, ['0: 0', '2000000000: 5']],
    ['without time for critical Pods', { shutdownGracePeriodCriticalPods: '0' }, ['0: 30']],
    [
      'by priority, in order',
      {
        shutdownGracePeriodByPodPriority: [
          { priority: 100, shutdownGracePeriodSeconds: 60 },
          { priority: -5, shutdownGracePeriodSeconds: 10 },
        ],
      },
      ['-5: 10', '100: 60'],
    ],
  ];
  for (const [title, more, expected] of cases) {
    it(title, () => {
      assert.deepEqual(
        shutdownGroups(spec(more)).map(({ priority, seconds }) => `${priority}: ${seconds}`),
        expected,
      );
    });
  }

  it('take Pods by the nearest priority that is not above their own', () => {
    const groups = [0, 100, 1000].map((priority) => ({ priority, seconds: 1 }));
    assert.deepEqual(
      [-1, 0, 99, 100, 101, 999, 1000, 2_000_000_000].map((priority) => groupOf(groups, priority)),
      [0, 0, 0, 1, 1, 1, 2, 2],
    );
  });
});
