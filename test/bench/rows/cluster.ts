import { DEPLOYMENTS } from '../../../src/api/schema/resources.ts';
import { count, exponent, heapUsed, quantile, row, seconds, timed, timedWithCpu, type Measurement, type Row, type Times } from '../row.ts';
import { SLICE_MS } from '../../../src/host/driver.ts';
import { summaryOf } from '../../../src/host/worker/forecast/forecast.ts';
import { lookAhead, type RunContext } from '../../../src/host/worker/forecast/run.ts';
import { createApiJudge } from '../../../src/manifest/apiJudge.ts';
import { addNodes, deployment, newCluster, runUntilReady } from './support.ts';

export const CLUSTER_ROWS: readonly Row[] = [
  row(
    'deployment-300',
    { what: 'Deployment of 300 replicas, apply to all Ready', target: '≤ 0.1 s', peer: 'control plane with KWOK: 2.0 s' },
    () => rollOut(300, 100, 2_000),
  ),
  row(
    'deployment-1000',
    { what: 'Deployment of 1,000 replicas on 20 nodes, apply to all Ready', target: '', peer: 'control plane with KWOK: 7.4 s' },
    () => rollOut(1_000, Number.POSITIVE_INFINITY, 7_400),
  ),
  row(
    'pods-10000',
    { what: '10,000 Pods to Running on 1,000 nodes', target: '≥ 2,000 Pods/s', peer: 'control plane with KWOK: 135 Pods/s' },
    async () => {
      const small = await fill(5);
      const large = await fill(10);
      const rate = 10_000 / (large.ms / 1000);
      return {
        value: `${count(rate)} Pods/s (${seconds(large.ms)})`,
        meetsTarget: rate >= 2000,
        meetsPeer: rate >= 135,
        work: `${count(large.writes)} writes, ${seconds(large.cpuMs)} of CPU; growth exponent ${exponent(small.ms, large.ms, 2)}`,
      };
    },
  ),
  row('steady-hour', { what: 'an hour of virtual time, 100 nodes, 1,000 Pods, steady', target: '≤ 2 s', peer: '' }, async () => {
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
  }),
  row(
    'memory-100',
    { what: 'memory of a cluster of 100 nodes, 3,000 Pods', target: '≤ 200 MB', peer: 'control plane with KWOK: 1.0 GB' },
    async () => {
      const before = heapUsed();
      const cluster = newCluster({ preset: 'empty' });
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
  ),
  row(
    'fork-3000',
    { what: 'fork of a cluster with 3,000 Pods, a second of virtual time after the last', target: '≤ 20 ms', peer: '' },
    async () => {
      const cluster = newCluster({ preset: 'empty' });
      addNodes(cluster.admin(), 100);
      cluster.admin().create(DEPLOYMENTS, deployment('app', 3000));
      runUntilReady(cluster, 3000);
      const first = await timed(() => cluster.fork());
      const samples: number[] = [];
      for (let i = 0; i < 20; i++) {
        cluster.simulation.advance(cluster.simulation.now() + 1_000);
        samples.push(await timed(() => cluster.fork()));
      }
      const ms = quantile(samples, 0.5);
      return { value: seconds(ms), meetsTarget: ms <= 20, meetsPeer: true, work: `the first fork of the process: ${seconds(first)}` };
    },
  ),
  row(
    'forecast-3000',
    { what: 'forecast of an edit of a Deployment of 30 replicas, cluster with 3,000 Pods', target: '≤ 0.5 s', peer: '' },
    async () => {
      const cluster = newCluster({ preset: 'empty' });
      addNodes(cluster.admin(), 100);
      cluster.admin().create(DEPLOYMENTS, deployment('app', 2970));
      cluster.admin().create(DEPLOYMENTS, deployment('web', 30));
      runUntilReady(cluster, 3000);
      cluster.simulation.runUntil('stable');
      const { apiVersion, kind, metadata, spec } = structuredClone(deployment('web', 30));
      const container = spec?.template.spec?.containers?.[0];
      if (container !== undefined) container.image = 'registry.test/web:2';
      const files = [{ uri: 'file:///web.json', text: JSON.stringify({ apiVersion, kind, metadata, spec }) }];
      let longest = 0;
      let begin = 0;
      const slice = (): void => {
        longest = Math.max(longest, performance.now() - begin);
        begin = performance.now();
      };
      const context: RunContext = {
        cluster,
        judge: createApiJudge(),
        token: { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) },
        budget: 100_000,
        expired: () => performance.now() - begin >= SLICE_MS,
        turn: () => Promise.resolve(slice()),
      };
      let work = '';
      const samples: number[] = [];
      for (let i = 0; i < 5; i++) {
        cluster.simulation.advance(cluster.simulation.now() + 1_000);
        begin = performance.now();
        longest = 0;
        const ms = await timed(async () => {
          const run = await lookAhead(context, { files, namespace: 'default' });
          if (run === undefined) throw new Error('the forecast was cancelled');
          const { documents } = summaryOf(run, { files, namespace: 'default' });
          slice();
          const { simulation } = run.fork;
          work = `${documents[0]?.text ?? ''}: ${count(simulation.eventsHandled - cluster.simulation.eventsHandled)} events, longest slice ${seconds(longest)}`;
        });
        samples.push(ms);
      }
      const ms = quantile(samples, 0.5);
      return { value: seconds(ms), meetsTarget: ms <= 500, meetsPeer: true, work };
    },
  ),
];

async function fill(deployments: number): Promise<Times & { readonly writes: number }> {
  const cluster = newCluster({ preset: 'empty', kubelet: 'fast' });
  addNodes(cluster.admin(), 1000);
  cluster.simulation.runUntil('settled');
  const before = cluster.api.store.revision;
  const times = await timedWithCpu(() => {
    for (let i = 0; i < deployments; i++) cluster.admin().create(DEPLOYMENTS, deployment(`app-${i}`, 1000));
    runUntilReady(cluster, deployments * 1000);
  });
  return { ...times, writes: cluster.api.store.revision - before };
}

async function rollOut(replicas: number, targetMs: number, peerMs: number): Promise<Measurement> {
  let work = '';
  const run = async (wanted: number): Promise<Times> => {
    const cluster = newCluster({ preset: 'empty' });
    addNodes(cluster.admin(), 20);
    cluster.simulation.runUntil('settled');
    const { simulation, api } = cluster;
    const [events, writes] = [simulation.eventsHandled, api.store.revision];
    const times = await timedWithCpu(() => {
      cluster.admin().create(DEPLOYMENTS, deployment('web', wanted));
      runUntilReady(cluster, wanted);
    });
    work = `${count(simulation.eventsHandled - events)} events, ${count(api.store.revision - writes)} writes`;
    return times;
  };
  const half = await fastest(() => run(replicas / 2));
  const { ms, cpuMs } = await fastest(() => run(replicas));
  return {
    value: seconds(ms),
    meetsTarget: ms <= targetMs,
    meetsPeer: ms <= peerMs,
    work: `${work}, ${seconds(cpuMs)} of CPU; growth exponent ${exponent(half.ms, ms, 2)}`,
  };
}

async function fastest(run: () => Promise<Times>): Promise<Times> {
  let least: Times = { ms: Number.POSITIVE_INFINITY, cpuMs: Number.POSITIVE_INFINITY };
  for (let i = 0; i < 12; i++) {
    const { ms, cpuMs } = await run();
    least = { ms: Math.min(least.ms, ms), cpuMs: Math.min(least.cpuMs, cpuMs) };
  }
  return least;
}
