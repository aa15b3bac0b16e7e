/** Times and amounts in words. Ages are written as kubectl writes them: `45s`, `3m10s`, `25m`, `3h5m`, `2d`. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `Day 1 · 00:06:12` for 6 minutes and 12 seconds after the start. */
export function clockText(elapsedMs: number): string {
  const elapsed = Math.max(0, elapsedMs);
  return `Day ${Math.floor(elapsed / DAY) + 1} · ${twoDigits(elapsed % DAY, HOUR)}:${twoDigits(elapsed % HOUR, MINUTE)}:${twoDigits(elapsed % MINUTE, SECOND)}`;
}

/** Longer than any simulation: what is counted from no beginning, but from 1970. */
const WALL = 20 * 365 * DAY;

/** `06:11` after the start, `1:06:11` after an hour, `2d 03:04:05` after two days; of a real cluster the time of the day. */
export function timeText(elapsedMs: number): string {
  const elapsed = Math.max(0, elapsedMs);
  if (elapsed > WALL) return wallText(new Date(elapsed), new Date());
  const seconds = `${twoDigits(elapsed % HOUR, MINUTE)}:${twoDigits(elapsed % MINUTE, SECOND)}`;
  if (elapsed < HOUR) return seconds;
  if (elapsed < DAY) return `${Math.floor(elapsed / HOUR)}:${seconds}`;
  return `${Math.floor(elapsed / DAY)}d ${twoDigits(elapsed % DAY, HOUR)}:${seconds}`;
}

/** `14:06:11` today, `11-26 14:06` on another day, in the time of the place. */
export function wallText(at: Date, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return at.toDateString() === now.toDateString()
    ? `${time}:${two(at.getSeconds())}`
    : `${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** The AGE column of kubectl: two units while they matter, one after that. */
export function ageText(ms: number): string {
  const age = Math.max(0, ms);
  if (age < 2 * MINUTE) return `${Math.floor(age / SECOND)}s`;
  if (age < 10 * MINUTE) return twoUnits(age, MINUTE, 'm', SECOND, 's');
  if (age < 3 * HOUR) return `${Math.floor(age / MINUTE)}m`;
  if (age < 8 * HOUR) return twoUnits(age, HOUR, 'h', MINUTE, 'm');
  if (age < 2 * DAY) return `${Math.floor(age / HOUR)}h`;
  if (age < 8 * DAY) return twoUnits(age, DAY, 'd', HOUR, 'h');
  return `${Math.floor(age / DAY)}d`;
}

/** `1m 22s`: a duration that is watched while it passes. */
export function countdownText(ms: number): string {
  const rest = Math.max(0, ms);
  if (rest < MINUTE) return `${Math.floor(rest / SECOND)}s`;
  if (rest < HOUR) return `${Math.floor(rest / MINUTE)}m ${Math.floor((rest % MINUTE) / SECOND)}s`;
  return `${Math.floor(rest / HOUR)}h ${Math.floor((rest % HOUR) / MINUTE)}m`;
}

/** Cores with at most two digits behind the point: `3.4`. */
export function coresText(milliCpu: number): string {
  return trim(milliCpu / 1000);
}

/** `512 MiB`, `1.5 GiB` */
export function bytesText(bytes: number): string {
  const gib = bytes / 2 ** 30;
  return gib >= 1 ? `${trim(gib)} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** `1 Pod`, `2 Pods` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

const TAIL = 6;
const LONG = 14;

/** The beginning of a name, which may be cut, and the end, which tells the Pods of one workload apart: `web-7c5f9`, `-x2x8p`. */
export function splitName(name: string): readonly [string, string] {
  return name.length < LONG ? [name, ''] : [name.slice(0, -TAIL), name.slice(-TAIL)];
}

function trim(amount: number): string {
  return String(Math.round(amount * 100) / 100);
}

function twoDigits(ms: number, unit: number): string {
  return String(Math.floor(ms / unit)).padStart(2, '0');
}

function twoUnits(ms: number, unit: number, name: string, next: number, nextName: string): string {
  const rest = Math.floor((ms % unit) / next);
  return `${Math.floor(ms / unit)}${name}${rest === 0 ? '' : `${rest}${nextName}`}`;
}
