import type { ServedGroup, ServedResource } from '../served.ts';

/** The group of the metrics server, which an aggregated API server serves in a real cluster. */
export const METRICS_GROUP: ServedGroup = { group: 'metrics.k8s.io', versions: ['v1beta1'], preferred: 'v1beta1' };

export const METRICS_RESOURCES: readonly ServedResource[] = [served('nodes', 'NodeMetrics', false), served('pods', 'PodMetrics', true)];

function served(plural: string, kind: string, namespaced: boolean): ServedResource {
  return {
    type: { group: METRICS_GROUP.group, version: 'v1beta1', plural, kind, namespaced },
    singular: '',
    shortNames: [],
    categories: [],
    verbs: ['get', 'list'],
    subresources: [],
    storageVersionHash: '',
  };
}
