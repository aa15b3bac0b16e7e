import { DEPLOYMENTS, EVENTS, HORIZONTALPODAUTOSCALERS } from '../../../../src/api/schema/resources.ts';
import type { HorizontalPodAutoscaler, MetricSpec } from '../../../../src/api/schema/types/autoscaling/v2.ts';
import type { Draft } from '../../../../src/base/json.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import type { ClusterOptions } from '../../../../src/cluster/options.ts';

/** A Deployment `web` and autoscalers of it. */
export class World {
  readonly cluster: Cluster;

  constructor(options: Partial<ClusterOptions> = { kubelet: 'fast', metrics: false }) {
    this.cluster = Cluster.create({ seed: 's', startTime: 0, preset: 'empty', nodes: 1, freeze: true, ...options });
  }

  deploy(name: string, replicas: number): void {
    this.cluster.admin().create(DEPLOYMENTS, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'default' },
      spec: {
        replicas,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '1' } } }] },
        },
      },
    });
  }

  scale(
    name: string,
    metrics: readonly Draft<MetricSpec>[],
    limits: { min?: number; max: number } = { max: 10 },
    kind = 'Deployment',
  ): void {
    this.cluster.admin().create(HORIZONTALPODAUTOSCALERS, {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name, namespace: 'default' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind, name: 'web' },
        maxReplicas: limits.max,
        ...(limits.min === undefined ? {} : { minReplicas: limits.min }),
        metrics: [...metrics],
      },
    });
  }

  run(ms: number): void {
    this.cluster.simulation.advance(this.cluster.simulation.now() + ms);
  }

  hpa(name = 'hpa'): HorizontalPodAutoscaler | undefined {
    return this.cluster.admin().get(HORIZONTALPODAUTOSCALERS, 'default', name);
  }

  condition(type: string, name = 'hpa'): string {
    const found = this.hpa(name)?.status?.conditions?.find((each) => each.type === type);
    return `${found?.status} ${found?.reason}: ${found?.message}`;
  }

  said(reason: string): string | undefined {
    return this.cluster
      .admin()
      .list(EVENTS, 'default')
      .find((event) => event.reason === reason)?.message;
  }

  replicas(): number | undefined {
    return this.cluster.admin().get(DEPLOYMENTS, 'default', 'web')?.spec?.replicas;
  }
}
