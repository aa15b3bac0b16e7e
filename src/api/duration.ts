/** How tables print a length of time. Counterpart: k8s.io/apimachinery/pkg/util/duration. */
import { parseTime } from '../apimachinery/meta/time.ts';

/**
 * The age column: how long ago something was.
 * @param nowMs virtual time, milliseconds since 1970
 */
export function translateTimestampSince(time: string | undefined | null, nowMs: number): string {
  if (time === undefined || time === null || time === '') return '<unknown>';
  return humanDuration(nowMs - parseTime(time));
}

/**
 * Two units at most, the second only while it matters:
 * 119000 ms is `119s`, 120000 ms is `2m`, 125000 ms is `2m5s`, 10 minutes and more drop the seconds, 3 hours and more
 * count hours (`3h5m`), 8 hours and more drop the minutes, 2 days and more count days (`2d3h`), 8 days drop the hours.
 */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / SECOND);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(ms / MINUTE);
  if (minutes < 10) return joined(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(ms / HOUR);
  if (hours < 8) return joined(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 192) return joined(days, 'd', hours % 24, 'h');
  if (hours < 2 * HOURS_OF_YEAR) return `${days}d`;
  const years = Math.trunc(hours / HOURS_OF_YEAR);
  if (hours < 8 * HOURS_OF_YEAR) return joined(years, 'y', days % 365, 'd');
  return `${years}y`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const HOURS_OF_YEAR = 24 * 365;

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
