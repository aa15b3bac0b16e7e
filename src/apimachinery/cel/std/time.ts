import { CelDuration, CelError, CelTime } from '../values.ts';

const SECOND = 1_000_000_000n;
const MIN_TIME = -62_135_596_800n * SECOND;
const MAX_TIME = 253_402_300_799n * SECOND + 999_999_999n;
const MAX_DURATION = 2n ** 63n - 1n;

export function makeTime(nanos: bigint): CelTime {
  if (nanos < MIN_TIME || nanos > MAX_TIME) throw new CelError('timestamp overflow');
  return new CelTime(nanos);
}

export function makeDuration(nanos: bigint): CelDuration {
  if (nanos > MAX_DURATION || nanos < -MAX_DURATION - 1n) throw new CelError('duration overflow');
  return new CelDuration(nanos);
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  '\u00b5s': 1000n,
  '\u03bcs': 1000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
};

/** `1h30m`, `-1.5s` in nanoseconds; undefined if it is no duration of Go. */
export function parseGoDuration(text: string): bigint | undefined {
  if (text === '0' || text === '+0' || text === '-0') return 0n;
  const parts = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/.exec(text);
  if (parts === null) return undefined;
  let nanos = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of (parts[2] ?? '').matchAll(/(\d*)\.?(\d*)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g)) {
    const size = UNITS[unit] ?? 1n;
    nanos += BigInt(whole === '' ? '0' : whole) * size;
    if (fraction !== '') nanos += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
  }
  if (nanos > MAX_DURATION) return undefined;
  return parts[1] === '-' ? -nanos : nanos;
}

/** Seconds with as many decimals as are needed: `5400s`, `0.25s`. */
export function formatDuration({ nanos }: CelDuration): string {
  return `${nanos < 0n ? '-' : ''}${decimalSeconds(nanos < 0n ? -nanos : nanos)}s`;
}

function decimalSeconds(nanos: bigint): string {
  const fraction = (nanos % SECOND).toString().padStart(9, '0').replace(/0+$/, '');
  return `${nanos / SECOND}${fraction === '' ? '' : `.${fraction}`}`;
}

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Nanoseconds since 1970 of an RFC 3339 text; undefined if it is none. */
export function parseRfc3339(text: string): bigint | undefined {
  const parts = RFC3339.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  const [offsetHours, offsetMinutes] = [Number(parts[9] ?? 0), Number(parts[10] ?? 0)];
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const seconds = BigInt(daysFromEpoch(year, month, day)) * 86_400n + BigInt(hour * 3600 + minute * 60 + second);
  const offset = BigInt((offsetHours * 60 + offsetMinutes) * 60) * (parts[8] === '-' ? -1n : 1n);
  return (seconds - offset) * SECOND + BigInt((parts[7] ?? '').padEnd(9, '0').slice(0, 9));
}

export function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days of the proleptic Gregorian calendar since 1970-01-01. */
function daysFromEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

export interface CivilTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** Sunday is 0. */
  readonly weekday: number;
  /** From 0. */
  readonly dayOfYear: number;
}

/** The calendar's view of a time, in a zone (`UTC`, `-08:00`, `America/New_York`). */
export function civilTime({ nanos }: CelTime, zone: string): CivilTime {
  const local = nanos + BigInt(zoneOffsetSeconds(nanos, zone)) * SECOND;
  const seconds = floorDiv(local, SECOND);
  const days = Number(floorDiv(seconds, 86_400n));
  const ofDay = Number(seconds - BigInt(days) * 86_400n);
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return {
    year,
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
    hour: Math.floor(ofDay / 3600),
    minute: Math.floor((ofDay % 3600) / 60),
    second: ofDay % 60,
    millisecond: Number((local - seconds * SECOND) / 1_000_000n),
    weekday: (((days + 4) % 7) + 7) % 7,
    dayOfYear: days - daysFromEpoch(year, 1, 1),
  };
}

/** RFC 3339 in UTC with as many decimals as are needed. */
export function formatTimestamp(time: CelTime): string {
  const { year, month, day, hour, minute, second } = civilTime(time, 'UTC');
  const two = (value: number): string => String(value).padStart(2, '0');
  const fraction = (time.nanos - floorDiv(time.nanos, SECOND) * SECOND).toString().padStart(9, '0').replace(/0+$/, '');
  const clock = `${two(hour)}:${two(minute)}:${two(second)}${fraction === '' ? '' : `.${fraction}`}`;
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${clock}Z`;
}

export function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function zoneOffsetSeconds(nanos: bigint, zone: string): number {
  if (zone === '' || zone === 'UTC' || zone === 'Z') return 0;
  const fixed = /^([+-]?)(\d{2}):(\d{2})$/.exec(zone);
  if (fixed !== null) return (Number(fixed[2]) * 60 + Number(fixed[3])) * 60 * (fixed[1] === '-' ? -1 : 1);
  const milliseconds = Number(floorDiv(nanos, 1_000_000n));
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
    const name = format.formatToParts(milliseconds).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const offset = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name);
    if (offset === null) return 0;
    const [, sign, hours, minutes, seconds] = offset;
    return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0)) * (sign === '-' ? -1 : 1);
  } catch {
    throw new CelError(`unknown time zone ${zone}`);
  }
}
