import { draft, jsonEqual, type Draft } from '../../base/json.ts';
import { CRONJOBS, JOBS } from '../../api/schema/resources.ts';
import type { CronJob, CronJobStatus, Job } from '../../api/schema/types/batch/v1.ts';
import { locationError } from '../../api/batch/cronjob/timeZone.ts';
import { scheduleError } from '../../api/batch/cronjob/schedule.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import { quote } from '../../apimachinery/field/quote.ts';
import { formatTime, formatTimeIn, parseTime } from '../../apimachinery/meta/time.ts';
import { objectReference } from '../../client/client.ts';
import type { EventType } from '../../client/eventRecorder.ts';
import type { Result } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { newControllerRef, isControlledBy } from '../util/controllerRef.ts';
import { isNamespaceTerminating } from '../util/podControl.ts';
import { deleteJob, dropActive, followJobs, keepHistory } from './active.ts';
import { mostRecentDue, untilNext } from './missed.ts';
import { parseSchedule, type Schedule } from '../../api/batch/cronjob/times.ts';

const SCHEDULED_AT = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/**
 * One look at a CronJob: tidy up, follow its Jobs, start the one that is due, write the status.
 * Counterpart: sync of k8s.io/kubernetes/pkg/controller/cronjob.
 */
export function syncCronJob(context: ControllerContext, cronJob: CronJob): Result | undefined {
  const { client } = context;
  const jobs = client.ownedBy(JOBS, cronJob.metadata.uid ?? '').filter((job) => isControlledBy(job, cronJob));
  const status = draft(cronJob.status ?? {}) as Draft<CronJobStatus>;
  // First what is over goes: of a Job that leaves no trace nobody says that it completed.
  keepHistory(context, cronJob, jobs, status);
  followJobs(context, cronJob, jobs, status);
  let result: Result | undefined;
  try {
    result = startDue(context, cronJob, status);
  } finally {
    if (!jsonEqual(cronJob.status ?? {}, status)) client.updateStatus(CRONJOBS, { ...draft(cronJob), status });
  }
  return result;
}

