import type { CronJob } from '../../api/schema/types/batch/v1.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import type { Schedule } from '../../api/batch/cronjob/times.ts';

/** More missed starts than this are reported. */
const MANY = 100;

export interface DueTime {
  /** From when on starts were looked for, milliseconds since 1970. */
  readonly earliest: number;
  /** The newest start that should have been; undefined while none is due. */
  readonly newest: number | undefined;
  readonly missed: 'none' | 'few' | 'many';
}

/**
 * The newest time that is due and was not started for: after the last start (or the creation), but with a deadline not
 * before now - startingDeadlineSeconds. Of several missed starts only the newest one is made.
 * The number of missed starts is estimated from the distance of the first two, so that a clock that jumps by years costs nothing.
 * Worked example: every minute, last start 10:00, now 10:03:30: due is 10:03, two others are missed.
 * Counterpart: mostRecentScheduleTime of k8s.io/kubernetes/pkg/controller/cronjob/utils.go.
 */
export function mostRecentDue(cronJob: CronJob, schedule: Schedule, nowMs: number, withDeadline: boolean): DueTime {
  const { lastScheduleTime } = cronJob.status ?? {};
  const since = parseTime(lastScheduleTime ?? cronJob.metadata.creationTimestamp ?? '');
  const deadline = withDeadline ? cronJob.spec.startingDeadlineSeconds : undefined;
  const earliest = deadline === undefined ? since : Math.max(since, nowMs - deadline * 1000);
  const first = schedule.next(earliest);
  if (first === undefined || nowMs < first) return { earliest, newest: undefined, missed: 'none' };
  const second = schedule.next(first);
  if (second === undefined || nowMs < second) return { earliest, newest: first, missed: 'none' };
  const distance = Math.max(1, Math.round((second - first) / 1000)) * 1000;
  const count = Math.floor((nowMs - first) / distance) + 1;
  let newest: number | undefined;
  for (let at = schedule.next(first + (count - 2) * distance); at !== undefined && at <= nowMs; at = schedule.next(at)) newest = at;
  return { earliest, newest, missed: count > MANY ? 'many' : count > 0 ? 'few' : 'none' };
}

/** A little after the time itself, as the real one adds to be sure that it has come. */
const LATE_MS = 100;

/** How long until the next start is to be looked at; undefined if there will be none. */
export function untilNext(cronJob: CronJob, schedule: Schedule, nowMs: number): number | undefined {
  const { earliest, newest, missed } = mostRecentDue(cronJob, schedule, nowMs, false);
  const next = schedule.next(newest ?? (missed === 'none' ? earliest : nowMs));
  return next === undefined ? undefined : next + LATE_MS - nowMs;
}
