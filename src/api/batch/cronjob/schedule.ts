/**
 * The text of a schedule: `30 2 * * 1-5`, `@daily`, `@every 1h`.
 * Invariant: says what is wrong in the words of the library that the API server reads it with, first fault first.
 * Counterpart: ParseStandard of github.com/robfig/cron/v3. When a schedule is due stands in `times.ts`.
 */
import { durationError } from '../../../apimachinery/meta/goDuration.ts';
import { quote } from '../../../apimachinery/field/quote.ts';
import { locationError } from './timeZone.ts';

/** What is wrong with a schedule; undefined if nothing is. */
export function scheduleError(text: string): string | undefined {
  if (text === '') return 'empty spec string';
  let spec = text;
  if (/^(?:CRON_)?TZ=/.test(text)) {
    const space = text.indexOf(' ');
    // The library does not expect this, and falls.
    if (space < 0) return 'invalid schedule format: runtime error: slice bounds out of range [:-1]';
    const zone = text.slice(text.indexOf('=') + 1, space);
    const problem = locationError(zone);
    if (problem !== undefined) return `provided bad location ${zone}: ${problem}`;
    spec = text.slice(space).trim();
  }
  if (spec.startsWith('@')) return descriptorError(spec);
  const fields = spec.split(/\s+/u).filter((field) => field !== '');
  if (fields.length !== BOUNDS.length) return `expected exactly ${BOUNDS.length} fields, found ${fields.length}: [${fields.join(' ')}]`;
  for (const [index, bounds] of BOUNDS.entries()) {
    const problem = fieldError(fields[index] ?? '', bounds);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

/** Minute, hour, day of the month, month, day of the week. A name stands for its place, from `min` on. */
const BOUNDS: readonly Bounds[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];
const DESCRIPTORS: ReadonlySet<string> = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);
const EVERY = '@every ';

function descriptorError(spec: string): string | undefined {
  if (DESCRIPTORS.has(spec)) return undefined;
  if (!spec.startsWith(EVERY)) return `unrecognized descriptor: ${spec}`;
  const problem = durationError(spec.slice(EVERY.length));
  return problem === undefined ? undefined : `failed to parse duration ${spec}: ${problem}`;
}

function fieldError(field: string, bounds: Bounds): string | undefined {
  for (const part of field.split(',')) {
    const problem = part === '' ? undefined : rangeError(part, bounds);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** `5`, `1-5`, `*`, each with a step: `2-20/3`. A number with a step goes on to the end: `5/10` is `5-59/10`. */
function rangeError(text: string, bounds: Bounds): string | undefined {
  const [range = '', ...steps] = text.split('/');
  const [low = '', ...highs] = range.split('-');
  let [start, end] = [bounds.min, bounds.max];
  if (low !== '*' && low !== '?') {
    const first = numberIn(low, bounds);
    if (typeof first === 'string') return first;
    const last = highs.length === 1 ? numberIn(highs[0] ?? '', bounds) : first;
    if (typeof last === 'string') return last;
    if (highs.length > 1) return `too many hyphens: ${text}`;
    [start, end] = [first, last];
  }
  if (steps.length > 1) return `too many slashes: ${text}`;
  const step = steps.length === 0 ? 1 : plainNumber(steps[0] ?? '');
  if (typeof step === 'string') return step;
  if (steps.length === 1 && highs.length === 0) end = bounds.max;
  if (start < bounds.min) return `beginning of range (${start}) below minimum (${bounds.min}): ${text}`;
  if (end > bounds.max) return `end of range (${end}) above maximum (${bounds.max}): ${text}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`;
  return step === 0 ? `step of range should be a positive number: ${text}` : undefined;
}

/** The number, or what is wrong with it. */
function numberIn(text: string, { names, min }: Bounds): number | string {
  const index = names.indexOf(text.toLowerCase());
  return index < 0 ? plainNumber(text) : index + min;
}

function plainNumber(text: string): number | string {
  const fault = (why: string): string => `failed to parse int from ${text}: strconv.Atoi: parsing ${quote(text)}: ${why}`;
  if (!/^[-+]?[0-9]+$/.test(text)) return fault('invalid syntax');
  if (BigInt.asIntN(64, BigInt(text.replace('+', ''))) !== BigInt(text.replace('+', ''))) return fault('value out of range');
  const value = Number(text);
  return value < 0 ? `negative number (${value}) not allowed: ${text}` : value;
}
