/**
 * Where the groups and versions that the server itself serves stand in discovery.
 * Invariant: sorted by these numbers, and then by name, the groups are in the recorded order of discovery.
 * Counterpart: the table of priorities in k8s.io/kubernetes/pkg/controlplane.
 */
export interface ApiServicePriority {
  readonly groupPriorityMinimum: number;
  readonly versionPriority: number;
}

/** Custom resources come after everything built in; their versions are sorted as versions are. */
export const CUSTOM_PRIORITY: ApiServicePriority = { groupPriorityMinimum: 1000, versionPriority: 100 };
/** What the manifest of metrics-server says. */
export const METRICS_PRIORITY: ApiServicePriority = { groupPriorityMinimum: 100, versionPriority: 100 };

/** Undefined for what gets no APIService: apiregistration.k8s.io, which is the aggregator's own. */
export function builtInPriority(group: string, version: string): ApiServicePriority | undefined {
  const groupPriorityMinimum = GROUPS.get(group);
  if (groupPriorityMinimum === undefined) return undefined;
  return { groupPriorityMinimum, versionPriority: VERSIONS.get(`${group}/${version}`) ?? STABLE };
}

const STABLE = 15;

const GROUPS: ReadonlyMap<string, number> = new Map([
  ['', 18000],
  ['apps', 17800],
  ['events.k8s.io', 17750],
  ['authentication.k8s.io', 17700],
  ['authorization.k8s.io', 17600],
  ['autoscaling', 17500],
  ['batch', 17400],
  ['certificates.k8s.io', 17300],
  ['networking.k8s.io', 17200],
  ['policy', 17100],
  ['rbac.authorization.k8s.io', 17000],
  ['storage.k8s.io', 16800],
  ['admissionregistration.k8s.io', 16700],
  ['apiextensions.k8s.io', 16700],
  ['scheduling.k8s.io', 16600],
  ['coordination.k8s.io', 16500],
  ['node.k8s.io', 16300],
  ['discovery.k8s.io', 16200],
  ['resource.k8s.io', 16200],
  ['flowcontrol.apiserver.k8s.io', 16100],
  // The simulator's own, after Kubernetes' and before all custom ones.
  ['kubepad.dev', 1100],
]);

const VERSIONS: ReadonlyMap<string, number> = new Map([
  ['/v1', 1],
  ['autoscaling/v2', 30],
  ['flowcontrol.apiserver.k8s.io/v1', 21],
  ['resource.k8s.io/v1', 20],
]);
