// A cluster in this process for tests of controllers; its nodes run Pods at once.
import type { DeploymentSpec } from '../../../src/api/schema/types/apps/v1.ts';
import type { Pod, PodTemplateSpec } from '../../../src/api/schema/types/core/v1.ts';
import type { Draft } from '../../../src/base/json.ts';
import { DEPLOYMENTS, EVENTS, NODES, PODS } from '../../../src/api/schema/resources.ts';
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

/** Nodes without a kubelet, ready and free of taints, in a cluster whose nodes nobody watches over: the test says what Pods do. */
export function newManualCluster(nodes: number, options: Partial<ClusterOptions> = {}): Cluster {
  const controllers = ['*', '-node-lifecycle-controller', '-taint-eviction-controller'];
  const cluster = newCluster({ nodes: 0, kubelet: 'manual', controllers, ...options });
  const room = { cpu: '8', memory: '8Gi', pods: '110' };
  for (let i = 0; i < nodes; i++) {
    cluster.admin().create(NODES, {
      metadata: { name: `n${i}`, labels: { 'kubernetes.io/hostname': `n${i}` } },
      status: { capacity: room, allocatable: room, conditions: [{ type: 'Ready', status: 'True' }] },
    });
    cluster.admin().modify(NODES, '', `n${i}`, (node) => void delete node.spec?.taints);
  }
  return cluster;
}

/** As a kubelet says that a Pod runs, and whether it is ready. */
export function reportPod(cluster: Cluster, pod: Pod, ready: boolean): void {
  const lastTransitionTime = new Date(cluster.simulation.now()).toISOString().replace('.000Z', 'Z');
  cluster.admin().modify(
    PODS,
    pod.metadata.namespace!,
    pod.metadata.name!,
    (copy) => {
      copy.status = {
        ...copy.status,
        phase: 'Running',
        conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime }],
      };
    },
    'status',
  );
}

/** The events with a reason, as texts. */
export function said(cluster: Cluster, reason: string): readonly string[] {
  return cluster
    .admin()
    .list(EVENTS, 'default')
    .filter((event) => event.reason === reason)
    .map(({ message }) => message ?? '');
}
