// Clusters for benchmarks: made through the API as anyone would, with virtual time running free.

import assert from 'node:assert/strict';
import { DEPLOYMENTS, PODS } from '../../../src/api/schema/resources.ts';
import type { Deployment } from '../../../src/api/schema/types/apps/v1.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../src/cluster/options.ts';

const START = Date.UTC(2026, 0, 1);

export function newCluster(options: Partial<ClusterOptions> = {}): Cluster {
  const cluster = Cluster.create({ seed: 'bench', startTime: START, preset: 'default', ...options });
  cluster.simulation.advance(START + 10_000);
  return cluster;
}

/** A Deployment whose Pods are so small that a worker holds 110 of them. */
export function createDeployment(cluster: Cluster, name: string, replicas: number): void {
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'nginx:1.27', resources: { requests: { cpu: '10m', memory: '16Mi' } } }] },
      },
    },
  };
  cluster.admin().create(DEPLOYMENTS, deployment as never);
}

export function readyPods(cluster: Cluster): number {
  const pods = cluster.admin().list(PODS, 'default');
  return pods.filter((pod) => pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true).length;
}

/** Runs until so many Pods are Ready; fails after an hour of virtual time. */
export function runUntilReady(cluster: Cluster, pods: number): void {
  const { simulation } = cluster;
  const limit = simulation.now() + 3_600_000;
  while (readyPods(cluster) < pods) {
    assert.ok(simulation.now() < limit, `${readyPods(cluster)} of ${pods} Pods are Ready after an hour`);
    simulation.advance(simulation.now() + 1_000);
  }
}
