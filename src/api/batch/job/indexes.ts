/** Sets of indexes as text: `0,2-3`. Counterpart: validateIndexesFormat of k8s.io/kubernetes/pkg/apis/batch/validation. */
import { quote } from '../../../apimachinery/field/quote.ts';

export type Indexes = { readonly total: number } | { readonly error: string };
type Interval = { readonly first: number; readonly last: number } | { readonly error: string };

/** How many indexes a text names. They must grow and be below `completions`. */
export function parseIndexes(text: string, completions: number): Indexes {
  if (text === '') return { total: 0 };
  let previous: number | undefined;
  let total = 0;
  for (const part of text.split(',')) {
    const interval = parseInterval(part, completions);
    if ('error' in interval) return interval;
    if (previous !== undefined && previous >= interval.first) return notIncreasing(previous, interval.first);
    total += interval.last - interval.first + 1;
    previous = interval.last;
  }
  return { total };
}

/** The first index that both texts name; what cannot be read in either is passed over. */
export function firstOverlap(left: string, right: string, completions: number): number | undefined {
  const [ours, theirs] = [left, right].map((text) => readable(text, completions));
  let [at, other] = [0, 0];
  for (;;) {
    const [one, two] = [ours?.[at], theirs?.[other]];
    if (one === undefined || two === undefined) return undefined;
    if (one.first <= two.last && two.first <= one.last) return Math.max(one.first, two.first);
    if (one.first <= two.first) at++;
    else other++;
  }
}

function readable(text: string, completions: number) {
  if (text === '') return [];
  return text.split(',').flatMap((part) => {
    const interval = parseInterval(part, completions);
    return 'error' in interval ? [] : [interval];
  });
}

function parseInterval(text: string, completions: number): Interval {
  const limits = text.split('-');
  if (limits.length > 2) {
    return {
      error: `the fragment ${quote(text)} violates the requirement that an index interval can have at most two parts separated by '-'`,
    };
  }
  const first = parseIndex(limits[0] ?? '', completions);
  if (typeof first !== 'number') return first;
  if (limits.length === 1) return { first, last: first };
  const last = parseIndex(limits[1] ?? '', completions);
  if (typeof last !== 'number') return last;
  return first >= last ? notIncreasing(first, last) : { first, last };
}

function parseIndex(text: string, completions: number): number | { readonly error: string } {
  const index = /^[-+]?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(index)) return { error: `cannot convert string to integer for index: ${quote(text)}` };
  return index >= completions ? { error: `too large index: ${quote(text)}` } : index;
}

function notIncreasing(previous: number, current: number): { readonly error: string } {
  return { error: `non-increasing order, previous: ${previous}, current: ${current}` };
}
