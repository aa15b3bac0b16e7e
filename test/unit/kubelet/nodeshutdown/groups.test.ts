import assert from 'node:assert/strict';
import type { KubeletConfiguration } from '../../../../src/api/kubepad/nodepool/kubeletConfiguration.ts';
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

  it('follow the configuration of the kubelet where the shutdown says nothing itself', () => {
    const of = (own: Partial<FaultSpec>, configuration: KubeletConfiguration): readonly string[] =>
      shutdownGroups(spec(own), configuration).map(({ priority, seconds }) => `${priority}: ${seconds}`);
    assert.deepEqual(of({}, { shutdownGracePeriod: '1m', shutdownGracePeriodCriticalPods: '15s' }), ['0: 45', '2000000000: 15']);
    assert.deepEqual(of({}, { shutdownGracePeriod: '1m' }), ['0: 60']);
    assert.deepEqual(of({}, { shutdownGracePeriodByPodPriority: [{ priority: 7, shutdownGracePeriodSeconds: 8 }] }), ['7: 8']);
    assert.deepEqual(of({ shutdownGracePeriod: '20s' }, { shutdownGracePeriod: '1m' }), ['0: 10', '2000000000: 10']);
    assert.deepEqual(of({}, { maxPods: 5 }), ['0: 20', '2000000000: 10']);
  });

  it('take Pods by the nearest priority that is not above their own', () => {
    const groups = [0, 100, 1000].map((priority) => ({ priority, seconds: 1 }));
    assert.deepEqual(
      [-1, 0, 99, 100, 101, 999, 1000, 2_000_000_000].map((priority) => groupOf(groups, priority)),
      [0, 0, 0, 1, 1, 1, 2, 2],
    );
  });
});
