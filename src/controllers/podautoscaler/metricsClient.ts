import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { matches, type Selector } from '../../apimachinery/labels/selector.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import { quantity } from '../../apimachinery/quantity/quantity.ts';
import type { Client } from '../../client/client.ts';
import { parseDuration } from './duration.ts';

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

/**
 * The use of a resource by the Pods of a selector, of one container or of all together; the text of an error otherwise.
 * Counterpart: resourceMetricsClient of k8s.io/kubernetes/pkg/controller/podautoscaler/metrics.
 */
export function resourceMetrics(
  client: Client,
  namespace: string,
  selector: Selector,
  resource: string,
  container: string | undefined,
): PodMetrics | string {
  const api = 'unable to fetch metrics from resource metrics API';
  if (client.api.strategy(POD_METRICS) === undefined) {
    return `${api}: the server could not find the requested resource (get pods.metrics.k8s.io)`;
  }
  const items = (client.api.store.list('pods.metrics.k8s.io', namespace) as readonly PodMetricsObject[]).filter(({ metadata }) =>
    matches(selector, metadata.labels),
  );
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
    found.set(item.metadata.name ?? '', { milli, at, windowMs: parseDuration(item.window ?? '') });
  }
  return found;
}
