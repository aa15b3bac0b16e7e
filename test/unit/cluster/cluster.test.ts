import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/host/persistence/encode.ts';
import type { JsonObject } from '../../../src/base/json.ts';
import { DEPLOYMENTS, NODES, PODS } from '../../../src/api/schema/resources.ts';
import { NODEPOOLS } from '../../../src/api/kubepad/types.ts';
import { Cluster, type ClusterCheckpoint } from '../../../src/cluster/cluster.ts';
import { history, webDeployment } from './support.ts';

const START = Date.UTC(2026, 0, 1);

function busyCluster(seed: string): Cluster {
  const cluster = Cluster.create({ seed, startTime: START, preset: 'default', freeze: true });
  cluster.admin().create(DEPLOYMENTS, webDeployment(4));
  return cluster;
}

/** Does something to the cluster that depends only on `act`. */
function disturb(cluster: Cluster, act: number): void {
  const admin = cluster.admin();
  const pod = admin.list(PODS, 'default')[act % 5];
  if (act % 3 === 0) admin.modify(DEPLOYMENTS, 'default', 'web', (copy) => void (copy.spec!.replicas = act % 6));
  else if (act % 3 === 1 && pod !== undefined) admin.delete(PODS, 'default', pod.metadata.name ?? '');
  else admin.modify(NODES, '', 'worker-2', (node) => void ((node.metadata.annotations ??= {})['kubepad.dev/fault'] = 'NodeDown'));
}

describe('Cluster', () => {
  it('gives the same history for the same seed and inputs', () => {
    const [a, b] = [busyCluster('same'), busyCluster('same')];
    for (const cluster of [a, b]) {
      cluster.simulation.advance(START + 8_000);
      disturb(cluster, 2);
      cluster.simulation.advance(START + 90_000);
    }
    assert.equal(history(a), history(b));
  });

  it('goes on from a fork taken at any moment exactly as the original does', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 20 }), (events, act) => {
        const original = busyCluster('fork');
        original.simulation.advance(START + 20_000, { events });
        const fork = original.fork();
        for (const cluster of [original, fork]) {
          disturb(cluster, act);
          cluster.simulation.advance(START + 100_000);
        }
        assert.equal(history(fork), history(original));
      }),
      { numRuns: 12 },
    );
  });

  it('goes on from a checkpoint that was written as text', () => {
    const original = busyCluster('text');
    original.simulation.advance(START + 6_000);
    const text = encodeCheckpoint(original.checkpoint() as unknown as JsonObject);
    const restored = Cluster.restore(decodeCheckpoint(text) as unknown as ClusterCheckpoint);
    for (const cluster of [original, restored]) {
      disturb(cluster, 1);
      cluster.simulation.advance(START + 60_000);
    }
    assert.equal(history(restored), history(original));
  });

  it('does not let a fork touch the original', () => {
    const original = busyCluster('apart');
    original.simulation.advance(START + 6_000);
    const before = history(original);
    const fork = original.fork();
    fork.admin().delete(DEPLOYMENTS, 'default', 'web');
    fork.simulation.advance(START + 60_000);
    assert.equal(history(original), before);
    assert.equal(fork.admin().list(PODS, 'default').length, 0);
  });

  it('keeps a node pool at its size', () => {
    const cluster = busyCluster('pool');
    cluster.simulation.advance(START + 6_000);
    const admin = cluster.admin();
    const workers = (): readonly string[] =>
      admin
        .list(NODES)
        .map((node) => node.metadata.name ?? '')
        .filter((name) => name.startsWith('worker'));
    assert.deepEqual(workers(), ['worker-1', 'worker-2', 'worker-3']);
    admin.modify(NODEPOOLS, '', 'worker', (pool) => void ((pool.spec ??= {}).count = 5));
    cluster.simulation.advance(START + 20_000);
    assert.equal(workers().length, 5);
    assert.equal(admin.get(NODEPOOLS, '', 'worker')?.status?.nodes, 5);
    admin.modify(NODEPOOLS, '', 'worker', (pool) => void ((pool.spec ??= {}).count = 2));
    cluster.simulation.advance(START + 40_000);
    assert.deepEqual(workers(), ['worker-1', 'worker-2']);
    admin.delete(NODES, '', 'worker-1');
    cluster.simulation.advance(START + 60_000);
    assert.deepEqual(workers(), ['worker-1', 'worker-2']);
  });

  it('writes nothing but heartbeats in a steady state', () => {
    const cluster = busyCluster('steady');
    cluster.simulation.advance(START + 400_000);
    const before = cluster.api.store.revision;
    cluster.simulation.advance(START + 520_000);
    const written = cluster.api.store.resources().flatMap((resource) => cluster.api.store.since(resource, before) ?? []);
    assert.deepEqual([...new Set(written.map(({ resource }) => resource))], ['leases.coordination.k8s.io']);
  });
});
