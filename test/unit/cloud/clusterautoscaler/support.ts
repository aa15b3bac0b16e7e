// Clusters whose pools have bounds, and what is asked of them.
import type { Draft } from '../../../../src/base/json.ts';
import { NODEPOOLS, type NodePoolSpec } from '../../../../src/api/kubepad/types.ts';
import { DEPLOYMENTS, EVENTS, NODES } from '../../../../src/api/schema/resources.ts';
import type { PodTemplateSpec } from '../../../../src/api/schema/types/core/v1.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../../src/cluster/options.ts';
import { run, START } from '../../kubelet/support.ts';

export function autoscaled(pools: Readonly<Record<string, Draft<NodePoolSpec>>>, options: Partial<ClusterOptions> = {}): Cluster {
  const cluster = Cluster.create({ seed: 'autoscaler', startTime: START, preset: 'empty', freeze: true, ...options });
  for (const [name, spec] of Object.entries(pools))
    cluster.admin().create(NODEPOOLS, { apiVersion: 'kubepad.dev/v1', kind: 'NodePool', metadata: { name }, spec });
  run(cluster, 20);
  return cluster;
}

/** A Deployment whose Pods ask for so much CPU. */
export function deploy(
  cluster: Cluster,
  name: string,
  replicas: number,
  cpu: string,
  template: Partial<Draft<PodTemplateSpec>> = {},
): void {
  const labels = { app: name };
  cluster.admin().create(DEPLOYMENTS, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, ...template.metadata },
        spec: {
          containers: [{ name: 'app', image: 'registry.k8s.io/pause:3.10', resources: { requests: { cpu } } }],
          terminationGracePeriodSeconds: 1,
          ...template.spec,
        },
      },
    },
  });
}

export function scale(cluster: Cluster, name: string, replicas: number): void {
  cluster.admin().modify(DEPLOYMENTS, 'default', name, (copy) => void (copy.spec!.replicas = replicas));
}

export function nodes(cluster: Cluster): string {
  return cluster
    .admin()
    .list(NODES)
    .map(({ metadata }) => metadata.name)
    .join(' ');
}

export function told(cluster: Cluster, reason: string): readonly string[] {
  return [
    ...new Set(
      cluster
        .admin()
        .list(EVENTS)
        .filter((event) => event.reason === reason)
        .map(({ message = '' }) => message),
    ),
  ].toSorted();
}

export const SMALL = { min: 1, max: 3, resources: { cpu: '2', memory: '4Gi', pods: '20' } };
