import type { JobStatus } from '../../schema/types/batch/v1.ts';

export type JobConditionType = 'Complete' | 'Failed' | 'FailureTarget' | 'SuccessCriteriaMet' | 'Suspended';

export function hasCondition(status: JobStatus | undefined, type: JobConditionType): boolean {
  return (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
}

export function isFinished(status: JobStatus | undefined): boolean {
  return hasCondition(status, 'Complete') || hasCondition(status, 'Failed');
}
