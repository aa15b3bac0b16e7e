import assert from 'node:assert/strict';
import type { KubeletConfiguration } from '../../../../src/api/kubepad/nodepool/kubeletConfiguration.ts';
import { NODEPOOLS } from '../../../../src/api/kubepad/types.ts';
import { NODES } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { addFault, dropFault, nodeCondition } from '../../cluster/faults/support.ts';
import { createPod, getPod, readyCluster, run } from '../support.ts';

const NODE = 'pool-1';

/** One machine whose kubelet is configured so, with a Pod whose memory grows by 1 GiB a minute of 8. */
function configured(kubeletConfiguration: KubeletConfiguration): Cluster {
  const cluster = readyCluster({ preset: 'empty' });
  cluster.admin().create(NODEPOOLS, {
    apiVersion: 'kubepad.dev/v1',
    kind: 'NodePool',
    metadata: { name: 'pool' },
    spec: { count: 1, kubeletConfiguration },
  });
  run(cluster, 60);
  assert.equal(nodeCondition(cluster, NODE, 'Ready').split(' ')[0], 'True');
  createPod(cluster, 'leak', 'run', { nodeName: NODE, terminationGracePeriodSeconds: 60 });
  run(cluster, 10);
  return cluster;
}

const leak = (cluster: Cluster): void =>
  addFault(cluster, 'leak', { type: 'MemoryLeak', target: { pods: { namespace: 'default', name: 'leak' } }, rate: '1Gi' });
const pressure = (cluster: Cluster): string => nodeCondition(cluster, NODE, 'MemoryPressure').split(' ')[0] ?? '';
const phase = (cluster: Cluster): string => getPod(cluster, 'leak')?.status?.phase ?? '';

describe('a soft threshold', () => {
  const SOFT: KubeletConfiguration = {
    evictionSoft: { 'memory.available': '7Gi' },
    evictionSoftGracePeriod: { 'memory.available': '2m' },
    evictionPressureTransitionPeriod: '30s',
  };

  it('is told at once, and acted on after its grace period', () => {
    const cluster = configured(SOFT);
    leak(cluster);
    run(cluster, 80);
    assert.deepEqual([pressure(cluster), phase(cluster)], ['True', 'Running']);
    run(cluster, 130);
    assert.equal(getPod(cluster, 'leak')?.status?.reason, 'Evicted');
    assert.match(getPod(cluster, 'leak')?.status?.message ?? '', /^The node was low on resource: memory\. Threshold quantity: 7Gi, /);
  });

  it('does nothing if it is not met any more by then, and its condition ends after the transition period', () => {
    const cluster = configured(SOFT);
    leak(cluster);
    run(cluster, 100);
    assert.equal(pressure(cluster), 'True');
    dropFault(cluster, 'leak');
    run(cluster, 60);
    assert.deepEqual([pressure(cluster), phase(cluster)], ['False', 'Running']);
    run(cluster, 300);
    assert.equal(phase(cluster), 'Running');
  });
});

describe('the configuration of a pool', () => {
  it('holds for machines that are there already, and without any fault', () => {
    const cluster = configured({});
    run(cluster, 60);
    assert.deepEqual([pressure(cluster), phase(cluster)], ['False', 'Running']);
    cluster.admin().modify(NODEPOOLS, '', 'pool', (pool) => {
      pool.spec = { ...pool.spec, kubeletConfiguration: { evictionHard: { 'memory.available': '8Gi' } } };
    });
    run(cluster, 5);
    assert.deepEqual([pressure(cluster), getPod(cluster, 'leak')?.status?.reason], ['True', 'Evicted']);
    assert.equal(cluster.simulation.runUntil('stable').reason, 'Done', 'and the cluster still comes to rest');
    assert.ok(cluster.admin().get(NODES, '', NODE));
  });
});
