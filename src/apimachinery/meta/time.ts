/**
 * RFC 3339 in UTC with whole seconds, as metav1.Time is written: `2026-01-02T03:04:05Z`.
 * @param ms milliseconds since 1970
 */
export function formatTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== cachedSecond) {
    cachedSecond = second;
    cachedText = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
  }
  return cachedText;
}

/** RFC 3339 in UTC with microseconds, as metav1.MicroTime is written: `2026-01-02T03:04:05.678000Z`. */
export function formatMicroTime(ms: number): string {
  const micros = Math.floor((ms - Math.floor(ms)) * 1000);
  return `${new Date(Math.floor(ms)).toISOString().slice(0, 23)}${String(micros).padStart(3, '0')}Z`;
}

/**
 * RFC 3339 with whole seconds in a zone of the IANA database: `2026-01-02T04:04:05+01:00`; UTC without one.
 * @param ms milliseconds since 1970
 */
export function formatTimeIn(ms: number, timeZone: string | undefined): string {
  if (timeZone === undefined || timeZone === 'UTC') return formatTime(ms);
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    timeZoneName: 'longOffset',
    hourCycle: 'h23',
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value])) as Readonly<Record<string, string>>;
  const offset = (parts['timeZoneName'] ?? '').replace('GMT', '');
  const date = [parts['year'], parts['month'], parts['day']].join('-');
  const time = [parts['hour'], parts['minute'], parts['second']].join(':');
  return `${date}T${time}${offset === '' ? 'Z' : offset}`;
}

/** Milliseconds since 1970 of an RFC 3339 text; NaN if it is none. */
export function parseTime(text: string): number {
  return Date.parse(text);
}

// Thousands of objects are written at one instant of virtual time; the text of the last second is kept. A pure memo.
let cachedSecond = Number.NaN;
let cachedText = '';
