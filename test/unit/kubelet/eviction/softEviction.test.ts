import assert from 'node:assert/strict';
import type { KubeletConfiguration } from '../../../../src/api/kubepad/nodepool/kubeletConfiguration.ts';
import { NODEPOOLS, type NodePoolSpec } from '../../../../src/api/kubepad/types.ts';
import { draft } from '../../../../src/base/json.ts';
import { EVENTS, NODES } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { addFault, dropFault, nodeCondition } from '../../cluster/faults/support.ts';
import { createPod, getPod, readyCluster, run } from '../support.ts';

const NODE = 'pool-1';

/** One machine whose kubelet is configured so, with a Pod whose memory grows by 1 GiB a minute of 8. */
function configured(kubeletConfiguration: KubeletConfiguration, program = 'run'): Cluster {
  const cluster = readyCluster({ preset: 'empty' });
  cluster.admin().create(NODEPOOLS, {
    apiVersion: 'kubepad.dev/v1',
    kind: 'NodePool',
    metadata: { name: 'pool' },
    spec: draft<NodePoolSpec>({ count: 1, kubeletConfiguration }),
  });
  run(cluster, 60);
  assert.equal(nodeCondition(cluster, NODE, 'Ready').split(' ')[0], 'True');
  createPod(cluster, 'leak', program, { nodeName: NODE, terminationGracePeriodSeconds: 60 });
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

describe('a Pod that a soft threshold evicts', () => {
  /** Seconds from the eviction to the end of a container that does not heed SIGTERM, of the 60 that its Pod asks for. */
  const lastsAfter = (evictionMaxPodGracePeriod: number | undefined): number => {
    const soft: KubeletConfiguration = {
      evictionSoft: { 'memory.available': '7Gi' },
      evictionSoftGracePeriod: { 'memory.available': '10s' },
      ...(evictionMaxPodGracePeriod === undefined ? {} : { evictionMaxPodGracePeriod }),
    };
    const cluster = configured(soft, 'run; on-term ignore');
    leak(cluster);
    let told = Number.NaN;
    for (let second = 0; second < 300; second++) {
      run(cluster, 1);
      const evicted = cluster
        .admin()
        .list(EVENTS, 'default')
        .some(({ reason }) => reason === 'Evicted');
      if (evicted && Number.isNaN(told)) told = second;
      if (getPod(cluster, 'leak')?.status?.containerStatuses?.[0]?.state?.terminated !== undefined) return second - told;
    }
    return Number.NaN;
  };

  for (const [cap, least, most] of [
    [undefined, 0, 3],
    [20, 18, 23],
    [600, 58, 63],
  ] as const) {
    it(`gets ${cap === undefined ? 'no time' : `its own grace period but ${String(cap)} s at most`}`, () => {
      const seconds = lastsAfter(cap);
      assert.ok(seconds >= least && seconds <= most, String(seconds));
    });
  }
});

describe('a minimum reclaim', () => {
  it('keeps the pressure up until so much more than the threshold is free', () => {
    const pressureAt = (reclaim: string | undefined): string => {
      const cluster = configured({
        evictionHard: { 'memory.available': '6Gi' },
        evictionPressureTransitionPeriod: '10s',
        ...(reclaim === undefined ? {} : { evictionMinimumReclaim: { 'memory.available': reclaim } }),
      });
      leak(cluster);
      run(cluster, 180);
      assert.equal(getPod(cluster, 'leak')?.status?.reason, 'Evicted');
      return pressure(cluster);
    };
    // With the Pod gone all 8 GiB are free: enough for 6 and 2, but for no more.
    assert.deepEqual([undefined, '2Gi', '2100Mi'].map(pressureAt), ['False', 'False', 'True']);
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
