/** Which resources a quota can count, and which part of the objects. Counterpart: k8s.io/kubernetes/pkg/apis/core/helper. */
import { isHugePages } from '../pod/resourceNames.ts';

const COMPUTE: ReadonlySet<string> = new Set(['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory']);

const QUOTA_RESOURCES: ReadonlySet<string> = new Set([
  ...COMPUTE,
  'ephemeral-storage',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
]);

const EXISTS_ONLY: ReadonlySet<string> = new Set([
  'BestEffort',
  'NotBestEffort',
  'Terminating',
  'NotTerminating',
  'CrossNamespacePodAffinity',
]);

/** Of Kubernetes itself; whatever else a quota counts is not bound to Pods. */
export function isQuotaResource(name: string): boolean {
  return QUOTA_RESOURCES.has(name) || isHugePages(name) || name.startsWith('requests.hugepages-');
}

export function isScope(scope: string): boolean {
  return EXISTS_ONLY.has(scope) || scope === 'PriorityClass' || scope === 'VolumeAttributesClass';
}

/** The scopes that are a property of a Pod and not a value. */
export function needsExists(scope: string): boolean {
  return EXISTS_ONLY.has(scope);
}

/** Best-effort Pods ask for nothing, so only their number can be counted. */
export function isScopeOf(scope: string, resource: string): boolean {
  if (scope === 'BestEffort') return resource === 'pods';
  if (scope === 'VolumeAttributesClass') return resource === 'persistentvolumeclaims' || resource === 'requests.storage';
  return !isScope(scope) || resource === 'pods' || COMPUTE.has(resource);
}
