import assert from 'node:assert/strict';
import { EVENTS, PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES, STATEFULSETS } from '../../../../src/api/schema/resources.ts';
import type { StatefulSetPersistentVolumeClaimRetentionPolicy } from '../../../../src/api/schema/types/apps/v1.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { newCluster, podsOf, podTemplate } from '../support.ts';

function clusterWithSet(policy: StatefulSetPersistentVolumeClaimRetentionPolicy, volumes = 2): Cluster {
  const cluster = newCluster();
  for (let i = 0; i < volumes; i++) {
    cluster.admin().create(PERSISTENTVOLUMES, {
      metadata: { name: `v${i}` },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'c',
        persistentVolumeReclaimPolicy: 'Recycle',
        hostPath: { path: `/srv/v${i}` },
      },
    });
  }
  const claim = {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce' as const], resources: { requests: { storage: '1Gi' } }, storageClassName: 'c' },
  };
  cluster.admin().create(STATEFULSETS, {
    metadata: { name: 'db', namespace: 'default' },
    spec: {
      replicas: 2,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: podTemplate('db'),
      volumeClaimTemplates: [claim],
      persistentVolumeClaimRetentionPolicy: policy,
    },
  });
  cluster.simulation.runUntil('settled');
  return cluster;
}

const owners = (cluster: Cluster): readonly string[] =>
  cluster
    .admin()
    .list(PERSISTENTVOLUMECLAIMS, 'default')
    .map(({ metadata }) => `${metadata.name ?? ''} ${metadata.ownerReferences?.[0]?.kind ?? '-'}`);

function scale(cluster: Cluster, replicas: number): void {
  cluster.admin().modify(STATEFULSETS, 'default', 'db', (set) => {
    set.spec!.replicas = replicas;
  });
}

describe('the claims of a StatefulSet', () => {
  const cases: readonly [policy: StatefulSetPersistentVolumeClaimRetentionPolicy, first: string, afterScaling: readonly string[]][] = [
    [{ whenDeleted: 'Retain', whenScaled: 'Retain' }, '-', ['data-db-0 -', 'data-db-1 -']],
    [{ whenDeleted: 'Delete', whenScaled: 'Retain' }, 'StatefulSet', ['data-db-0 StatefulSet', 'data-db-1 StatefulSet']],
    [{ whenDeleted: 'Retain', whenScaled: 'Delete' }, '-', ['data-db-0 -']],
    [{ whenDeleted: 'Delete', whenScaled: 'Delete' }, 'StatefulSet', ['data-db-0 StatefulSet']],
  ];
  for (const [policy, first, afterScaling] of cases) {
    it(`${policy.whenDeleted ?? ''} when deleted, ${policy.whenScaled ?? ''} when scaled`, () => {
      const cluster = clusterWithSet(policy);
      assert.deepEqual(owners(cluster), [`data-db-0 ${first}`, `data-db-1 ${first}`]);
      scale(cluster, 1);
      cluster.simulation.runUntil('settled');
      assert.deepEqual(owners(cluster), afterScaling);
    });
  }

  it('have their owner as soon as they are made', () => {
    assert.deepEqual(owners(clusterWithSet({ whenDeleted: 'Delete', whenScaled: 'Retain' }, 0)), ['data-db-0 StatefulSet']);
  });

  it('get another owner with an event when the policy changes', () => {
    const cluster = clusterWithSet({ whenDeleted: 'Retain', whenScaled: 'Retain' });
    cluster.admin().modify(STATEFULSETS, 'default', 'db', (set) => {
      set.spec!.persistentVolumeClaimRetentionPolicy = { whenDeleted: 'Delete', whenScaled: 'Retain' };
    });
    cluster.simulation.runUntil('settled');
    assert.deepEqual(owners(cluster), ['data-db-0 StatefulSet', 'data-db-1 StatefulSet']);
    const updates = cluster
      .admin()
      .list(EVENTS, 'default')
      .filter(({ reason }) => reason === 'SuccessfulUpdate');
    assert.deepEqual(
      updates.map(({ message }) => message),
      ['Update Pod db-0 in StatefulSet db successful', 'Update Pod db-1 in StatefulSet db successful'],
    );
  });

  it('are not used again by the next Pod of the number when they are to go', () => {
    const cluster = clusterWithSet({ whenDeleted: 'Retain', whenScaled: 'Delete' });
    const uid = (): string => cluster.admin().get(PERSISTENTVOLUMECLAIMS, 'default', 'data-db-1')?.metadata.uid ?? '';
    const before = uid();
    // Something else holds the claim for a while.
    cluster.admin().modify(PERSISTENTVOLUMECLAIMS, 'default', 'data-db-1', (claim) => {
      claim.metadata.finalizers = ['example.com/hold'];
    });
    scale(cluster, 1);
    cluster.simulation.runUntil('settled');
    scale(cluster, 2);
    cluster.simulation.advance(cluster.simulation.now() + 10_000);
    assert.deepEqual([uid(), podsOf(cluster).length], [before, 1]);
    cluster.admin().modify(PERSISTENTVOLUMECLAIMS, 'default', 'data-db-1', (claim) => {
      delete claim.metadata.finalizers;
    });
    cluster.simulation.advance(cluster.simulation.now() + 10_000);
    assert.notEqual(uid(), before);
    assert.equal(podsOf(cluster).length, 2);
  });
});
