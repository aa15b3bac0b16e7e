const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1, us: 0.001, ns: 0.000_001 };

/** `1m30s` in milliseconds; what is no duration counts nothing. */
export function parseDuration(text: string): number {
  let sum = 0;
  for (const [, count = '0', unit = ''] of text.matchAll(/([\d.]+)(h|ms|m|s|us|ns)/g)) sum += Number(count) * (UNITS[unit] ?? 0);
  return sum;
}
