/** What a value must be, and in which words it is told when it is not. */
import { parseDuration } from '../api/kubepad/duration.ts';
import { compileGoRegexp } from '../apimachinery/regex/goRegexp.ts';
import { compare, parseQuantity, quantity } from '../apimachinery/quantity/quantity.ts';
import { jsonEqual } from '../base/json.ts';
import { isRecord } from '../manifest/recognise.ts';
import type { Matcher } from './types.ts';

export interface FieldMatcher extends Matcher {
  readonly absent?: boolean;
}

/** A value as a field's wish has it: a map of conditions, or what must stand there. */
export function matcherOf(wanted: unknown): FieldMatcher {
  return isRecord(wanted) ? wanted : wanted === null ? { absent: true } : { equals: wanted };
}

export function fits(matcher: FieldMatcher, value: unknown): boolean {
  const { equals, atLeast, atMost, matches, absent } = matcher;
  if (absent !== undefined && absent !== (value === undefined)) return false;
  if (equals !== undefined && !isSame(value, equals)) return false;
  if (atLeast !== undefined && !(order(value, atLeast) >= 0)) return false;
  if (atMost !== undefined && !(order(value, atMost) <= 0)) return false;
  if (matches === undefined) return true;
  const compiled = compileGoRegexp(matches);
  return value !== undefined && 'regexp' in compiled && compiled.regexp.test(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Zero and nothing are the same where the API leaves zeros out; a number may be written as a text. */
function isSame(value: unknown, wanted: unknown): boolean {
  if (jsonEqual(value, wanted)) return true;
  if (value === undefined) return wanted === 0 || wanted === false;
  return typeof value !== 'object' && typeof wanted !== 'object' && String(value) === String(wanted);
}

/** Below, at or above 0 as the value is less than, equal to or more than the other; not a number if they do not compare. */
function order(value: unknown, other: number | string): number {
  const left = value ?? 0;
  if (typeof left !== 'number' && typeof left !== 'string') return Number.NaN;
  const [a, b] = [Number(left), Number(other)];
  if (left !== '' && other !== '' && !Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  const [aMs, bMs] = [parseDuration(String(left)), parseDuration(String(other))];
  if (aMs !== undefined && bMs !== undefined) return aMs - bMs;
  if ('error' in parseQuantity(String(left)) || 'error' in parseQuantity(String(other))) return Number.NaN;
  return compare(quantity(String(left)), quantity(String(other)));
}

/** `3`, `at least 2 and at most 4`, `something that matches ^v1`, `absent`. */
export function wordsOf({ equals, atLeast, atMost, matches, absent }: FieldMatcher): string {
  const parts = [
    absent === true ? 'absent' : absent === false ? 'set' : '',
    equals === undefined ? '' : shown(equals),
    atLeast === undefined ? '' : `at least ${atLeast}`,
    atMost === undefined ? '' : `at most ${atMost}`,
    matches === undefined ? '' : `matching ${matches}`,
  ];
  return parts.filter((part) => part !== '').join(' and ');
}

const MAX_SHOWN = 200;

export function shown(value: unknown): string {
  if (value === undefined) return 'not set';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text === '' ? '""' : text;
}
