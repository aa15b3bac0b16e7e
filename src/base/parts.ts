/**
 * A picture in named parts, and what changed from one to the next: lists of keyed items change item by item, all else as a whole.
 * Invariant: pure; `applied(before, difference(before, after))` equals `after`, and what did not change is the same object as before.
 */
import { jsonEqual } from './json.ts';

/** An item that keeps its name across changes. */
export interface Keyed {
  readonly key: string;
}

/** Its members are plain data; an array whose items have a `key` is a list. */
export type Parts = object;

export interface ListChange {
  /** Keys in their new order; undefined: as they were. */
  readonly keys?: readonly string[];
  /** Items that are new or changed. */
  readonly items: readonly Keyed[];
}

export interface PartsChange {
  readonly set: Readonly<Record<string, unknown>>;
  readonly gone: readonly string[];
  readonly lists: Readonly<Record<string, ListChange>>;
}

type Members = Readonly<Record<string, unknown>>;

/** Undefined: nothing changed. */
export function difference(before: Parts, after: Parts): PartsChange | undefined {
  const old = before as Members;
  const next = after as Members;
  const set: Record<string, unknown> = {};
  const lists: Record<string, ListChange> = {};
  for (const [name, value] of Object.entries(next)) {
    const known = old[name];
    if (value === undefined || value === known) continue;
    if (isList(value) && isList(known)) {
      const change = listChange(known, value);
      if (change !== undefined) lists[name] = change;
    } else if (known === undefined || !jsonEqual(known, value)) set[name] = value;
  }
  const gone = Object.keys(old).filter((name) => old[name] !== undefined && next[name] === undefined);
  const same = gone.length === 0 && Object.keys(set).length === 0 && Object.keys(lists).length === 0;
  return same ? undefined : { set, gone, lists };
}

export function applied<P extends Parts>(before: P, { set, gone, lists }: PartsChange): P {
  const next: Record<string, unknown> = { ...before, ...set };
  for (const name of gone) delete next[name];
  for (const [name, change] of Object.entries(lists)) next[name] = changedList((before as Members)[name], change);
  return next as P;
}

function listChange(before: readonly Keyed[], after: readonly Keyed[]): ListChange | undefined {
  const known = new Map(before.map((item) => [item.key, item]));
  const items = after.filter((item) => {
    const old = known.get(item.key);
    return old === undefined || !jsonEqual(old, item);
  });
  const sameKeys = before.length === after.length && before.every(({ key }, index) => key === after[index]?.key);
  if (sameKeys && items.length === 0) return undefined;
  return { ...(sameKeys ? {} : { keys: after.map(({ key }) => key) }), items };
}

function changedList(before: unknown, { keys, items }: ListChange): readonly Keyed[] {
  const old = isList(before) ? before : [];
  const byKey = new Map([...old, ...items].map((item) => [item.key, item]));
  return (keys ?? old.map(({ key }) => key)).flatMap((key) => byKey.get(key) ?? []);
}

/** An empty array is a list, too. */
function isList(value: unknown): value is readonly Keyed[] {
  return Array.isArray(value) && value.every((item: unknown) => typeof item === 'object' && item !== null && 'key' in item);
}
