/** Lengths of time as Go writes them (`1h30m`, `400ms`, `-1.5s`), with Go's texts. Counterpart: time.ParseDuration. */
import { quote } from '../field/quote.ts';

/** What is wrong with the text; undefined if it is a duration. */
export function durationError(text: string): string | undefined {
  const bare = /^[-+]/.test(text) ? text.slice(1) : text;
  if (bare === '0') return undefined;
  const notOne = `time: invalid duration ${quote(text)}`;
  if (bare === '') return notOne;
  let total = 0;
  for (let rest = bare; rest !== '';) {
    const [number = ''] = /^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)/.exec(rest) ?? [];
    if (number === '') return notOne;
    rest = rest.slice(number.length);
    const [unit = ''] = /^[^.0-9]*/.exec(rest) ?? [];
    if (unit === '') return `time: missing unit in duration ${quote(text)}`;
    const nanoseconds = NANOSECONDS[unit];
    if (nanoseconds === undefined) return `time: unknown unit ${quote(unit)} in duration ${quote(text)}`;
    total += Number(number) * nanoseconds;
    if (total > MAX_NANOSECONDS) return notOne;
    rest = rest.slice(unit.length);
  }
  return undefined;
}

/** The length in nanoseconds; undefined if the text is no duration. */
export function durationNanoseconds(text: string): number | undefined {
  if (durationError(text) !== undefined) return undefined;
  let total = 0;
  for (const [, number = '0', unit = ''] of text.matchAll(/([0-9]*\.?[0-9]*)([a-zµμ]+)/g))
    total += Number(number) * (NANOSECONDS[unit] ?? 0);
  return text.startsWith('-') ? -total : total;
}

const NANOSECONDS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
const MAX_NANOSECONDS = 2 ** 63;
