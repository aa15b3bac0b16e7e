/**
 * What of a real cluster is followed: what lists, hints and panels speak of.
 * Invariant: of Secrets and ConfigMaps nothing but the metadata; their values never leave the cluster unasked. Counterpart: none.
 */
import type { ResourceFact } from '../../api/generic/strategy.ts';
import { RESOURCES } from '../../api/register.ts';
import { groupResource } from '../../apimachinery/meta/resource.ts';

/** Without these there is nothing to show: they are waited for. */
const FIRST = ['nodes', 'pods', 'replicasets.apps', 'events'];
const REST = [
  'namespaces',
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicationcontrollers',
  'jobs.batch',
  'cronjobs.batch',
  'services',
  'endpointslices.discovery.k8s.io',
  'ingresses.networking.k8s.io',
  'ingressclasses.networking.k8s.io',
  'networkpolicies.networking.k8s.io',
  'persistentvolumeclaims',
  'persistentvolumes',
  'storageclasses.storage.k8s.io',
  'serviceaccounts',
  'resourcequotas',
  'limitranges',
  'priorityclasses.scheduling.k8s.io',
  'poddisruptionbudgets.policy',
  'horizontalpodautoscalers.autoscaling',
  'customresourcedefinitions.apiextensions.k8s.io',
];
const NAMES_ONLY = ['configmaps', 'secrets'];

export interface Mirrored {
  readonly resource: ResourceFact;
  /** Lists wait for it. */
  readonly isFirst: boolean;
  readonly metadataOnly: boolean;
}

export function mirroredResources(): readonly Mirrored[] {
  const find = (name: string): readonly ResourceFact[] =>
    RESOURCES.filter((resource) => resource.preferred && groupResource(resource) === name).slice(0, 1);
  const as = (isFirst: boolean, metadataOnly: boolean) => (resource: ResourceFact) => ({ resource, isFirst, metadataOnly });
  return [
    ...FIRST.flatMap(find).map(as(true, false)),
    ...REST.flatMap(find).map(as(false, false)),
    ...NAMES_ONLY.flatMap(find).map(as(false, true)),
  ];
}
