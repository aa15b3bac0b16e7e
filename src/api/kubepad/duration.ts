/**
 * A length of time as Go writes it: `1h2m`, `30s`, `400ms`, `1.5s`. Undefined if it is none; negative ones are none here.
 * @returns milliseconds
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:h|m|s|ms|us|µs|ns))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g))
    total += Number(number) * (UNITS[unit] ?? 0);
  return total;
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001, µs: 0.001, ns: 0.000_001 };

/** As Go prints it: `1h2m3s`, `15m10s`, `1.5s`, `0s`. */
export function formatDuration(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1000;
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}

/** What is wrong with a text that should be a length of time. */
export const DURATION_TEXT = 'must be a duration greater than 0 (e.g. 30s, 400ms, 1h30m)';
