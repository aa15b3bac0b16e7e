// A cluster in this process for tests of controllers; its nodes run Pods at once.
import type { DeploymentSpec } from '../../../src/api/schema/types/apps/v1.ts';
import type { Pod, PodTemplateSpec } from '../../../src/api/schema/types/core/v1.ts';
import type { Draft } from '../../../src/base/json.ts';
import { DEPLOYMENTS, PODS } from '../../../src/api/schema/resources.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../src/cluster/options.ts';

export const START = Date.parse('2026-01-05T10:00:00Z');

export function newCluster(options: Partial<ClusterOptions> = {}): Cluster {
  const cluster = Cluster.create({
    seed: 'controllers',
    startTime: START,
    preset: 'empty',
    nodes: 3,
    kubelet: 'fast',
    freeze: true,
    ...options,
  });
  cluster.simulation.runUntil('settled');
  return cluster;
}

export function podTemplate(app: string, image = 'nginx:1'): Draft<PodTemplateSpec> {
  return { metadata: { labels: { app } }, spec: { containers: [{ name: 'main', image }] } };
}

/** A Deployment `web` in `default`, with the defaults that a decoded one would have. */
export function createDeployment(cluster: Cluster, replicas: number, spec: Partial<Draft<DeploymentSpec>> = {}): void {
  cluster.admin().create(DEPLOYMENTS, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: podTemplate('web'), ...spec },
  });
}

export function setImage(cluster: Cluster, image: string): void {
  cluster.admin().modify(DEPLOYMENTS, 'default', 'web', (deployment) => {
    deployment.spec!.template.spec!.containers[0]!.image = image;
  });
}

export function podsOf(cluster: Cluster): readonly Pod[] {
  return cluster.admin().list(PODS, 'default');
}

/** Every write since the beginning as text: equal histories are equal texts. */
export function recordHistory(cluster: Cluster): string[] {
  const lines: string[] = [];
  cluster.api.store.onRevision((revision) => lines.push(JSON.stringify(revision)));
  return lines;
}