function startDue(context: ControllerContext, cronJob: CronJob, status: Draft<CronJobStatus>): Result | undefined {
  const now = context.now();
  const { spec, metadata } = cronJob;
  if (metadata.deletionTimestamp !== undefined) return undefined;
  const say = (type: EventType, reason: string, message: string): void =>
    context.events.event(objectReference(CRONJOBS, cronJob), type, reason, message);
  const unknown = spec.timeZone === undefined ? undefined : locationError(spec.timeZone);
  if (unknown !== undefined) say('Warning', 'UnknownTimeZone', `invalid timeZone: ${quote(spec.timeZone ?? '')}: ${unknown}`);
  // Of the schedule of one that is suspended nobody speaks.
  const schedule = unknown === undefined && spec.suspend !== true ? readSchedule(cronJob, say) : undefined;
  if (schedule === undefined) return undefined;
  const { newest, missed } = mostRecentDue(cronJob, schedule, now, true);
  if (missed === 'many') {
    say('Warning', 'TooManyMissedTimes', 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew');
  }
  const later = (): Result | undefined => nextLook({ ...cronJob, status }, schedule, now);
  if (newest === undefined) return later();
  const { startingDeadlineSeconds } = spec;
  if (startingDeadlineSeconds !== undefined && newest + startingDeadlineSeconds * 1000 < now) {
    say('Warning', 'MissSchedule', `Missed scheduled time to start a job: ${new Date(newest).toUTCString().replace('GMT', '+0000')}`);
    return later();
  }
  const name = jobName(cronJob, newest);
  const isStarted = status.active?.some((reference) => reference.name === name) === true;
  if (isStarted || (status.lastScheduleTime !== undefined && parseTime(status.lastScheduleTime) === newest)) return later();
  const active = status.active ?? [];
  if (spec.concurrencyPolicy === 'Forbid' && active.length > 0) {
    say('Normal', 'JobAlreadyActive', 'Not starting job because prior execution is running and concurrency policy is Forbid');
    return later();
  }
  if (spec.concurrencyPolicy === 'Replace' && !replaceActive(context, cronJob, status)) return { requeue: true };
  const job = createJob(context, cronJob, newest, say);
  // Somebody else's Job has the name: that one is left to look after the time, and nothing is planned until something changes.
  if (job === undefined || active.some(({ uid }) => uid === job.metadata.uid)) return undefined;
  (status.active ??= []).push(draft(objectReference(JOBS, job)));
  status.lastScheduleTime = formatTime(newest);
  return later();
}

type Say = (type: EventType, reason: string, message: string) => void;

function readSchedule({ spec }: CronJob, say: Say): Schedule | undefined {
  const { timeZone, schedule: text } = spec;
  if (/TZ=/.test(text)) {
    const hint =
      'CRON_TZ or TZ used in schedule ' +
      quote(text) +
      ' is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details';
    say('Warning', 'UnsupportedSchedule', hint);
  }
  const problem = scheduleError(text);
  const schedule = problem === undefined ? parseSchedule(text, timeZone) : undefined;
  if (schedule === undefined) say('Warning', 'UnparseableSchedule', `unparseable schedule: ${quote(text)} : ${problem ?? ''}`);
  return schedule;
}

/** A CronJob's wait for its next time is a routine: without it the cluster would never be stable. */
function nextLook(cronJob: CronJob, schedule: Schedule, now: number): Result | undefined {
  const wait = untilNext(cronJob, schedule, now);
  return wait === undefined ? undefined : { requeueAfterMs: Math.max(1, wait), background: true };
}

function replaceActive(context: ControllerContext, cronJob: CronJob, status: Draft<CronJobStatus>): boolean {
  for (const { namespace = '', name = '', uid } of [...(status.active ?? [])]) {
    const job = context.client.get(JOBS, namespace, name);
    if (job === undefined) dropActive(status, uid);
    else if (!deleteJob(context, cronJob, job, status)) return false;
  }
  return true;
}

/** The name tells the minute since 1970, so that one time is started for once only. */
function jobName({ metadata }: CronJob, dueMs: number): string {
  return `${metadata.name ?? ''}-${Math.floor(dueMs / 60_000)}`;
}

/** Returns undefined if there is nothing to note: somebody else's Job has the name. @throws StatusError */
function createJob(context: ControllerContext, cronJob: CronJob, dueMs: number, say: Say): Job | undefined {
  const { client } = context;
  const { jobTemplate, timeZone } = cronJob.spec;
  const namespace = cronJob.metadata.namespace ?? '';
  const name = jobName(cronJob, dueMs);
  const { labels, annotations } = draft(jobTemplate.metadata ?? {});
  try {
    const job = client.create(JOBS, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name,
        namespace,
        ...(labels === undefined ? {} : { labels }),
        annotations: { ...annotations, [SCHEDULED_AT]: formatTimeIn(dueMs, timeZone) },
        creationTimestamp: formatTime(dueMs),
        ownerReferences: [draft(newControllerRef(CRONJOBS, cronJob))],
      },
      ...(jobTemplate.spec === undefined ? {} : { spec: draft(jobTemplate.spec) }),
    });
    say('Normal', 'SuccessfulCreate', `Created job ${name}`);
    return job;
  } catch (error) {
    // In a namespace that is being deleted every creation fails; that is no news.
    if (!(error instanceof StatusError) || isNamespaceTerminating(error)) throw error;
    if (error.status.reason === 'AlreadyExists') {
      // Perhaps the last look made the Job but could not write that down.
      const existing = client.get(JOBS, namespace, name);
      return existing !== undefined && isControlledBy(existing, cronJob) ? existing : undefined;
    }
    say('Warning', 'FailedCreate', `Error creating job: ${error.message}`);
    throw error;
  }
}
