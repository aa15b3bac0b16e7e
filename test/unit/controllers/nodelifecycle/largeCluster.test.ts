import assert from 'node:assert/strict';
import type { Draft } from '../../../../src/base/json.ts';
import { FAULTS, type Fault, type FaultSpec } from '../../../../src/api/kubepad/types.ts';
import { NODES } from '../../../../src/api/schema/resources.ts';
import type { Node } from '../../../../src/api/schema/types/core/v1.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { WaitingNodes } from '../../../../src/controllers/nodelifecycle/waitingNodes.ts';

const UNREACHABLE = 'node.kubernetes.io/unreachable';

describe('nodes that wait for their taint', () => {
  it('leave by time, those of one instant the last first, and not when they are well again', () => {
    const waiting = new WaitingNodes();
    for (const [node, at] of [
      ['a', 1],
      ['b', 1],
      ['c', 1],
      ['d', 2],
      ['a', 3],
    ] as const)
      waiting.add(node, at);
    waiting.remove('b');
    waiting.add('b', 4);
    const copy = new WaitingNodes();
    copy.restore(waiting.checkpoint());
    for (const queue of [waiting, copy]) {
      assert.equal(queue.size, 4);
      assert.deepEqual([queue.take(), queue.take(), queue.take(), queue.take(), queue.take()], ['c', 'a', 'd', 'b', undefined]);
    }
  });
});

describe('a cluster of three large zones', function () {
  this.timeout(60_000);
  const tainted = (cluster: Cluster, zone?: string): number =>
    cluster
      .admin()
      .list(NODES)
      .filter(
        ({ metadata, spec }: Node) =>
          (zone === undefined || metadata.labels?.['topology.kubernetes.io/zone'] === zone) &&
          spec?.taints?.some(({ key, effect }) => key === UNREACHABLE && effect === 'NoExecute') === true,
      ).length;
  const silent = (cluster: Cluster): number =>
    cluster
      .admin()
      .list(NODES)
      .filter(({ status }) => status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'Unknown')).length;
  let base: Cluster;
  const broken = (name: string, ...specs: FaultSpec[]): Cluster => {
    const cluster = base.fork();
    specs.forEach((spec, index) => {
      const object = { apiVersion: 'kubepad.dev/v1', kind: 'Fault', metadata: { name: `${name}-${index}` }, spec } as Draft<Fault>;
      cluster.admin().create(FAULTS, object);
    });
    return cluster;
  };
  const run = (cluster: Cluster, seconds: number): void => void cluster.simulation.advance(cluster.simulation.now() + seconds * 1000);
  before(() => {
    base = Cluster.create({ seed: 'zones', startTime: Date.UTC(2026, 0, 1), preset: 'large', nodes: 300, kubelet: 'fast' });
    run(base, 30);
  });

  it('taints one node in ten seconds where a few are silent', () => {
    const cluster = broken(
      'few',
      ...Array.from({ length: 30 }, (_, index): FaultSpec => ({ type: 'NodeDown', target: { node: `worker-${3 * index + 1}` } })),
    );
    run(cluster, 120);
    assert.equal(silent(cluster), 30);
    const before = tainted(cluster);
    run(cluster, 100);
    assert.equal(tainted(cluster) - before, 10);
  });

  it('taints as fast in a zone that is down as a whole', () => {
    const cluster = broken('zone', { type: 'ZoneDown', target: { zone: 'zone-b' } });
    run(cluster, 120);
    const before = tainted(cluster);
    run(cluster, 100);
    assert.deepEqual([tainted(cluster) - before, tainted(cluster, 'zone-a')], [10, 0]);
  });

  it('taints one node in a hundred seconds where more than 55 % of a zone are silent', () => {
    const off = base
      .admin()
      .list(NODES)
      .filter(({ metadata }) => metadata.labels?.['topology.kubernetes.io/zone'] === 'zone-c')
      .slice(0, 60)
      .map(({ metadata }): FaultSpec => ({ type: 'NodeDown', target: { node: metadata.name ?? '' } }));
    const cluster = broken('most', ...off);
    run(cluster, 120);
    assert.equal(silent(cluster), 60);
    const before = tainted(cluster);
    run(cluster, 500);
    assert.equal(tainted(cluster) - before, 5);
  });

  it('taints none where all nodes of all zones are silent, and takes back what it had', () => {
    const cluster = broken('all', ...['zone-a', 'zone-b', 'zone-c'].map((zone): FaultSpec => ({ type: 'ZoneDown', target: { zone } })));
    run(cluster, 300);
    assert.deepEqual([silent(cluster), tainted(cluster)], [301, 0]);
  });
});
