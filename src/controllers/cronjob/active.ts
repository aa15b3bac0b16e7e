import type { Draft } from '../../base/json.ts';
import { CRONJOBS, JOBS } from '../../api/schema/resources.ts';
import type { CronJob, CronJobStatus, Job } from '../../api/schema/types/batch/v1.ts';
import type { ObjectReference } from '../../api/schema/types/core/v1.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import { objectReference } from '../../client/client.ts';
import { finishedCondition } from '../job/conditions.ts';
import type { ControllerContext } from '../runtime/environment.ts';

/**
 * Brings status.active and lastSuccessfulTime in line with the CronJob's Jobs.
 * Counterpart: the first half of syncCronJob of k8s.io/kubernetes/pkg/controller/cronjob.
 */
export function followJobs(context: ControllerContext, cronJob: CronJob, jobs: readonly Job[], status: Draft<CronJobStatus>): void {
  const { events } = context;
  const about = objectReference(CRONJOBS, cronJob);
  for (const job of jobs) {
    const { name = '', uid } = job.metadata;
    const isActive = status.active?.some((reference) => reference.uid === uid) === true;
    const finished = finishedCondition(job);
    if (!isActive && finished === undefined) {
      events.event(about, 'Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`);
    } else if (isActive && finished !== undefined) {
      dropActive(status, uid);
      events.event(about, 'Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${finished.type}`);
      noteSuccess(job, status);
    } else if (finished?.type === 'Complete') noteSuccess(job, status);
  }
  const known = new Set(jobs.map(({ metadata }) => metadata.uid));
  for (const { uid, name = '', namespace = '' } of [...(status.active ?? [])]) {
    if (known.has(uid ?? '') || context.client.get(JOBS, namespace, name)?.metadata.uid === uid) continue;
    events.event(about, 'Normal', 'MissingJob', `Active job went missing: ${name}`);
    dropActive(status, uid);
  }
}

function noteSuccess({ status: jobStatus }: Job, status: Draft<CronJobStatus>): void {
  const at = jobStatus?.completionTime;
  if (at === undefined) return;
  if (status.lastSuccessfulTime === undefined || parseTime(status.lastSuccessfulTime) < parseTime(at)) status.lastSuccessfulTime = at;
}

export function dropActive(status: Draft<CronJobStatus>, uid: string | undefined): void {
  const rest = (status.active ?? []).filter((reference) => reference.uid !== uid);
  if (rest.length === 0) delete status.active;
  else status.active = rest;
}

/** Deletes a Job and says so. Returns whether that went well. */
export function deleteJob(context: ControllerContext, cronJob: CronJob, job: Job, status: Draft<CronJobStatus>): boolean {
  const about: ObjectReference = objectReference(CRONJOBS, cronJob);
  const { namespace = '', name = '', uid } = job.metadata;
  try {
    context.client.delete(JOBS, namespace, name, { propagationPolicy: 'Background' });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    context.events.event(about, 'Warning', 'FailedDelete', `Deleted job: ${error.message}`);
    return false;
  }
  dropActive(status, uid);
  context.events.event(about, 'Normal', 'SuccessfulDelete', `Deleted job ${name}`);
  return true;
}

/** Deletes the oldest finished Jobs beyond the two history limits. Counterpart: cleanupFinishedJobs. */
export function keepHistory(context: ControllerContext, cronJob: CronJob, jobs: readonly Job[], status: Draft<CronJobStatus>): void {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = cronJob.spec;
  for (const [type, limit] of [
    ['Complete', successfulJobsHistoryLimit],
    ['Failed', failedJobsHistoryLimit],
  ] as const) {
    if (limit === undefined) continue;
    const ended = jobs.filter((job) => finishedCondition(job)?.type === type).sort(byStart);
    for (const job of ended.slice(0, Math.max(0, ended.length - limit))) deleteJob(context, cronJob, job, status);
  }
}

/** Jobs that never started come last; equal starts go by name. */
function byStart(left: Job, right: Job): number {
  const start = ({ status }: Job): number => (status?.startTime === undefined ? Number.POSITIVE_INFINITY : parseTime(status.startTime));
  const [a, b] = [start(left), start(right)];
  if (a !== b) return a < b ? -1 : 1;
  return (left.metadata.name ?? '') < (right.metadata.name ?? '') ? -1 : 1;
}
