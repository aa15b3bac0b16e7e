// Bounds that rollouts keep, looked at with every write. Each says which words of the real controllers it holds to.
import { DAEMONSETS, DEPLOYMENTS, NODES, PODS, REPLICASETS, STATEFULSETS } from '../../../../src/api/schema/resources.ts';
import type { DaemonSet, Deployment, ReplicaSet } from '../../../../src/api/schema/types/apps/v1.ts';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import type { IntOrString } from '../../../../src/apimachinery/meta/types.ts';
import type { Revision } from '../../../../src/apiserver/storage/revision.ts';
import type { Client } from '../../../../src/client/client.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';

const ACTOR = 'system:serviceaccount:kube-system:';
const DESIRED = 'deployment.kubernetes.io/desired-replicas';

/** What the write breaks, or undefined. */
export function rolloutProblem(cluster: Cluster, revision: Revision): string | undefined {
  const { resource, actor } = revision;
  if (resource === 'replicasets.apps' && actor === `${ACTOR}deployment-controller`) return deploymentProblem(cluster, revision);
  if (resource !== 'pods') return undefined;
  if (actor === `${ACTOR}statefulset-controller`) return statefulSetProblem(cluster.admin(), revision);
  if (actor === `${ACTOR}daemon-set-controller`) return daemonSetProblem(cluster.admin(), revision);
  return undefined;
}

/**
 * Deployments: nothing grows above replicas + maxSurge (NewRSNewReplicas); nothing shrinks so that what ReplicaSets call available falls
 * below replicas - maxUnavailable (reconcileOldReplicaSets). Pods lost otherwise do not count: no rollout took them.
 */
function deploymentProblem(cluster: Cluster, { object, previous, type }: Revision): string | undefined {
  // Without it ReplicaSets say what was true once, and the real Deployment controller believes them, too.
  if (type === 'DELETED' || cluster.simulation.switchedOff.includes('replicaset-controller')) return undefined;
  const set = object as ReplicaSet;
  const size = set.spec?.replicas ?? 0;
  const before = (previous as ReplicaSet | undefined)?.spec?.replicas ?? 0;
  const owner = set.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const admin = cluster.admin();
  const deployment = admin.get(DEPLOYMENTS, object.metadata.namespace ?? '', owner?.name ?? '');
  if (size === before || deployment?.metadata.uid !== owner?.uid || deployment === undefined) return undefined;
  const wanted = deployment.spec?.replicas ?? 1;
  const { most, least } = boundsOf(deployment);
  const sets = admin.ownedBy(REPLICASETS, deployment.metadata.uid ?? '');
  const name = deployment.metadata.name ?? '';
  if (size > before) {
    const total = sum(sets, ({ spec }) => spec?.replicas);
    if (total > most) return `${name}: ${total} replicas, ${most} allowed`;
    return deployment.spec?.strategy?.type === 'Recreate' ? overlap(admin, deployment, set) : undefined;
  }
  // A new size is shared out in proportion, without a look at what is available (Controller.scale).
  const states = sets.map((each) => (each.metadata.uid === set.metadata.uid ? (previous as ReplicaSet) : each));
  const resized = states.some(({ spec, metadata }) => {
    const desired = metadata.annotations?.[DESIRED];
    return (spec?.replicas ?? 0) > 0 && desired !== undefined && desired !== String(wanted);
  });
  if (resized || deployment.spec?.strategy?.type === 'Recreate' || deployment.spec?.paused === true) return undefined;
  const available = sum(sets, ({ spec, status }) => Math.min(spec?.replicas ?? 0, status?.availableReplicas ?? 0));
  const availableBefore = sum(states, ({ spec, status }) => Math.min(spec?.replicas ?? 0, status?.availableReplicas ?? 0));
  if (available < least && available < availableBefore) return `${name}: ${available} available, ${least} needed, were ${availableBefore}`;
  return undefined;
}

