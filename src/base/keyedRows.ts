/**
 * Lists of keyed rows that are told in differences: what to say, and how the list goes on for whoever hears it.
 * Invariant: as little as possible is said: keys that moved are named by where they were, rows by the fields that differ;
 * `keysAfter` and `rowAfter` undo what `keyRuns` and `fieldsThatDiffer` left out. Counterpart: a JSON merge patch.
 * Worked example: the keys a b c d and then a c d e are told as [0, 1], [2, 2], e.
 */
import { jsonEqual } from './json.ts';

/** A key that was not among those of the last message, or so many of those from an offset on. */
export type KeyRun = string | readonly [offset: number, count: number];

/** The fields of a row that are others now; null: it has that field no more. So no field of a row may be null. */
export type RowFields = Readonly<Record<string, unknown>>;

/** Undefined: the keys are the same. */
export function keyRuns(before: readonly string[], keys: readonly string[]): readonly KeyRun[] | undefined {
  if (before.length === keys.length && keys.every((key, index) => key === before[index])) return undefined;
  const offsets = new Map(before.map((key, offset) => [key, offset]));
  const runs: (string | [number, number])[] = [];
  for (const key of keys) {
    const offset = offsets.get(key);
    const last = runs.at(-1);
    if (offset === undefined) runs.push(key);
    else if (Array.isArray(last) && last[0] + last[1] === offset) last[1]++;
    else runs.push([offset, 1]);
  }
  return runs;
}

export function keysAfter(before: readonly string[], runs: readonly KeyRun[]): readonly string[] {
  return runs.flatMap((run) => (typeof run === 'string' ? [run] : before.slice(run[0], run[0] + run[1])));
}

/** Undefined: the rows are the same. Both are of one type, with the same fields where these are undefined, too. */
export function fieldsThatDiffer(before: object, row: object): RowFields | undefined {
  const fields: Record<string, unknown> = {};
  const old = before as RowFields;
  let differs = false;
  for (const [name, value] of Object.entries(row)) {
    if (jsonEqual(old[name], value)) continue;
    fields[name] = value ?? null;
    differs = true;
  }
  return differs ? fields : undefined;
}

export function rowAfter<R extends object>(before: R, fields: RowFields): R {
  const members = Object.entries({ ...before, ...fields }).filter(([, value]) => value !== null);
  // Whoever told the difference had two rows of one type.
  return Object.fromEntries(members) as R;
}
