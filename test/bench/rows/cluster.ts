import { DEPLOYMENTS, PODS } from '../../../src/api/schema/resources.ts';
import { best, count, heapUsed, quantile, seconds, timed, type Measurement, type Row } from '../row.ts';
import { addNodes, deployment, newCluster, runUntilReady } from './support.ts';

export const CLUSTER_ROWS: readonly Row[] = [
  {
    id: 'deployment-300',
    what: 'Deployment of 300 replicas, apply to all Ready',
    target: '≤ 0.1 s',
    peer: 'control plane with KWOK: 2.0 s',
    run: () => rollOut(300, 0.1),
  },
  {
    id: 'deployment-1000',
    what: 'Deployment of 1,000 replicas on 20 nodes, apply to all Ready',
    target: '≤ 0.5 s',
    peer: 'control plane with KWOK: 7.4 s',
    run: () => rollOut(1000, 0.5),
  },
  {
    id: 'pods-10000',
    what: '10,000 Pods to Running on 1,000 nodes',
    target: '≥ 2,000 Pods/s',
    peer: 'control plane with KWOK: 135 Pods/s',
    run: async () => {
      const cluster = newCluster({ preset: 'empty', kubelet: 'fast' });
      addNodes(cluster.admin(), 1000);
      cluster.simulation.runUntil('settled');
      const before = cluster.api.store.revision;
      const ms = await timed(() => {
        for (let i = 0; i < 10; i++) cluster.admin().create(DEPLOYMENTS, deployment(`app-${i}`, 1000));
        runUntilReady(cluster, 10_000);
      });
      const rate = 10_000 / (ms / 1000);
      return {
        value: `${count(rate)} Pods/s (${seconds(ms)})`,
        meetsTarget: rate >= 2000,
        meetsPeer: rate >= 135,
        work: `${count(cluster.api.store.revision - before)} writes`,
      };
    },
  },
  {
    id: 'steady-hour',
    what: 'an hour of virtual time, 100 nodes, 1,000 Pods, steady',
    target: '≤ 2 s',
    peer: '',
    run: async () => {
      const cluster = newCluster({ preset: 'empty' });
      addNodes(cluster.admin(), 100);
      cluster.admin().create(DEPLOYMENTS, deployment('app', 1000));
      runUntilReady(cluster, 1000);
      cluster.simulation.runUntil('stable');
      const { simulation, api } = cluster;
      const [events, writes] = [simulation.eventsHandled, api.store.revision];
      const ms = await timed(() => simulation.advance(simulation.now() + 3_600_000));
      return {
        value: seconds(ms),
        meetsTarget: ms <= 2000,
        meetsPeer: true,
        work: `${count(simulation.eventsHandled - events)} events, ${count(api.store.revision - writes)} writes`,
      };
    },
  },
  {
    id: 'memory-100',
    what: 'memory of a cluster of 100 nodes, 3,000 Pods',
    target: '≤ 200 MB',
    peer: 'control plane with KWOK: 1.0 GB',
    run: async () => {
      const before = heapUsed();
      const cluster = newCluster({ preset: 'empty', kubelet: 'fast' });
      addNodes(cluster.admin(), 100);
      cluster.admin().create(DEPLOYMENTS, deployment('app', 3000));
      runUntilReady(cluster, 3000);
      const megabytes = (heapUsed() - before) / 1e6;
      return Promise.resolve({
        value: `${Math.round(megabytes)} MB`,
        meetsTarget: megabytes <= 200,
        meetsPeer: megabytes <= 1000,
        work: `${count(cluster.api.store.count('pods'))} Pods`,
      });
    },
  },
  {
    id: 'fork-3000',
    what: 'fork of a cluster with 3,000 Pods',
    target: '≤ 20 ms',
    peer: '',
    run: async () => {
      const cluster = newCluster({ preset: 'empty' });
      addNodes(cluster.admin(), 100);
      cluster.admin().create(DEPLOYMENTS, deployment('app', 3000));
      runUntilReady(cluster, 3000);
      const ms = await best(5, () => cluster.fork());
      return { value: seconds(ms), meetsTarget: ms <= 20, meetsPeer: true };
    },
  },
  {
    id: 'write-p99',
    what: 'a write with 1,000 nodes and 30,000 Pods present, p99',
    target: '≤ 2 ms',
    peer: 'service level of a real cluster: 1 s',
    run: async () => {
      const cluster = newCluster({ preset: 'empty', kubelet: 'fast' });
      addNodes(cluster.admin(), 1000);
      for (let i = 0; i < 30; i++) cluster.admin().create(DEPLOYMENTS, deployment(`app-${i}`, 1000));
      runUntilReady(cluster, 30_000);
      const samples: number[] = [];
      const client = cluster.admin();
      for (const pod of client.list(PODS).slice(0, 2000)) {
        const { namespace = '', name = '' } = pod.metadata;
        samples.push(
          await timed(() => client.modify(PODS, namespace, name, (copy) => void ((copy.metadata.labels ??= {})['bench'] = 'yes'))),
        );
      }
      const ms = quantile(samples, 0.99);
      return { value: seconds(ms), meetsTarget: ms <= 2, meetsPeer: ms <= 1000, work: `${count(samples.length)} writes` };
    },
  },
];

async function rollOut(replicas: number, targetSeconds: number): Promise<Measurement> {
  let work = '';
  const run = async (): Promise<number> => {
    const cluster = newCluster({ preset: 'empty' });
    addNodes(cluster.admin(), 20);
    cluster.simulation.runUntil('settled');
    const { simulation, api } = cluster;
    const [events, writes] = [simulation.eventsHandled, api.store.revision];
    const ms = await timed(() => {
      cluster.admin().create(DEPLOYMENTS, deployment('web', replicas));
      runUntilReady(cluster, replicas);
    });
    work = `${count(simulation.eventsHandled - events)} events, ${count(api.store.revision - writes)} writes`;
    return ms;
  };
  let ms = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) ms = Math.min(ms, await run());
  const peerSeconds = replicas <= 300 ? 2.0 : 7.4;
  return { value: seconds(ms), meetsTarget: ms <= targetSeconds * 1000, meetsPeer: ms <= peerSeconds * 1000, work };
}
