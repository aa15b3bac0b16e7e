import assert from 'node:assert/strict';
import { PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES } from '../../../../src/api/schema/resources.ts';
import type { PersistentVolumeSpec } from '../../../../src/api/schema/types/core/v1.ts';
import type { Draft } from '../../../../src/base/json.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { newCluster } from '../support.ts';

function makeVolume(cluster: Cluster, spec: Partial<Draft<PersistentVolumeSpec>>): void {
  cluster.admin().create(PERSISTENTVOLUMES, {
    metadata: { name: 'v' },
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'c', hostPath: { path: '/srv/v' }, ...spec },
  });
}

function makeClaim(cluster: Cluster): void {
  cluster.admin().create(PERSISTENTVOLUMECLAIMS, {
    metadata: { name: 'data', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'c' },
  });
  cluster.simulation.runUntil('settled');
}

const volumeOf = (cluster: Cluster): string => {
  const volume = cluster.admin().get(PERSISTENTVOLUMES, '', 'v');
  return volume === undefined ? 'gone' : `${volume.status?.phase ?? ''} ${volume.spec?.claimRef?.name ?? '-'}`;
};

describe('a volume whose claim is deleted', () => {
  const cases: readonly [what: string, spec: Partial<Draft<PersistentVolumeSpec>>, after: string][] = [
    ['is kept for whoever looks after its data', { persistentVolumeReclaimPolicy: 'Retain' }, 'Released data'],
    ['is emptied and freed', { persistentVolumeReclaimPolicy: 'Recycle' }, 'Available -'],
    ['goes if nothing but a directory below /tmp', { persistentVolumeReclaimPolicy: 'Delete', hostPath: { path: '/tmp/v' } }, 'gone'],
    ['has failed if it cannot be deleted', { persistentVolumeReclaimPolicy: 'Delete' }, 'Failed data'],
  ];
  for (const [what, spec, after] of cases) {
    it(what, () => {
      const cluster = newCluster();
      makeVolume(cluster, spec);
      makeClaim(cluster);
      assert.equal(volumeOf(cluster), 'Bound data');
      cluster.admin().delete(PERSISTENTVOLUMECLAIMS, 'default', 'data');
      cluster.simulation.runUntil('settled');
      assert.equal(volumeOf(cluster), after);
    });
  }
});

describe('a claim', () => {
  it('is bound when a volume for it comes later', () => {
    const cluster = newCluster();
    makeClaim(cluster);
    assert.equal(cluster.admin().get(PERSISTENTVOLUMECLAIMS, 'default', 'data')?.status?.phase, 'Pending');
    makeVolume(cluster, {});
    cluster.simulation.runUntil('settled');
    assert.equal(cluster.admin().get(PERSISTENTVOLUMECLAIMS, 'default', 'data')?.status?.phase, 'Bound');
    assert.equal(volumeOf(cluster), 'Bound data');
  });
});
