import { isExternal, metricName } from '../../../api/kubepad/metric/lookup.ts';
import type { Metric } from '../../../api/kubepad/types.ts';
import type { ServedGroup, ServedResource } from '../served.ts';

/** The groups that an adapter serves in a real cluster. */
export const CUSTOM_METRICS: ServedGroup = { group: 'custom.metrics.k8s.io', versions: ['v1beta2', 'v1beta1'], preferred: 'v1beta2' };
export const EXTERNAL_METRICS: ServedGroup = { group: 'external.metrics.k8s.io', versions: ['v1beta1'], preferred: 'v1beta1' };

/** Which of them are served: those of which there is a Metric. */
export function heldGroups(metrics: readonly Metric[]): readonly ServedGroup[] {
  return [
    ...(metrics.some((metric) => !isExternal(metric)) ? [CUSTOM_METRICS] : []),
    ...(metrics.some(isExternal) ? [EXTERNAL_METRICS] : []),
  ];
}

/** What discovery lists: a resource for each metric and kind of object, as adapters have it. */
export function heldResources(
  metrics: readonly Metric[],
  group: string,
  version: string,
  pluralOf: (kind: string, apiVersion: string) => string | undefined,
): readonly ServedResource[] {
  const names = new Map<string, boolean>();
  for (const metric of metrics) {
    if (isExternal(metric) !== (group === EXTERNAL_METRICS.group)) continue;
    if (isExternal(metric)) names.set(metricName(metric), true);
    else {
      const { describedObject } = metric.spec ?? {};
      const plural = describedObject === undefined ? 'pods' : pluralOf(describedObject.kind, describedObject.apiVersion ?? 'v1');
      if (plural !== undefined) names.set(`${plural}/${metricName(metric)}`, plural !== 'namespaces');
    }
  }
  const kind = group === EXTERNAL_METRICS.group ? 'ExternalMetricValueList' : 'MetricValueList';
  return [...names]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([plural, namespaced]) => ({
      type: { group, version, plural, kind, namespaced },
      singular: '',
      shortNames: [],
      categories: [],
      verbs: ['get'],
      subresources: [],
      storageVersionHash: '',
    }));
}
