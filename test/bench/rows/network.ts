import { DEPLOYMENTS, SERVICES } from '../../../src/api/schema/resources.ts';
import { LOADS, type Load } from '../../../src/api/kubepad/load/types.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { count, row, seconds, timedWithCpu, type Measurement, type Row } from '../row.ts';
import { addNodes, deployment, newCluster, runUntilReady } from './support.ts';

const PODS = 1_000;
const RATE = 10_000;
const MINUTE_MS = 60_000;

export const NETWORK_ROWS: readonly Row[] = [
  row(
    'load-1000',
    { what: 'a minute of virtual time, 1,000 Pods behind a Service under 10,000 requests/s', target: '≥ 10 × real time', peer: '' },
    () => measure(() => undefined),
  ),
  row('load-rollout', { what: 'the same during a rolling update of the Pods', target: '≥ 10 × real time', peer: '' }, () =>
    measure((cluster) => {
      cluster.admin().modify(DEPLOYMENTS, 'default', 'web', ({ spec }) => {
        if (spec !== undefined) spec.template.metadata = { ...spec.template.metadata, annotations: { version: '2' } };
      });
    }),
  ),
];

async function measure(act: (cluster: Cluster) => void): Promise<Measurement> {
  const cluster = loaded();
  const before = cluster.simulation.eventsHandled;
  const { ms, cpuMs } = await timedWithCpu(() => {
    act(cluster);
    cluster.simulation.advance(cluster.simulation.now() + MINUTE_MS);
  });
  const { sent = 0, failed = 0 } = cluster.admin().get<Load>(LOADS, '', 'load')?.status ?? {};
  if (sent < RATE * 50) throw new Error(`only ${sent} requests were sent`);
  return {
    value: `${(MINUTE_MS / ms).toFixed(0)} × real time (${seconds(ms)})`,
    meetsTarget: MINUTE_MS / ms >= 10,
    meetsPeer: true,
    work: `${count(sent)} requests, ${count(failed)} lost, ${count(cluster.simulation.eventsHandled - before)} events, ${seconds(cpuMs)} of CPU`,
  };
}

function loaded(): Cluster {
  const cluster = newCluster({ preset: 'empty' });
  const client = cluster.admin();
  addNodes(client, 20);
  const web = deployment('web', PODS);
  for (const container of web.spec?.template.spec?.containers ?? []) {
    // An image that nobody knows serves every port.
    container.image = 'registry.test/web:1';
    container.readinessProbe = { httpGet: { port: 80, path: '/', scheme: 'HTTP' }, periodSeconds: 10 };
  }
  client.create(DEPLOYMENTS, web);
  client.create(SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }], sessionAffinity: 'None', type: 'ClusterIP' },
  });
  runUntilReady(cluster, PODS);
  cluster.simulation.runUntil('settled');
  client.create(LOADS, {
    apiVersion: 'kubepad.dev/v1',
    kind: 'Load',
    metadata: { name: 'load' },
    spec: { target: { service: { name: 'web' } }, rate: { requestsPerSecond: RATE } },
  });
  cluster.simulation.advance(cluster.simulation.now() + 10_000);
  return cluster;
}
