import { parseDuration } from '../../api/kubepad/duration.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { matches, type Selector } from '../../apimachinery/labels/selector.ts';
import { formatTime, parseTime } from '../../apimachinery/meta/time.ts';
import { quantity } from '../../apimachinery/quantity/quantity.ts';
import type { Client } from '../../client/client.ts';
import { podsSelected } from '../../client/selection.ts';
import type { PodUsage } from '../runtime/environment.ts';

/** What the metrics API says of one Pod. */
export interface PodMetric {
  /** Thousandths of the resource's unit. */
  readonly milli: number;
  /** When the sample was taken, milliseconds since 1970. */
  readonly at: number;
  readonly windowMs: number;
}

/** By name of the Pod. */
export type PodMetrics = Map<string, PodMetric>;

interface PodMetricsObject extends KubeObject {
  readonly timestamp?: string;
  readonly window?: string;
  readonly containers?: readonly { readonly name: string; readonly usage?: Readonly<Record<string, string>> }[];
}

const POD_METRICS = { group: 'metrics.k8s.io', plural: 'pods' };

/** Where metrics come from: custom resources of a definition that somebody made, else what is measured, if it is. */
export interface MetricsSource {
  readonly client: Client;
  readonly podUsage: PodUsage | undefined;
  readonly nowMs: number;
}

/** How often the simulation's own metrics are taken. */
const WINDOW = '15s';

function metricsOf(
  { client, podUsage, nowMs }: MetricsSource,
  namespace: string,
  selector: Selector,
): readonly PodMetricsObject[] | undefined {
  if (client.api.strategy(POD_METRICS) !== undefined) {
    const stored = client.api.store.list('pods.metrics.k8s.io', namespace) as readonly PodMetricsObject[];
    return stored.filter(({ metadata }) => matches(selector, metadata.labels));
  }
  if (podUsage === undefined) return undefined;
  const timestamp = formatTime(nowMs);
  return podsSelected(client, namespace, selector).flatMap((pod) => {
    const containers = podUsage(pod).map(({ name, nanoCpu, memoryBytes }) => ({
      name,
      usage: { cpu: `${nanoCpu}n`, memory: `${Math.ceil(memoryBytes / 1024)}Ki` },
    }));
    return containers.length === 0 ? [] : [{ metadata: pod.metadata, timestamp, window: WINDOW, containers }];
  });
}

/**
 * The use of a resource by the Pods of a selector, of one container or of all together; the text of an error otherwise.
 * Counterpart: resourceMetricsClient of k8s.io/kubernetes/pkg/controller/podautoscaler/metrics.
 */
export function resourceMetrics(
  source: MetricsSource,
  namespace: string,
  selector: Selector,
  resource: string,
  container: string | undefined,
): PodMetrics | string {
  const items = metricsOf(source, namespace, selector);
  if (items === undefined) {
    return 'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)';
  }
  if (items.length === 0) return 'no metrics returned from resource metrics API';
  const found: PodMetrics = new Map();
  for (const item of items) {
    const { containers = [] } = item;
    if (container !== undefined && !containers.some(({ name }) => name === container)) {
      const { namespace: ns = '', name = '' } = item.metadata;
      return `failed to get container metrics: container ${container} not present in metrics for pod ${ns}/${name}`;
    }
    const uses = containers.filter(({ name }) => container === undefined || name === container).map(({ usage }) => usage?.[resource]);
    // A Pod of which one container is not known is not known.
    if (uses.length === 0 || uses.includes(undefined)) continue;
    const milli = uses.reduce((sum, use) => sum + quantity(use).milli, 0);
    const at = item.timestamp === undefined ? 0 : parseTime(item.timestamp);
    found.set(item.metadata.name ?? '', { milli, at, windowMs: parseDuration(item.window ?? '') ?? 0 });
  }
  return found;
}
