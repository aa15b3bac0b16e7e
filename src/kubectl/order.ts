/**
 * The order in which documents are applied, so that what others refer to is there first; deletion goes the other way.
 * Kinds that are not listed (custom resources) come last. Counterpart: the install order of helm.
 */
const ORDER: readonly string[] = [
  'Clock',
  'NodePool',
  'Node',
  'PriorityClass',
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'Load',
  'Metric',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
];
const RANK: ReadonlyMap<string, number> = new Map(ORDER.map((kind, index) => [kind, index]));

/** Stable: documents of one kind stay as they were written. */
export function inDependencyOrder<T>(items: readonly T[], kindOf: (item: T) => string): readonly T[] {
  const rank = (item: T): number => RANK.get(kindOf(item)) ?? ORDER.length;
  return items.toSorted((a, b) => rank(a) - rank(b));
}
