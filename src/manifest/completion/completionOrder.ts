/**
 * What comes first in a list of completions: what people write most, then what may be written, then what the server sets.
 * Invariant: orders only; what is offered is said elsewhere. Counterpart: none.
 */
import type { FieldInfo } from '../fields.ts';

/** Kinds that people write most, as `apps/v1/Deployment`, the most common one first. */
const COMMON: readonly string[] = [
  'v1/Pod',
  'apps/v1/Deployment',
  'v1/Service',
  'v1/ConfigMap',
  'v1/Secret',
  'v1/Namespace',
  'apps/v1/StatefulSet',
  'batch/v1/Job',
  'apps/v1/DaemonSet',
  'batch/v1/CronJob',
  'networking.k8s.io/v1/Ingress',
  'v1/PersistentVolumeClaim',
  'v1/ServiceAccount',
  'autoscaling/v2/HorizontalPodAutoscaler',
  'policy/v1/PodDisruptionBudget',
  'networking.k8s.io/v1/NetworkPolicy',
  'rbac.authorization.k8s.io/v1/Role',
  'rbac.authorization.k8s.io/v1/RoleBinding',
];
const VERSIONS: readonly string[] = [...new Set(COMMON.map(versionOf))];

/** What a person writes into metadata, in the order in which it is written. */
const META: readonly string[] = ['name', 'namespace', 'labels', 'annotations'];
/** Fields of metadata that the server sets, or ignores. */
const META_OF_SERVER: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/** Fields that people write most, wherever they are. */
const COMMON_FIELDS: ReadonlySet<string> = new Set([
  'affinity',
  'args',
  'command',
  'configMap',
  'configMapKeyRef',
  'containerPort',
  'data',
  'env',
  'envFrom',
  'httpGet',
  'image',
  'imagePullPolicy',
  'initContainers',
  'limits',
  'livenessProbe',
  'matchLabels',
  'name',
  'nodeSelector',
  'persistentVolumeClaim',
  'port',
  'ports',
  'readinessProbe',
  'replicas',
  'requests',
  'resources',
  'restartPolicy',
  'rules',
  'secret',
  'secretKeyRef',
  'securityContext',
  'selector',
  'serviceAccountName',
  'startupProbe',
  'strategy',
  'targetPort',
  'template',
  'tolerations',
  'type',
  'value',
  'volumeMounts',
  'volumes',
]);

/** @param kind `apps/v1/Deployment` */
export function kindOrder(kind: string): string {
  const at = COMMON.indexOf(kind);
  return at < 0 ? `1${kind.slice(kind.lastIndexOf('/') + 1)}` : `0${String(at).padStart(2, '0')}`;
}

/** @param version `apps/v1`; of one group the newest stable one comes first */
export function versionOrder(version: string): string {
  const at = VERSIONS.indexOf(version);
  return at < 0 ? `1${/\d(?:alpha|beta)\d/.test(version) ? '1' : '0'}${version}` : `0${String(at).padStart(2, '0')}`;
}

/** @param holder the map of fields; @param required whether the field must be there */
export function fieldOrder(holder: FieldInfo, name: string, required: boolean): string {
  if (required) return `0${name}`;
  if (holder.definition?.endsWith('.meta.v1.ObjectMeta') === true) {
    const at = META.indexOf(name);
    if (at >= 0) return `0${at}`;
    return `${META_OF_SERVER.has(name) ? '2' : '1'}${name}`;
  }
  if (name === 'status') return `3${name}`;
  return `${COMMON_FIELDS.has(name) ? '1' : '2'}${name}`;
}

function versionOf(kind: string): string {
  return kind.slice(0, kind.lastIndexOf('/'));
}
