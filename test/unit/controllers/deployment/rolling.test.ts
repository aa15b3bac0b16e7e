import assert from 'node:assert/strict';
import type { ReplicaSet } from '../../../../src/api/schema/types/apps/v1.ts';
import { DEPLOYMENTS, EVENTS, REPLICASETS } from '../../../../src/api/schema/resources.ts';
import { createDeployment, newCluster, podsOf, setImage } from '../support.ts';

describe('a rolling update of 10 replicas', () => {
  it('goes in the steps that its comment works out', () => {
    const cluster = newCluster();
    createDeployment(cluster, 10);
    cluster.simulation.runUntil('stable');
    const before = new Set(
      cluster
        .admin()
        .list(EVENTS, 'default')
        .map(({ metadata }) => metadata.uid),
    );
    setImage(cluster, 'nginx:2');
    cluster.simulation.runUntil('stable');
    const steps = cluster
      .admin()
      .list(EVENTS, 'default')
      .filter(({ metadata, reason }) => !before.has(metadata.uid) && reason === 'ScalingReplicaSet')
      .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map(({ message = '' }) => message.replace(/replica set \S+ /, ''));
    assert.deepEqual(steps, [
      'Scaled up from 0 to 3',
      'Scaled down from 10 to 8',
      'Scaled up from 3 to 5',
      'Scaled down from 8 to 3',
      'Scaled up from 5 to 10',
      'Scaled down from 3 to 0',
    ]);
  });

  it('never leaves its bounds, and ends complete', () => {
    const cluster = newCluster();
    createDeployment(cluster, 10);
    cluster.simulation.runUntil('stable');
    const sets = new Map<string, ReplicaSet>();
    const sum = (count: (set: ReplicaSet) => number): number => [...sets.values()].reduce((total, set) => total + count(set), 0);
    for (const set of cluster.admin().list(REPLICASETS)) sets.set(set.metadata.name!, set);
    cluster.api.store.onRevision(({ resource, object }) => {
      if (resource !== 'replicasets.apps') return;
      sets.set(object.metadata.name!, object as ReplicaSet);
      assert.ok(sum((set) => set.spec?.replicas ?? 0) <= 13);
      assert.ok(sum((set) => set.status?.availableReplicas ?? 0) >= 8);
    });
    setImage(cluster, 'nginx:2');
    cluster.simulation.runUntil('stable');
    const deployment = cluster.admin().get(DEPLOYMENTS, 'default', 'web')!;
    assert.equal(deployment.status?.updatedReplicas, 10);
    assert.equal(deployment.status?.conditions?.find(({ type }) => type === 'Progressing')?.reason, 'NewReplicaSetAvailable');
    assert.deepEqual(new Set(podsOf(cluster).map((pod) => pod.spec?.containers[0]?.image)), new Set(['nginx:2']));
  });

  it('takes the old ReplicaSet and the next revision when the template goes back', () => {
    const cluster = newCluster();
    createDeployment(cluster, 2);
    for (const image of ['nginx:2', 'nginx:1']) {
      cluster.simulation.runUntil('stable');
      setImage(cluster, image);
    }
    cluster.simulation.runUntil('stable');
    const annotations = cluster
      .admin()
      .list(REPLICASETS)
      .map(({ metadata, spec }) => [
        spec?.replicas,
        metadata.annotations?.['deployment.kubernetes.io/revision'],
        metadata.annotations?.['deployment.kubernetes.io/revision-history'],
      ]);
    assert.deepEqual(
      annotations.toSorted((a, b) => Number(a[0]) - Number(b[0])),
      [
        [0, '2', undefined],
        [2, '3', '1'],
      ],
    );
  });
});
