/**
 * What a StatefulSet does next: creation in order of the numbers, removal and update in the reverse order.
 * Invariant: with OrderedReady at most one Pod is made or removed at a time, and only while all others are available.
 * Counterpart: stateful_set_control.go.
 */
import type { ControllerRevision, StatefulSet } from '../../api/schema/types/apps/v1.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { slowStartBatch } from '../util/slowStart.ts';
import { createMissingClaims, hasStaleClaim, setClaimOwners, wrongClaimOwners } from './claims.ts';
import { desiredReplicas, hasIdentity, isInRange, ordinalOf, revisionOf, startOrdinal } from './identity.ts';
import { correctStatefulPod, createStatefulPod, deleteStatefulPod } from './podControl.ts';
import { isRunningAndAvailable, isTerminating, isUnavailable } from './podState.ts';

/** When it is looked again whether the claim of a Pod that is gone has gone, too. */
const STALE_CLAIM_MS = 1_000;

/** A StatefulSet at one look. */
export interface StatefulView {
  readonly set: StatefulSet;
  readonly pods: readonly Pod[];
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
}

/**
 * One step. Worked example of an update of 3 with partition 1: Pod 2 is deleted, made anew from the new template, and when
 * it is available Pod 1 follows; Pod 0 stays as it is.
 * @throws StatusError
 */
export function updateStatefulSet(context: ControllerContext, view: StatefulView): void {
  const { set } = view;
  if (set.metadata.deletionTimestamp !== undefined) return;
  const { minReadySeconds = 0, podManagementPolicy, updateStrategy } = set.spec ?? {};
  const monotonic = podManagementPolicy !== 'Parallel';
  const condemned = condemnedPods(view);
  const replicas = ordinals(set).map((ordinal) => ({ ordinal, pod: view.pods.find((pod) => ordinalOf(set, pod) === ordinal) }));
  if (!forAll(replicas, monotonic, ({ ordinal, pod }) => processReplica(context, view, ordinal, pod, monotonic))) return;
  for (const { pod, ordinal } of condemned) setClaimOwners(context, set, wrongClaimOwners(context, set, pod, ordinal));
  const firstUnavailable = [
    ...replicas.flatMap(({ pod }) => (pod === undefined ? [] : [pod])),
    ...condemned.map(({ pod }) => pod).toReversed(),
  ].find((pod) => isUnavailable(pod, minReadySeconds, context.now()));
  if (!forAll(condemned, monotonic, ({ pod }) => processCondemned(context, view, pod, firstUnavailable, monotonic))) return;
  if (updateStrategy?.type !== 'OnDelete') replaceOutdated(context, view, replicas);
}

/**
 * Acts on one after the other until one has to be waited for, or where the order is free on all, in batches that grow.
 * @param act returns whether an ordered set has to wait here
 * @returns whether all had their turn
 * @throws StatusError the first refusal; of its batch the others have been tried, too
 */
function forAll<T>(items: readonly T[], monotonic: boolean, act: (item: T) => boolean): boolean {
  if (monotonic) return !items.some(act);
  let index = 0;
  const { error } = slowStartBatch(items.length, () => {
    const item = items[index++];
    try {
      if (item !== undefined) act(item);
    } catch (refusal) {
      if (refusal instanceof StatusError) return refusal;
      throw refusal;
    }
    return undefined;
  });
  if (error !== undefined) throw error;
  return true;
}

/** Returns whether an ordered set has to wait here. */
function processReplica(
  context: ControllerContext,
  view: StatefulView,
  ordinal: number,
  pod: Pod | undefined,
  monotonic: boolean,
): boolean {
  const { set } = view;
  if (pod === undefined) {
    if (hasStaleClaim(context, set, ordinal)) {
      context.enqueueAfter(keyOf(set), STALE_CLAIM_MS);
      return true;
    }
    createStatefulPod(context, set, ordinal, revisionFor(view, ordinal));
    return true;
  }
  if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') {
    // The new one is made when the old one is gone.
    if (!isTerminating(pod)) deleteStatefulPod(context, set, pod);
    return true;
  }
  if (pod.status?.phase === 'Pending') createMissingClaims(context, set, pod.metadata.name ?? '', ordinal);
  if (isTerminating(pod)) return true;
  if (monotonic && !isRunningAndAvailable(pod, set.spec?.minReadySeconds ?? 0, context.now())) return true;
  const claims = wrongClaimOwners(context, set, pod, ordinal);
  if (claims.length > 0 || !hasIdentity(set, pod, ordinal)) correctStatefulPod(context, set, pod, ordinal, claims);
  return false;
}

/** An ordered set removes nothing while another Pod is not available, unless it is the one that is. */
function processCondemned(
  context: ControllerContext,
  { set }: StatefulView,
  pod: Pod,
  firstUnavailable: Pod | undefined,
  monotonic: boolean,
): boolean {
  if (isTerminating(pod)) return true;
  if (monotonic && pod !== firstUnavailable && !isRunningAndAvailable(pod, set.spec?.minReadySeconds ?? 0, context.now())) return true;
  deleteStatefulPod(context, set, pod);
  return true;
}

/** From the highest number down to the partition: the first Pod of another revision is deleted; one that is not available is waited for. */
function replaceOutdated(
  context: ControllerContext,
  { set, update }: StatefulView,
  replicas: readonly { readonly pod: Pod | undefined }[],
): void {
  const partition = set.spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (let index = replicas.length - 1; index >= partition; index--) {
    const pod = replicas[index]?.pod;
    if (pod === undefined) return;
    if (revisionOf(pod) !== update.metadata.name && !isTerminating(pod)) {
      deleteStatefulPod(context, set, pod);
      return;
    }
    if (isUnavailable(pod, set.spec?.minReadySeconds ?? 0, context.now())) return;
  }
}

/** Below the partition Pods are made from the revision that the set came from. */
function revisionFor({ set, current, update }: StatefulView, ordinal: number): ControllerRevision {
  const rolling = set.spec?.updateStrategy?.type === 'RollingUpdate' ? set.spec.updateStrategy.rollingUpdate : undefined;
  return rolling !== undefined && ordinal < startOrdinal(set) + (rolling.partition ?? 0) ? current : update;
}

/** Pods beyond the wanted numbers, the highest first. */
function condemnedPods({ set, pods }: StatefulView): readonly { readonly pod: Pod; readonly ordinal: number }[] {
  return pods
    .flatMap((pod) => {
      const ordinal = ordinalOf(set, pod);
      return ordinal === undefined || isInRange(set, ordinal) ? [] : [{ pod, ordinal }];
    })
    .sort((left, right) => right.ordinal - left.ordinal);
}

function ordinals(set: StatefulSet): readonly number[] {
  return Array.from({ length: desiredReplicas(set) }, (_, index) => startOrdinal(set) + index);
}
