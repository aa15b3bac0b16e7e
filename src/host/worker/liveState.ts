/**
 * How an object of the cluster is, in the few words that fit above a document: `3/3 ready, 2 nodes`.
 * Invariant: reads the object and what it owns by index, never all Pods. Counterpart: the columns of `kubectl get`.
 */
import { isNodeReady } from '../../api/core/node/readiness.ts';
import type { Node, PersistentVolumeClaim, Pod, Namespace } from '../../api/schema/types/core/v1.ts';
import type { DaemonSet } from '../../api/schema/types/apps/v1.ts';
import type { Job } from '../../api/schema/types/batch/v1.ts';
import type { EndpointSlice } from '../../api/schema/types/discovery/v1.ts';
import type { Fault } from '../../api/kubepad/types.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { INDEX_OWNER } from '../../apiserver/apiServer.ts';
import type { Store } from '../../apiserver/storage/store.ts';
import { summarise } from '../projection/podSummary.ts';

type IndexedStore = Pick<Store, 'byIndex'>;

/** Resources whose writes may change what `liveState` says of an object that was not written itself. */
export const OWNED_RESOURCES: readonly string[] = ['pods', 'replicasets.apps', 'endpointslices.discovery.k8s.io'];

export function liveState(store: IndexedStore, kind: string, object: KubeObject): string {
  if (object.metadata.deletionTimestamp !== undefined) return 'terminating';
  switch (kind) {
    case 'Pod':
      return podState(object as Pod);
    case 'Deployment':
      return workloadState(replicasOf(object), podsOfDeployment(store, object));
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'StatefulSet':
      return workloadState(replicasOf(object), podsOf(store, object));
    case 'DaemonSet':
      return workloadState((object as DaemonSet).status?.desiredNumberScheduled ?? 0, podsOf(store, object));
    case 'Job':
      return jobState(object as Job, podsOf(store, object));
    case 'Service':
      return serviceState(store, object);
    case 'Node':
      return isNodeReady(object as Node) ? 'Ready' : 'NotReady';
    case 'Namespace':
    case 'PersistentVolumeClaim':
      return (object as Namespace | PersistentVolumeClaim).status?.phase ?? 'in the cluster';
    case 'Fault':
      return (object as Fault).status?.phase ?? 'Pending';
    default:
      return 'in the cluster';
  }
}

function podState(pod: Pod): string {
  const { status, detail } = summarise(pod);
  const node = pod.spec?.nodeName ?? '';
  if (node !== '') return `${status} on ${node}`;
  // The scheduler's summary before its list of reasons: `0/3 nodes are available`.
  const summary = detail.split(':', 1)[0] ?? '';
  return summary === '' ? status : `${status}, ${summary}`;
}

/** `1/3 ready, 2 nodes, 2 ImagePullBackOff` */
function workloadState(wanted: number, all: readonly Pod[]): string {
  const pods = all.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const ready = pods.filter((pod) => summarise(pod).isReady).length;
  const nodes = new Set(pods.flatMap(({ spec }) => (spec?.nodeName === undefined || spec.nodeName === '' ? [] : [spec.nodeName]))).size;
  return [`${ready}/${wanted} ready`, ...(nodes === 0 ? [] : [counted(nodes, 'node')]), ...troubles(pods)].join(', ');
}

function jobState(job: Job, pods: readonly Pod[]): string {
  const { active = 0, succeeded = 0 } = job.status ?? {};
  const wanted = job.spec?.completions ?? job.spec?.parallelism ?? 1;
  const ended = job.status?.conditions?.find(({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'));
  return [
    ...(ended === undefined ? [] : [ended.type]),
    `${succeeded}/${wanted} succeeded`,
    ...(active === 0 ? [] : [`${active} active`]),
    ...(ended === undefined ? troubles(pods) : []),
  ].join(', ');
}

function serviceState(store: IndexedStore, service: KubeObject): string {
  const slices = owned(store, 'endpointslices.discovery.k8s.io', service) as readonly EndpointSlice[];
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false).length;
  return ready === endpoints.length ? counted(ready, 'endpoint') : `${ready} of ${counted(endpoints.length, 'endpoint')} ready`;
}

/** What keeps Pods from running, the most frequent first. */
function troubles(pods: readonly Pod[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const pod of pods) {
    const { counts: as, status } = summarise(pod);
    if (as === 'failing' || as === 'pending') counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([status, count]) => `${count} ${status}`);
}

function podsOfDeployment(store: IndexedStore, deployment: KubeObject): readonly Pod[] {
  return owned(store, 'replicasets.apps', deployment).flatMap((replicaSet) => podsOf(store, replicaSet));
}

function podsOf(store: IndexedStore, owner: KubeObject): readonly Pod[] {
  return owned(store, 'pods', owner) as readonly Pod[];
}

function owned(store: IndexedStore, resource: string, { metadata }: KubeObject): readonly KubeObject[] {
  return metadata.uid === undefined ? [] : store.byIndex(resource, INDEX_OWNER, metadata.uid);
}

function replicasOf(object: KubeObject): number {
  return (object as { readonly spec?: { readonly replicas?: number } }).spec?.replicas ?? 1;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
