import { parseTime } from '../../../apimachinery/meta/time.ts';
import { formatLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { age, AGE, containerCells, NAME, text, wide } from '../../columns.ts';
import { humanDuration, translateTimestampSince } from '../../duration.ts';
import type { Job } from '../../schema/types/batch/v1.ts';
import type { Table } from '../../table.ts';
import { hasCondition } from './conditions.ts';

export const JOB_TABLE: Table<Job> = {
  columns: [NAME, text('Status'), text('Completions'), text('Duration'), AGE, wide('Containers'), wide('Images'), wide('Selector')],
  cells: (job, nowMs) => [
    job.metadata.name ?? '',
    statusOf(job),
    completionsOf(job),
    durationOf(job, nowMs),
    age(job, nowMs),
    ...containerCells(job.spec?.template),
    formatLabelSelector(job.spec?.selector),
  ],
};

function statusOf({ metadata, status }: Job): string {
  if (hasCondition(status, 'Complete')) return 'Complete';
  if (hasCondition(status, 'Failed')) return 'Failed';
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (hasCondition(status, 'Suspended')) return 'Suspended';
  return hasCondition(status, 'FailureTarget') ? 'FailureTarget' : 'Running';
}

/** A Job without a number is done when one of its Pods is. */
function completionsOf({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationOf({ status }: Job, nowMs: number): string {
  if (status?.startTime === undefined) return '';
  if (status.completionTime === undefined) return translateTimestampSince(status.startTime, nowMs);
  return humanDuration(parseTime(status.completionTime) - parseTime(status.startTime));
}
