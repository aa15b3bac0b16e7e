import { JOBS } from '../../api/schema/resources.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { StatusError } from '../../apimachinery/errors/status.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { isNamespaceTerminating, PodControl } from '../util/podControl.ts';
import { isPodReady } from '../util/podUtil.ts';
import { slowStartBatch } from '../util/slowStart.ts';
import { remainingBackoffMs } from './backoff.ts';
import { hasIndex } from './indexes.ts';
import {
  COMPLETION_INDEX,
  counterOf,
  finishedAt,
  INDEX_FAILURE_COUNT,
  INDEX_IGNORED_FAILURE_COUNT,
  isIndexed,
  isSuspended,
  replacesOnlyFailed,
} from './pods.ts';
import { releasePods } from './release.ts';
import { podsForRemoval } from './removal.ts';
import { jobPod } from './template.ts';
import { awaitingReplacement, type JobView } from './view.ts';

/** At most so many Pods are made or removed in one sync. */
const MAX_PODS_PER_SYNC = 500;

export interface Managed {
  readonly error?: StatusError | undefined;
  /** Pods are due, but not before so many milliseconds. */
  readonly waitMs?: number;
}

/**
 * Brings the number of active Pods to what the Job wants: parallelism, or what is still to complete if that is less.
 * Either removes or creates, never both in one sync. The counts of the view follow.
 * Worked example: completions 5, parallelism 2, succeeded 4: wanted is min(5 - 4, 2) = 1.
 * Counterpart: manageJob of k8s.io/kubernetes/pkg/controller/job.
 */
export function manageJob(context: ControllerContext, view: JobView, backoffMs: number): Managed {
  const { job, activePods } = view;
  if (isSuspended(job)) return { error: giveUpPods(context, view, activePods) };
  const wanted = wantedActive(view);
  const surplus = podsForRemoval(job, activePods, Math.max(0, view.active - wanted), context.now());
  if (surplus.length > 0) return { error: giveUpPods(context, view, surplus.slice(0, MAX_PODS_PER_SYNC)) };
  const missing = wanted - view.active - (replacesOnlyFailed(job) ? view.terminating : 0);
  return missing > 0 ? createPods(context, view, Math.min(missing, MAX_PODS_PER_SYNC), backoffMs) : {};
}

/** Deletes Pods and takes them out of the view's counts: they are terminating now. */
export function removePods(context: ControllerContext, view: JobView, pods: readonly Pod[]): StatusError | undefined {
  const control = new PodControl(context.client, context.events);
  let refusal: StatusError | undefined;
  for (const pod of pods) {
    const error = control.delete(pod, JOBS, view.job);
    if (error !== undefined) {
      refusal ??= error;
      continue;
    }
    view.active--;
    view.terminating++;
    if (isPodReady(pod)) view.ready--;
  }
  return refusal;
}

/** Deletes Pods that the Job does not want any more. They lose their finalizer first, so they are not counted as failures. */
function giveUpPods(context: ControllerContext, view: JobView, pods: readonly Pod[]): StatusError | undefined {
  releasePods(context, pods);
  return removePods(context, view, pods);
}

function wantedActive({ job, active, succeeded }: JobView): number {
  const { completions, parallelism = 1 } = job.spec ?? {};
  // Without a number of completions the first success ends the making of Pods; those that run may end.
  if (completions === undefined) return succeeded > 0 ? active : parallelism;
  return Math.max(0, Math.min(completions - succeeded, parallelism));
}

function createPods(context: ControllerContext, view: JobView, count: number, backoffMs: number): Managed {
  const { job } = view;
  const perIndex = view.failedIndexes !== undefined;
  if (!perIndex && backoffMs > 0) return { waitMs: backoffMs };
  const waiting = awaitingReplacement(view);
  const pending = isIndexed(job) ? pendingIndexes(view, count) : undefined;
  const waitOf = (index: number): number => (perIndex ? indexBackoffMs(waiting.get(index), context.now()) : 0);
  const due = pending?.filter((index) => waitOf(index) <= 0);
  const waits = (pending ?? []).map(waitOf).filter((wait) => wait > 0);
  const later = waits.length === 0 ? {} : { waitMs: Math.min(...waits) };
  if (due?.length === 0) return later;
  const control = new PodControl(context.client, context.events);
  let next = 0;
  const { successes, error } = slowStartBatch(due?.length ?? count, () => {
    const index = due?.[next++];
    return control.create(jobPod(job, index, index === undefined ? undefined : waiting.get(index)), JOBS, job);
  });
  view.active += successes;
  const refusal = error as StatusError | undefined;
  return { ...later, ...(refusal === undefined || isNamespaceTerminating(refusal) ? {} : { error: refusal }) };
}

/** The lowest indexes that nobody works on and that have neither succeeded nor failed. */
function pendingIndexes({ job, activePods, pods, succeededIndexes, failedIndexes = [] }: JobView, count: number): readonly number[] {
  // With replacement of failed Pods only, a terminating Pod still holds its index.
  const holders = replacesOnlyFailed(job)
    ? pods.filter(({ status }) => status?.phase !== 'Failed' && status?.phase !== 'Succeeded')
    : activePods;
  const busy = new Set(holders.map((pod) => pod.metadata.annotations?.[COMPLETION_INDEX]));
  const indexes: number[] = [];
  for (let index = 0; index < (job.spec?.completions ?? 0) && indexes.length < count; index++) {
    if (!busy.has(String(index)) && !hasIndex(succeededIndexes, index) && !hasIndex(failedIndexes, index)) indexes.push(index);
  }
  return indexes;
}

function indexBackoffMs(failed: Pod | undefined, nowMs: number): number {
  if (failed === undefined) return 0;
  const failures = counterOf(failed, INDEX_FAILURE_COUNT) + counterOf(failed, INDEX_IGNORED_FAILURE_COUNT) + 1;
  return remainingBackoffMs(failures, finishedAt(failed), nowMs);
}
