// How many Pods controllers may have, looked at with every Pod that they make or take. Each says which words of the real controllers it holds to.
import { DAEMONSETS, JOBS, PODS, REPLICASETS, REPLICATIONCONTROLLERS, STATEFULSETS } from '../../../../src/api/schema/resources.ts';
import type { OwnerReference } from '../../../../src/apimachinery/meta/types.ts';
import type { DaemonSet } from '../../../../src/api/schema/types/apps/v1.ts';
import type { Job } from '../../../../src/api/schema/types/batch/v1.ts';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import type { Revision } from '../../../../src/apiserver/storage/revision.ts';
import type { Client } from '../../../../src/client/client.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { isReady } from './rollouts.ts';

const ACTOR = 'system:serviceaccount:kube-system:';
const INDEX = 'batch.kubernetes.io/job-completion-index';

/** What the Pod that was made or taken breaks, or undefined. */
export function countProblem(cluster: Cluster, { resource, verb, actor, object, previous }: Revision): string | undefined {
  if (resource !== 'pods' || !actor.startsWith(ACTOR)) return undefined;
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return undefined;
  const admin = cluster.admin();
  if (verb === 'create') return made(admin, object as Pod, owner);
  const before = previous as Pod | undefined;
  if (verb !== 'delete' || before === undefined || before.metadata.deletionTimestamp !== undefined) return undefined;
  return actor === `${ACTOR}statefulset-controller` ? takenInOrder(admin, before, owner) : undefined;
}

function made(admin: Client, pod: Pod, { kind, name, uid }: OwnerReference): string | undefined {
  const namespace = pod.metadata.namespace ?? '';
  const own = admin.ownedBy(PODS, uid);
  const active = own.filter(isActive);
  const most = (count: number, allowed: number | undefined): string | undefined =>
    count > (allowed ?? 1) ? `${kind} ${name}: ${count} Pods, ${allowed ?? 1} allowed` : undefined;
  switch (kind) {
    case 'ReplicaSet':
      return most(active.length, admin.get(REPLICASETS, namespace, name)?.spec?.replicas);
    case 'ReplicationController':
      return most(active.length, admin.get(REPLICATIONCONTROLLERS, namespace, name)?.spec?.replicas);
    case 'Job': {
      const job = admin.get(JOBS, namespace, name);
      return job === undefined ? undefined : (ofJob(job, pod, own) ?? most(holders(job, own).length, job.spec?.parallelism));
    }
    case 'DaemonSet': {
      const set = admin.get(DAEMONSETS, namespace, name);
      return set === undefined ? undefined : most(active.filter((each) => nodeOf(each) === nodeOf(pod)).length, surges(set) ? 2 : 1);
    }
    default:
      return undefined;
  }
}

/** FilterActivePods: one that has ended or is on its way out is none of those that are wanted. */
function isActive({ status, metadata }: Pod): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed' && metadata.deletionTimestamp === undefined;
}

/** With podReplacementPolicy Failed a Pod that is on its way out counts until it has ended (onlyReplaceFailedPods). */
function holders({ spec }: Job, own: readonly Pod[]): readonly Pod[] {
  const isLive = ({ status }: Pod): boolean => status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
  return own.filter(spec?.podReplacementPolicy === 'Failed' || spec?.podFailurePolicy !== undefined ? isLive : isActive);
}

/** Nobody makes a Pod of a Job that is over or suspended, of an index that is taken, or more than are still to complete. */
function ofJob(job: Job, pod: Pod, own: readonly Pod[]): string | undefined {
  const { metadata, spec, status } = job;
  const over = status?.conditions?.find(
    ({ type, status: value }) => ['Complete', 'Failed', 'FailureTarget'].includes(type) && value === 'True',
  );
  if (over !== undefined || spec?.suspend === true) return `Job ${metadata.name}: a Pod of a Job that is ${over?.type ?? 'suspended'}`;
  const index = pod.metadata.annotations?.[INDEX];
  const same = index === undefined ? [] : holders(job, own).filter((each) => each.metadata.annotations?.[INDEX] === index);
  if (same.length > 1) return `Job ${metadata.name}: ${same.length} Pods of index ${index}`;
  const total = own.filter(isActive).length + (status?.succeeded ?? 0);
  return total > (spec?.completions ?? total) ? `Job ${metadata.name}: ${total} Pods and successes of ${spec?.completions}` : undefined;
}

function surges({ spec }: DaemonSet): boolean {
  const { maxSurge = 0 } = spec?.updateStrategy?.rollingUpdate ?? {};
  return maxSurge !== 0 && maxSurge !== '0%';
}

/** The node that a Pod of a DaemonSet is for. */
function nodeOf({ spec }: Pod): string | undefined {
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms?.[0]?.matchFields?.find(({ key }) => key === 'metadata.name')?.values?.[0];
}

/**
 * StatefulSets take the highest number first. Beyond the wanted ones, in order: while none of a higher number is there. Among the wanted
 * ones a Pod that has not ended is taken by an update only: while all of a higher number are well, in order all others, too
 * (updateStatefulSetAfterInvariantEstablished; more than one at a time is behind a feature that is off).
 */
function takenInOrder(admin: Client, pod: Pod, { uid, name }: OwnerReference): string | undefined {
  const set = admin.get(STATEFULSETS, pod.metadata.namespace ?? '', name);
  if (set?.metadata.uid !== uid || set === undefined || pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded')
    return undefined;
  const own = admin.ownedBy(PODS, uid);
  const number = numberOf(pod);
  const wanted = set.spec?.replicas ?? 1;
  const inOrder = set.spec?.podManagementPolicy !== 'Parallel';
  if (number >= wanted) {
    const higher = inOrder ? own.find((each) => numberOf(each) > number) : undefined;
    return higher === undefined ? undefined : `${pod.metadata.name} was taken before ${higher.metadata.name}`;
  }
  for (let other = inOrder ? 0 : number + 1; other < wanted; other++) {
    const found = other === number ? undefined : own.find((each) => numberOf(each) === other);
    if (other !== number && (found === undefined || !isReady(found) || found.metadata.deletionTimestamp !== undefined))
      return `${pod.metadata.name} was taken while ${name}-${other} was not well`;
  }
  return undefined;
}

function numberOf({ metadata }: Pod): number {
  return Number(metadata.name?.split('-').at(-1));
}
