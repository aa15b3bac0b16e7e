import { draft, type Draft } from '../../base/json.ts';
import { JOBS, PODS } from '../../api/schema/resources.ts';
import type { Job, JobCondition, JobStatus } from '../../api/schema/types/batch/v1.ts';
import { fromLabelSelector } from '../../apimachinery/labels/selector.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import { formatTime, parseTime } from '../../apimachinery/meta/time.ts';
import { objectReference } from '../../client/client.ts';
import type { Result } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { claim } from '../util/refManager.ts';
import type { BackoffStore } from './backoff.ts';
import { ensureCondition, finishedCondition, jobCondition, newCondition } from './conditions.ts';
import { jobFailureMessage } from './failurePolicy.ts';
import { countIndexes } from './indexes.ts';
import { manageJob, removePods, type Managed } from './manage.ts';
import { exceedsRestarts, hasFailed, isIndexed, isSuspended } from './pods.ts';
import { metSuccessPolicy } from './successPolicy.ts';
import { trackStatus } from './tracking.ts';
import { viewOf, type JobView } from './view.ts';

/**
 * One look at a Job: decide whether it ends, else make or remove Pods, then count those that have ended and write the
 * status. A finished Job is not looked at again.
 * Counterpart: syncJob of k8s.io/kubernetes/pkg/controller/job.
 */
export function syncJob(context: ControllerContext, backoff: BackoffStore, job: Job): Result | undefined {
  const key = keyOf(job);
  if (finishedCondition(job) !== undefined) {
    backoff.forget(key);
    return undefined;
  }
  const now = context.now();
  const status = draft(job.status ?? {}) as Draft<JobStatus>;
  const pods = claim(context.client, JOBS, job, PODS, fromLabelSelector(job.spec?.selector));
  const view = viewOf(job, pods, status);
  if (status.startTime === undefined && !isSuspended(job)) status.startTime = formatTime(now);
  backoff.record(key, view.newSucceeded, view.newFailed);
  view.ending = endOf(view, now);
  let managed: Managed = {};
  if (view.ending !== undefined) managed = { error: removePods(context, view, view.activePods) };
  else {
    if (job.metadata.deletionTimestamp === undefined) managed = manageJob(context, view, backoff.remainingMs(key, now));
    if (isComplete(view))
      view.ending = newCondition('SuccessCriteriaMet', 'CompletionsReached', 'Reached expected number of succeeded pods', now);
    else if (job.metadata.deletionTimestamp === undefined) noteSuspension(context, view);
  }
  setCounts(view);
  if (trackStatus(context, view) && view.ending !== undefined) announceFinish(context, view, view.ending);
  if (managed.error !== undefined) throw managed.error;
  return nextLook(view, managed, now);
}

/** Why the Job ends before its Pods are counted; undefined while it goes on. The order of the reasons is the real one's. */
function endOf(view: JobView, now: number): Draft<JobCondition> | undefined {
  const { job } = view;
  const met = jobCondition(job, 'SuccessCriteriaMet');
  const target = met ?? jobCondition(job, 'FailureTarget');
  if (target !== undefined) return draft(target);
  const fail = (reason: string, message: string): Draft<JobCondition> => newCondition('FailureTarget', reason, message, now);
  const policy = jobFailureMessage(
    job,
    view.pods.filter((pod) => hasFailed(pod, job)),
  );
  if (policy !== undefined) return fail('PodFailurePolicy', policy);
  if (view.failed > (job.spec?.backoffLimit ?? 6) || exceedsRestarts(job, view.pods))
    return fail('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  const left = deadlineLeftMs(view, now);
  if (left !== undefined && left <= 0) return fail('DeadlineExceeded', 'Job was active longer than specified deadline');
  return isIndexed(job) ? endOfIndexes(view, now) : undefined;
}

function endOfIndexes({ job, failedIndexes, succeededIndexes }: JobView, now: number): Draft<JobCondition> | undefined {
  if (failedIndexes !== undefined) {
    const failed = countIndexes(failedIndexes);
    if (failed > (job.spec?.maxFailedIndexes ?? Number.POSITIVE_INFINITY))
      return newCondition(
        'FailureTarget',
        'MaxFailedIndexesExceeded',
        'Job has exceeded the specified maximal number of failed indexes',
        now,
      );
    if (failed > 0 && failed + countIndexes(succeededIndexes) >= (job.spec?.completions ?? 0))
      return newCondition('FailureTarget', 'FailedIndexes', 'Job has failed indexes', now);
  }
  const message = metSuccessPolicy(job, succeededIndexes);
  return message === undefined ? undefined : newCondition('SuccessCriteriaMet', 'SuccessPolicy', message, now);
}

function isComplete({ job, active, succeeded }: JobView): boolean {
  const completions = job.spec?.completions;
  return active === 0 && (completions === undefined ? succeeded > 0 : succeeded >= completions);
}

/** Milliseconds until activeDeadlineSeconds are over; undefined without a deadline, before the start and while suspended. */
function deadlineLeftMs({ job, status }: JobView, now: number): number | undefined {
  const seconds = job.spec?.activeDeadlineSeconds;
  if (seconds === undefined || status.startTime === undefined || isSuspended(job)) return undefined;
  return parseTime(status.startTime) + seconds * 1000 - now;
}

function noteSuspension(context: ControllerContext, { job, status }: JobView): void {
  const now = context.now();
  const about = objectReference(JOBS, job);
  if (isSuspended(job)) {
    if (!ensureCondition(status, 'Suspended', 'True', 'JobSuspended', 'Job suspended', now)) return;
    delete status.startTime;
    context.events.event(about, 'Normal', 'Suspended', 'Job suspended');
    return;
  }
  if (!ensureCondition(status, 'Suspended', 'False', 'JobResumed', 'Job resumed', now)) return;
  context.events.event(about, 'Normal', 'Resumed', 'Job resumed');
  // A Job that goes on has its whole deadline before it again.
  status.startTime = formatTime(now);
}

function setCounts({ status, active, ready, terminating }: JobView): void {
  if (active === 0) delete status.active;
  else status.active = active;
  status.ready = ready;
  status.terminating = terminating;
}

function announceFinish({ events }: ControllerContext, { job, status }: JobView, { type, reason, message }: Draft<JobCondition>): void {
  const about = objectReference(JOBS, job);
  if (type !== 'Complete') {
    events.event(about, 'Warning', reason ?? '', message ?? '');
    return;
  }
  const { completions } = job.spec ?? {};
  if (completions !== undefined && (status.succeeded ?? 0) > completions)
    events.event(about, 'Warning', 'TooManySucceededPods', 'Too many succeeded pods running after completion count reached');
  events.event(about, 'Normal', 'Completed', 'Job completed');
}

function nextLook(view: JobView, { waitMs }: Managed, now: number): Result | undefined {
  if (view.ending !== undefined) return undefined;
  const times = [waitMs, deadlineLeftMs(view, now)].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : { requeueAfterMs: Math.max(1, Math.min(...times)) };
}
