import assert from 'node:assert/strict';
import { PERSISTENTVOLUMECLAIMS, PODS } from '../../../../src/api/schema/resources.ts';
import type { PodSpec } from '../../../../src/api/schema/types/core/v1.ts';
import type { Draft } from '../../../../src/base/json.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { newManualCluster, podTemplate } from '../support.ts';

const hasClaim = (cluster: Cluster): boolean => cluster.admin().get(PERSISTENTVOLUMECLAIMS, 'default', 'data') !== undefined;

function withClaim(spec: Partial<Draft<PodSpec>>): Cluster {
  const cluster = newManualCluster(1);
  const admin = cluster.admin();
  admin.create(PERSISTENTVOLUMECLAIMS, {
    metadata: { name: 'data', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  admin.create(PODS, {
    metadata: { name: 'p', namespace: 'default' },
    spec: {
      ...podTemplate('web').spec!,
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
      terminationGracePeriodSeconds: 0,
      ...spec,
    },
  });
  cluster.simulation.runUntil('settled');
  return cluster;
}

function deleteClaim(cluster: Cluster): void {
  cluster.admin().delete(PERSISTENTVOLUMECLAIMS, 'default', 'data');
  cluster.simulation.runUntil('settled');
}

describe('a claim that is being deleted', () => {
  it('stays while a Pod on a node has it, though the Pod has ended, and goes with the Pod', () => {
    const cluster = withClaim({ nodeName: 'n0' });
    cluster.admin().modify(PODS, 'default', 'p', (pod) => void (pod.status = { ...pod.status, phase: 'Succeeded' }), 'status');
    deleteClaim(cluster);
    assert.equal(hasClaim(cluster), true);
    cluster.admin().delete(PODS, 'default', 'p', { gracePeriodSeconds: 0 });
    cluster.simulation.runUntil('settled');
    assert.equal(hasClaim(cluster), false);
  });

  it('is not held by a Pod that waits for a node', () => {
    const cluster = withClaim({});
    deleteClaim(cluster);
    assert.equal(hasClaim(cluster), false);
  });
});
