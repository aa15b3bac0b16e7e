// Speed and memory of the whole cluster in one process.

import { NODES, PODS } from '../../src/api/schema/resources.ts';
import { type Benchmark, best, growth, heapMegabytes, percentile, timed } from './support/benchmark.ts';
import { createDeployment, newCluster, runUntilReady } from './support/clusters.ts';

/** Milliseconds of wall time from the create request to the last Pod's Ready, and the events this took. */
function deploy(replicas: number, nodes: number) {
  const cluster = newCluster({ nodes });
  const before = cluster.simulation.eventsHandled;
  const ms = timed(() => {
    createDeployment(cluster, 'web', replicas);
    runUntilReady(cluster, replicas);
  });
  return { ms, events: cluster.simulation.eventsHandled - before, cluster };
}

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'Deployment of 300, apply to all Ready',
    unit: 's',
    target: { atMost: 0.1 },
    reference: 'real control plane with KWOK 2.0 s',
    run: () => {
      deploy(30, 3);
      const half = best(3, () => deploy(150, 3).ms);
      const { events } = deploy(300, 3);
      const whole = best(3, () => deploy(300, 3).ms);
      return { value: whole / 1000, counts: { events }, exponent: growth(half, whole) };
    },
  },
  {
    name: '10,000 Pods to Running on 1,000 nodes',
    unit: 's',
    target: { atMost: 5 },
    reference: 'KWOK 135 Pods/s = 74 s',
    run: () => {
      const { ms, events } = deploy(10_000, 1_000);
      return { value: ms / 1000, counts: { events } };
    },
  },
  {
    name: 'an hour of virtual time, 100 nodes, 1,000 Pods, steady',
    unit: 's',
    target: { atMost: 2 },
    run: () => {
      const { cluster } = deploy(1_000, 100);
      const { simulation, api } = cluster;
      const events = simulation.eventsHandled;
      const revision = api.store.revision;
      const ms = timed(() => simulation.advance(simulation.now() + 3_600_000));
      return { value: ms / 1000, counts: { events: simulation.eventsHandled - events, writes: api.store.revision - revision } };
    },
  },
  {
    name: 'memory of 100 nodes, 3,000 Pods',
    unit: 'MB',
    target: { atMost: 200 },
    run: () => {
      const before = heapMegabytes();
      const { cluster } = deploy(3_000, 100);
      const value = heapMegabytes() - before;
      return { value, counts: { revisions: cluster.api.store.revision } };
    },
  },
  {
    name: 'fork of a cluster with 3,000 Pods',
    unit: 'ms',
    target: { atMost: 20 },
    run: () => {
      const { cluster } = deploy(3_000, 100);
      return { value: best(5, () => timed(() => void cluster.fork())) };
    },
  },
  {
    name: 'a write (Pod label) beside 1,000 nodes and 10,000 Pods, p99',
    unit: 'ms',
    target: { atMost: 2 },
    run: () => {
      const { cluster } = deploy(10_000, 1_000);
      const admin = cluster.admin();
      const pods = admin.list(PODS, 'default').slice(0, 2_000);
      const samples = pods.map((pod) =>
        timed(() => {
          admin.modify(PODS, 'default', pod.metadata.name ?? '', (draft) => {
            draft.metadata.labels = { ...draft.metadata.labels, touched: 'yes' };
          });
        }),
      );
      return {
        value: percentile(samples, 0.99),
        note: `median ${percentile(samples, 0.5).toFixed(3)} ms`,
        counts: { nodes: admin.list(NODES).length },
      };
    },
  },
];
