import { REPLICASETS, PODS } from '../../api/schema/resources.ts';
import type { ReplicaSet, ReplicaSetStatus } from '../../api/schema/types/apps/v1.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { StatusError } from '../../apimachinery/errors/status.ts';
import { fromLabelSelector, matches, type Selector } from '../../apimachinery/labels/selector.ts';
import type { ResourceType } from '../../apimachinery/meta/resource.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import type { Result } from '../runtime/controller.ts';
import { controllerOf } from '../util/controllerRef.ts';
import { podFromTemplate, isNamespaceTerminating, PodControl } from '../util/podControl.ts';
import { availableAt, isPodActive, isPodTerminating } from '../util/podUtil.ts';
import { claim } from '../util/refManager.ts';
import { slowStartBatch } from '../util/slowStart.ts';
import { podsToDelete } from './ranking.ts';
import { calculateStatus, statusChanged, type ReplicaFailure } from './status.ts';

/** At most so many Pods are made or removed in one sync. */
export const BURST_REPLICAS = 500;

/** A kind that keeps a number of equal Pods: ReplicaSet, and ReplicationController in the shape of one. */
export interface ReplicaKind {
  readonly type: ResourceType;
  /** The status has terminatingReplicas. */
  readonly countsTerminating: boolean;
  get(namespace: string, name: string): ReplicaSet | undefined;
  /** @throws StatusError */
  writeStatus(set: ReplicaSet, status: ReplicaSetStatus): void;
}

/**
 * Brings the number of Pods to spec.replicas, then the status up to date.
 * A refused Pod is an error of the sync (retried with back-off) that first shows in the condition ReplicaFailure.
 * Counterpart: syncReplicaSet of k8s.io/kubernetes/pkg/controller/replicaset.
 */
export function reconcileReplicas(context: ControllerContext, kind: ReplicaKind, namespace: string, name: string): Result | undefined {
  const set = kind.get(namespace, name);
  if (set === undefined) return undefined;
  const selector = fromLabelSelector(set.spec?.selector);
  const active = claim(context.client, kind.type, set, PODS, selector, undefined, isPodActive);
  const terminating = kind.countsTerminating ? countTerminating(context, set, selector) : undefined;
  const failure = set.metadata.deletionTimestamp === undefined ? manageReplicas(context, kind, set, active) : undefined;
  const status = calculateStatus(set, active, terminating, failure, context.now());
  if (statusChanged(set, status)) kind.writeStatus(set, status);
  if (failure !== undefined) throw failure.error;
  return untilAvailable(set, active, context.now());
}

/** Pods on their way out count as long as they belong to the set; they are neither taken nor let go. */
function countTerminating({ client }: ControllerContext, set: ReplicaSet, selector: Selector): number {
  const { uid = '' } = set.metadata;
  return client
    .ownedBy(PODS, uid)
    .filter((pod) => isPodTerminating(pod) && controllerOf(pod)?.uid === uid && matches(selector, pod.metadata.labels)).length;
}

interface Failure extends ReplicaFailure {
  readonly error: StatusError;
}

function manageReplicas(context: ControllerContext, kind: ReplicaKind, set: ReplicaSet, active: readonly Pod[]): Failure | undefined {
  const surplus = active.length - (set.spec?.replicas ?? 1);
  if (surplus < 0) return createPods(context, kind, set, Math.min(-surplus, BURST_REPLICAS));
  if (surplus > 0) return deletePods(context, kind, set, active, Math.min(surplus, BURST_REPLICAS));
  return undefined;
}

function createPods(context: ControllerContext, kind: ReplicaKind, set: ReplicaSet, count: number): Failure | undefined {
  const template = set.spec?.template;
  if (template === undefined) return undefined;
  const control = new PodControl(context.client, context.events);
  let refusal: StatusError | undefined;
  slowStartBatch(count, () => {
    const error = control.create(podFromTemplate(template, kind.type, set), kind.type, set);
    if (error === undefined || isNamespaceTerminating(error)) return undefined;
    return (refusal ??= error);
  });
  if (refusal === undefined) return undefined;
  return asFailure('FailedCreate', refusal);
}

function deletePods(
  context: ControllerContext,
  kind: ReplicaKind,
  set: ReplicaSet,
  active: readonly Pod[],
  count: number,
): Failure | undefined {
  const control = new PodControl(context.client, context.events);
  let refusal: StatusError | undefined;
  for (const pod of podsToDelete(active, relatedPods(context, set), count, context.now())) {
    refusal ??= control.delete(pod, kind.type, set);
  }
  return refusal === undefined ? undefined : asFailure('FailedDelete', refusal);
}

function asFailure(reason: ReplicaFailure['reason'], error: StatusError): Failure {
  return { reason, message: error.message, error };
}

/** The active Pods of every ReplicaSet that the same owner controls: one Deployment's, old and new. */
function relatedPods(context: ControllerContext, set: ReplicaSet): readonly Pod[] {
  const owner = controllerOf(set);
  if (owner === undefined) return [];
  return context.client
    .ownedBy(REPLICASETS, owner.uid)
    .filter((sibling) => controllerOf(sibling)?.uid === owner.uid)
    .flatMap((sibling) => context.client.ownedBy(PODS, sibling.metadata.uid ?? ''))
    .filter(isPodActive);
}

/** Looks again when the next ready Pod has been ready for minReadySeconds. */
function untilAvailable(set: ReplicaSet, active: readonly Pod[], nowMs: number): Result | undefined {
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  if (minReadySeconds === 0) return undefined;
  const times = active.map((pod) => availableAt(pod, minReadySeconds)).filter((at) => at !== undefined && at > nowMs);
  return times.length === 0 ? undefined : { requeueAfterMs: Math.min(...(times as number[])) - nowMs };
}
