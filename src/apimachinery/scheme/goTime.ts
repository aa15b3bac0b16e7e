/**
 * Times as Go's `time.Parse` reads them, with its texts. Counterpart: metav1.Time and metav1.MicroTime, UnmarshalJSON.
 */
import { formatMicroTime, formatTime } from '../meta/time.ts';

export type TimeResult = { readonly text: string } | { readonly error: string };

/** @returns the time in UTC with whole seconds, as the API server writes it */
export function canonicalTime(text: string): TimeResult {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && isCalendarDay(text)) return { text };
  const parsed = parse(text, SECONDS);
  return 'error' in parsed ? parsed : { text: formatTime(parsed.ms) };
}

/** @returns the time in UTC with microseconds */
export function canonicalMicroTime(text: string): TimeResult {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(text) && isCalendarDay(text)) return { text };
  const parsed = parse(text, MICROS);
  if ('error' in parsed) return parsed;
  return { text: `${formatMicroTime(parsed.ms).slice(0, 20)}${parsed.fraction}Z` };
}

/** A chunk of Go's reference time: what it is called in messages and how it is read. */
interface Chunk {
  readonly name: string;
  readonly pattern: RegExp;
  /** For numbers: what they may be, and what the message calls them. */
  readonly range?: readonly [low: number, high: number, word: string];
  /** `.000000` takes its room whatever stands in it. */
  readonly optionalFraction?: true;
}

const literal = (name: string): Chunk => ({ name, pattern: new RegExp(`^${name}`) });
const TO_SECONDS: readonly Chunk[] = [
  { name: '2006', pattern: /^\d{4}/ },
  literal('-'),
  { name: '01', pattern: /^\d\d/, range: [1, 12, 'month'] },
  literal('-'),
  { name: '02', pattern: /^\d\d/ },
  literal('T'),
  { name: '15', pattern: /^\d\d?/, range: [0, 23, 'hour'] },
  literal(':'),
  { name: '04', pattern: /^\d\d/, range: [0, 59, 'minute'] },
  literal(':'),
  { name: '05', pattern: /^\d\d/, range: [0, 59, 'second'] },
];
const ZONE: Chunk = { name: 'Z07:00', pattern: /^(?:Z|[-+]\d\d:\d\d)/ };

interface Layout {
  readonly text: string;
  readonly chunks: readonly Chunk[];
}

const SECONDS: Layout = {
  text: '2006-01-02T15:04:05Z07:00',
  // A fraction that the layout does not have is read and forgotten.
  chunks: [...TO_SECONDS, { name: 'fraction', pattern: /^(?:[.,]\d+)?/, optionalFraction: true }, ZONE],
};
const MICROS: Layout = {
  text: '2006-01-02T15:04:05.000000Z07:00',
  chunks: [...TO_SECONDS, { name: '.000000', pattern: /^[.,]\d{6}/ }, ZONE],
};

function parse(text: string, layout: Layout): { readonly ms: number; readonly fraction: string } | { readonly error: string } {
  let rest = text;
  const found: Record<string, string> = {};
  for (const chunk of layout.chunks) {
    const part = chunk.pattern.exec(rest)?.[0];
    if (part === undefined) {
      return { error: `parsing time ${quoteTime(text)} as "${layout.text}": cannot parse ${quoteTime(rest)} as "${chunk.name}"` };
    }
    rest = rest.slice(part.length);
    found[chunk.name] = part;
    const [low, high, word] = chunk.range ?? [0, 0, undefined];
    if (word !== undefined && (Number(part) < low || Number(part) > high))
      return { error: `parsing time ${quoteTime(text)}: ${word} out of range` };
  }
  if (rest !== '') return { error: `parsing time ${quoteTime(text)}: extra text: ${quoteTime(rest)}` };
  const number = (name: string): number => Number(found[name]);
  const day = number('02');
  if (day < 1 || day > daysIn(number('2006'), number('01'))) return { error: `parsing time ${quoteTime(text)}: day out of range` };
  const local = new Date(0);
  local.setUTCFullYear(number('2006'), number('01') - 1, day);
  local.setUTCHours(number('15'), number('04'), number('05'));
  const zone = found['Z07:00'] ?? 'Z';
  const offset = zone === 'Z' ? 0 : (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * (zone.startsWith('-') ? -1 : 1);
  return { ms: local.getTime() - offset * 60_000, fraction: (found['.000000'] ?? '.').slice(1) };
}

function isCalendarDay(text: string): boolean {
  const number = (from: number, to: number): number => Number(text.slice(from, to));
  const month = number(5, 7);
  if (month < 1 || month > 12 || number(11, 13) > 23 || number(14, 16) > 59 || number(17, 19) > 59) return false;
  const day = number(8, 10);
  return day >= 1 && day <= daysIn(number(0, 4), month);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Go's time package escapes everything that is not plain ASCII byte by byte. */
function quoteTime(text: string): string {
  let result = '"';
  for (const byte of new TextEncoder().encode(text)) {
    if (byte === 0x22 || byte === 0x5c) result += `\\${String.fromCharCode(byte)}`;
    else if (byte < 0x20 || byte >= 0x80) result += `\\x${byte.toString(16).padStart(2, '0')}`;
    else result += String.fromCharCode(byte);
  }
  return `${result}"`;
}
