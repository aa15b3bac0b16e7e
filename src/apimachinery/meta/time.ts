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

/** Milliseconds since 1970 of an RFC 3339 text; NaN if it is none. */
export function parseTime(text: string): number {
  return Date.parse(text);
}

// Thousands of objects are written at one instant of virtual time; the text of the last second is kept. A pure memo.
let cachedSecond = Number.NaN;
let cachedText = '';
