import assert from 'node:assert/strict';
import { PODDISRUPTIONBUDGETS, PODS } from '../../../../src/api/schema/resources.ts';
import type { IntOrString } from '../../../../src/apimachinery/meta/types.ts';
import type { PodDisruptionBudgetStatus } from '../../../../src/api/schema/types/policy/v1.ts';
import { createDeployment, newCluster, podTemplate } from '../support.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';

function withBudget(replicas: number, limit: { minAvailable?: IntOrString; maxUnavailable?: IntOrString }): Cluster {
  const cluster = newCluster();
  createDeployment(cluster, replicas);
  cluster.admin().create(PODDISRUPTIONBUDGETS, {
    metadata: { name: 'guard', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'web' } }, ...limit },
  });
  cluster.simulation.runUntil('settled');
  return cluster;
}

const statusOf = (cluster: Cluster): PodDisruptionBudgetStatus => cluster.admin().get(PODDISRUPTIONBUDGETS, 'default', 'guard')!.status!;

describe('a disruption budget', () => {
  const cases: readonly [limit: { minAvailable?: IntOrString; maxUnavailable?: IntOrString }, desired: number, allowed: number][] = [
    [{ minAvailable: 2 }, 2, 1],
    [{ minAvailable: '50%' }, 2, 1],
    [{ minAvailable: '100%' }, 3, 0],
    [{ maxUnavailable: 1 }, 2, 1],
    [{ maxUnavailable: '30%' }, 2, 1],
    [{ maxUnavailable: 5 }, 0, 3],
  ];
  for (const [limit, desired, allowed] of cases) {
    it(`of ${JSON.stringify(limit)} over 3 Pods wants ${desired} healthy and allows ${allowed}`, () => {
      const { desiredHealthy, disruptionsAllowed, expectedPods, currentHealthy } = statusOf(withBudget(3, limit));
      assert.deepEqual([desiredHealthy, disruptionsAllowed, expectedPods, currentHealthy], [desired, allowed, 3, 3]);
    });
  }

  it('writes nothing more once it is up to date', () => {
    const cluster = withBudget(2, { minAvailable: 1 });
    const { resourceVersion } = cluster.admin().get(PODDISRUPTIONBUDGETS, 'default', 'guard')!.metadata;
    cluster.simulation.advance(cluster.simulation.now() + 600_000);
    assert.equal(cluster.admin().get(PODDISRUPTIONBUDGETS, 'default', 'guard')!.metadata.resourceVersion, resourceVersion);
  });

  it('cannot tell how many bare Pods there should be', () => {
    const cluster = newCluster();
    cluster
      .admin()
      .create(PODS, { metadata: { name: 'bare', namespace: 'default', labels: { app: 'web' } }, spec: podTemplate('web').spec! });
    cluster.admin().create(PODDISRUPTIONBUDGETS, {
      metadata: { name: 'guard', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'web' } }, maxUnavailable: 1 },
    });
    cluster.simulation.runUntil('settled');
    assert.deepEqual([statusOf(cluster).expectedPods, statusOf(cluster).disruptionsAllowed], [0, 0]);
  });
});
