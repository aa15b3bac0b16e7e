import type { Draft } from '../../base/json.ts';
import type { Job, JobCondition, JobStatus } from '../../api/schema/types/batch/v1.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';

export type JobConditionType = 'Complete' | 'Failed' | 'FailureTarget' | 'SuccessCriteriaMet' | 'Suspended';

export function jobCondition(job: Job, type: JobConditionType): JobCondition | undefined {
  return job.status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

/** Complete or Failed: nothing will be done for the Job any more. */
export function finishedCondition(job: Job): JobCondition | undefined {
  return jobCondition(job, 'Complete') ?? jobCondition(job, 'Failed');
}

export function newCondition(type: JobConditionType, reason: string, message: string, nowMs: number): Draft<JobCondition> {
  const time = formatTime(nowMs);
  return { type, status: 'True', lastProbeTime: time, lastTransitionTime: time, reason, message };
}

/**
 * Sets a condition's status; a condition that was never there is not written as False.
 * @returns whether anything changed
 */
export function ensureCondition(
  status: Draft<JobStatus>,
  type: JobConditionType,
  value: 'True' | 'False',
  reason: string,
  message: string,
  nowMs: number,
): boolean {
  const conditions = (status.conditions ??= []);
  const index = conditions.findIndex((condition) => condition.type === type);
  const before = conditions[index];
  if (before === undefined && value === 'False') {
    if (conditions.length === 0) delete status.conditions;
    return false;
  }
  if (before !== undefined && before.status === value && before.reason === reason && before.message === message) return false;
  const made = { ...newCondition(type, reason, message, nowMs), status: value };
  if (before === undefined) conditions.push(made);
  else conditions[index] = made;
  return true;
}
