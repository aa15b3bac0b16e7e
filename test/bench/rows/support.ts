import { DEPLOYMENTS, NODES, PODS } from '../../../src/api/schema/resources.ts';
import type { Deployment } from '../../../src/api/schema/types/apps/v1.ts';
import { decodeValue } from '../../../src/api/decodeBody.ts';
import type { Draft } from '../../../src/base/json.ts';
import type { Client } from '../../../src/client/client.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../src/cluster/options.ts';

export const START = Date.UTC(2026, 0, 1);

export function newCluster(options: Partial<ClusterOptions> = {}): Cluster {
  const cluster = Cluster.create({ seed: 'bench', startTime: START, preset: 'default', ...options });
  cluster.simulation.runUntil('settled');
  return cluster;
}

export function deployment(name: string, replicas: number, cpu = '10m'): Draft<Deployment> {
  const manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.10', resources: { requests: { cpu, memory: '8Mi' } } }] },
      },
    },
  };
  const decoded = decodeValue(DEPLOYMENTS, manifest, 'Strict');
  if (!decoded.ok) throw new Error(decoded.status.message);
  return decoded.object as Draft<Deployment>;
}

export function readyPods(client: Client): number {
  return client
    .list(PODS)
    .filter((pod) => pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true).length;
}

/** Adds worker nodes of 32 CPU, 64 GiB, 110 Pods in three zones. */
export function addNodes(client: Client, count: number): void {
  const capacity = { cpu: '32', memory: '64Gi', pods: '110', 'ephemeral-storage': '100Gi' };
  for (let i = 0; i < count; i++) {
    const name = `node-${i}`;
    client.create(NODES, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': `zone-${i % 3}` } },
      spec: {},
      status: { capacity: { ...capacity }, allocatable: { ...capacity } },
    });
  }
}

/** Runs free until the wanted number of Pods is Ready; at most an hour of virtual time. @throws Error if it never is */
export function runUntilReady(cluster: Cluster, wanted: number): void {
  const client = cluster.admin();
  const end = cluster.simulation.now() + 3_600_000;
  while (cluster.simulation.now() < end) {
    cluster.simulation.advance(cluster.simulation.now() + 1_000);
    if (readyPods(client) >= wanted) return;
  }
  throw new Error(`only ${readyPods(client)} of ${wanted} Pods became Ready`);
}