/** Percentages: up for surge, down for unavailable; if both come to nothing one may be unavailable (ResolveFenceposts). */
function boundsOf({ spec }: Deployment): { readonly most: number; readonly least: number } {
  const wanted = spec?.replicas ?? 1;
  if (spec?.strategy?.type === 'Recreate') return { most: wanted, least: 0 };
  const surge = part(spec?.strategy?.rollingUpdate?.maxSurge, wanted, Math.ceil);
  const down = part(spec?.strategy?.rollingUpdate?.maxUnavailable, wanted, Math.floor);
  return { most: wanted + surge, least: wanted - (surge === 0 && down === 0 ? 1 : down) };
}

function part(value: IntOrString | undefined, total: number, round: (value: number) => number): number {
  return typeof value === 'string' ? round((Number.parseInt(value, 10) * total) / 100) : (value ?? 0);
}

/** Recreate: the new Pods come when none of the old ones is left (oldPodsRunning). A ReplicaSet that was new all along may be made larger. */
function overlap(admin: Client, deployment: Deployment, grown: ReplicaSet): string | undefined {
  if (deployment.status?.observedGeneration !== deployment.metadata.generation) return undefined;
  const old = admin
    .ownedBy(REPLICASETS, deployment.metadata.uid ?? '')
    .filter(({ metadata }) => metadata.uid !== grown.metadata.uid)
    .flatMap(({ metadata }) => admin.ownedBy(PODS, metadata.uid ?? ''))
    .filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  return old.length === 0 || (grown.status?.replicas ?? 0) > 0
    ? undefined
    : `${deployment.metadata.name}: recreated beside ${old.length} old Pods`;
}

/** StatefulSets in order: a Pod is made when all before it are ready and none of them is on its way out. */
function statefulSetProblem(admin: Client, { object, verb }: Revision): string | undefined {
  const { metadata } = object;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  const set = admin.get(STATEFULSETS, metadata.namespace ?? '', owner?.name ?? '');
  if (verb !== 'create' || set === undefined || set.spec?.podManagementPolicy === 'Parallel') return undefined;
  const ordinal = Number(metadata.name?.split('-').at(-1));
  for (let i = 0; i < ordinal; i++) {
    const before = admin.get(PODS, metadata.namespace ?? '', `${owner?.name}-${i}`);
    if (before === undefined || !isReady(before) || before.metadata.deletionTimestamp !== undefined)
      return `${metadata.name} was made before ${owner?.name}-${i} was ready`;
  }
  return undefined;
}

/**
 * DaemonSets: an update takes an available Pod only while at most maxUnavailable nodes are without one (rollingUpdate). Nodes that no Pod
 * may be on are no update's business.
 */
function daemonSetProblem(admin: Client, { object, previous, verb }: Revision): string | undefined {
  const pod = previous as Pod | undefined;
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const set = admin.get(DAEMONSETS, object.metadata.namespace ?? '', owner?.name ?? '');
  if (verb !== 'delete' || pod === undefined || set === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined;
  const pods = admin.ownedBy(PODS, set.metadata.uid ?? '');
  const servedNodes = new Set(
    pods.filter((each) => isReady(each) && each.metadata.deletionTimestamp === undefined).map(({ spec }) => spec?.nodeName),
  );
  const node = admin.get(NODES, '', pod.spec?.nodeName ?? '');
  if (!isReady(pod) || node === undefined || (node.spec?.taints ?? []).length > 0 || servedNodes.has(pod.spec?.nodeName)) return undefined;
  const open = admin.list(NODES).filter(({ spec }) => !(spec?.taints ?? []).some(({ effect }) => effect !== 'PreferNoSchedule'));
  const missing = open.filter(({ metadata }) => !servedNodes.has(metadata.name)).length;
  const allowed = unavailableOf(set);
  return missing > Math.max(allowed, 1) ? `${owner?.name}: ${missing} nodes without a Pod, ${allowed} allowed` : undefined;
}

function unavailableOf({ spec, status }: DaemonSet): number {
  return part(spec?.updateStrategy?.rollingUpdate?.maxUnavailable, status?.desiredNumberScheduled ?? 0, Math.ceil);
}

function sum<T>(list: readonly T[], value: (item: T) => number | undefined): number {
  return list.reduce((total, item) => total + (value(item) ?? 0), 0);
}

export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true;
}
