import { draft, jsonEqual, type Draft } from '../../base/json.ts';
import { JOBS } from '../../api/schema/resources.ts';
import type { Job, JobStatus } from '../../api/schema/types/batch/v1.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { ensureCondition, jobCondition, newCondition } from './conditions.ts';
import { judgeFailure } from './failurePolicy.ts';
import { countIndexes, formatIndexes, hasIndex, withIndexes } from './indexes.ts';
import { hasFailed, indexOf, isIndexed, isTracked } from './pods.ts';
import { releasePods } from './release.ts';
import { awaitingReplacement, type JobView } from './view.ts';

/** So many Pods are between "ended" and "counted" at most. */
const MAX_UNCOUNTED = 500;

/**
 * Counts the Pods that have ended, each exactly once, though counting and the Pod's going are two objects:
 * 1. their uids are written to status.uncountedTerminatedPods (of an Indexed Job's successes the index is enough);
 * 2. their finalizers are taken away, so that they may go;
 * 3. uids without a finalizer leave the list and are added to succeeded and failed.
 * Whoever stops between two steps can go on. Then, if the Job is ending and nothing of it is left running or uncounted,
 * its last condition is written.
 * Counterpart: trackJobStatusAndRemoveFinalizers of k8s.io/kubernetes/pkg/controller/job.
 * @returns whether the Job finished just now
 */
export function trackStatus(context: ControllerContext, view: JobView): boolean {
  const { status } = view;
  const counted = (status.uncountedTerminatedPods ??= {});
  countReleased(status, view.pods);
  const { released, full } = listEnded(view, counted);
  if (isIndexed(view.job)) writeIndexes(view, released);
  const ended = announceEnd(context, view);
  let job = write(context, view.job, status);
  const gone = releasePods(context, released);
  countReleased(
    status,
    view.pods.filter((pod) => !gone.has(pod.metadata.uid ?? '')),
  );
  const finished = ended && !full && isSettled(view) && finish(context, view);
  job = write(context, job, status);
  return finished;
}

function listEnded(
  view: JobView,
  uncounted: NonNullable<Draft<JobStatus>['uncountedTerminatedPods']>,
): { readonly released: readonly Pod[]; readonly full: boolean } {
  const { job, ending } = view;
  const waiting = awaitingReplacement(view);
  const failing = ending !== undefined && ending.type !== 'SuccessCriteriaMet';
  const released: Pod[] = [];
  for (const pod of view.pods) {
    if (!isTracked(pod)) continue;
    const failed = hasFailed(pod, job);
    if (!mayRelease(view, pod, failed, waiting)) continue;
    released.push(pod);
    const uid = pod.metadata.uid ?? '';
    const inRange = !isIndexed(job) || indexOf(pod, job) !== undefined;
    if (pod.status?.phase === 'Succeeded') {
      if (!isIndexed(job) && uncounted.succeeded?.includes(uid) !== true) (uncounted.succeeded ??= []).push(uid);
    } else if ((failed || failing) && inRange && uncounted.failed?.includes(uid) !== true && judgeFailure(job, pod).counts) {
      (uncounted.failed ??= []).push(uid);
    }
    if (released.length >= MAX_UNCOUNTED) return { released, full: true };
  }
  return { released, full: false };
}

function mayRelease(view: JobView, pod: Pod, failed: boolean, waiting: ReadonlyMap<number, Pod>): boolean {
  const { job, ending } = view;
  if (job.metadata.deletionTimestamp !== undefined || ending !== undefined || pod.status?.phase === 'Succeeded') return true;
  if (!failed) return false;
  const index = indexOf(pod, job);
  return index === undefined || waiting.get(index)?.metadata.uid !== pod.metadata.uid;
}

function writeIndexes(view: JobView, released: readonly Pod[]): void {
  const { job, status, countedIndexes } = view;
  const done = released
    .filter((pod) => pod.status?.phase === 'Succeeded')
    .map((pod) => indexOf(pod, job))
    .filter((index) => index !== undefined && !hasIndex(countedIndexes, index));
  const indexes = withIndexes(countedIndexes, done as number[]);
  setOrDrop(status, 'succeeded', countIndexes(indexes));
  if (indexes.length === 0) delete status.completedIndexes;
  else status.completedIndexes = formatIndexes(indexes);
  if (view.failedIndexes !== undefined) status.failedIndexes = formatIndexes(view.failedIndexes);
  else delete status.failedIndexes;
}

/** Writes the condition that tells how the Job will end, before anything is counted; the final one has the same reason and message. */
function announceEnd(context: ControllerContext, view: JobView): boolean {
  const { ending, status, job } = view;
  if (ending === undefined) return false;
  if (jobCondition(job, ending.type as 'FailureTarget') === undefined) (status.conditions ??= []).push(ending);
  const type = ending.type === 'SuccessCriteriaMet' ? 'Complete' : 'Failed';
  view.ending = newCondition(type, ending.reason ?? '', ending.message ?? '', context.now());
  return true;
}

function isSettled({ status, terminating }: JobView): boolean {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  return succeeded.length + failed.length === 0 && terminating === 0;
}

function finish(context: ControllerContext, { ending, status }: JobView): boolean {
  if (ending === undefined) return false;
  const { type, reason = '', message = '', lastTransitionTime } = ending;
  ensureCondition(status, type as 'Complete', 'True', reason, message, context.now());
  if (type === 'Complete' && lastTransitionTime !== undefined) status.completionTime = lastTransitionTime;
  return true;
}

/** Uids whose Pods have no finalizer any more (or are gone) move from the list to the counters. */
function countReleased(status: Draft<JobStatus>, pods: readonly Pod[]): void {
  const uncounted = status.uncountedTerminatedPods;
  if (uncounted === undefined) return;
  const tracked = new Set(pods.filter(isTracked).map(({ metadata }) => metadata.uid));
  for (const outcome of ['succeeded', 'failed'] as const) {
    const uids = uncounted[outcome] ?? [];
    const left = uids.filter((uid) => tracked.has(uid));
    if (left.length === uids.length) continue;
    setOrDrop(status, outcome, (status[outcome] ?? 0) + uids.length - left.length);
    if (left.length === 0) delete uncounted[outcome];
    else uncounted[outcome] = left;
  }
}

function write({ client }: ControllerContext, job: Job, status: Draft<JobStatus>): Job {
  if (jsonEqual(job.status ?? {}, status)) return job;
  return client.updateStatus(JOBS, { ...draft(job), status: draft(status) });
}

function setOrDrop(status: Draft<JobStatus>, key: 'succeeded' | 'failed', value: number): void {
  if (value === 0) delete status[key];
  else status[key] = value;
}
