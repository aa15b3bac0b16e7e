/**
 * Lists cut, turned, sorted and flattened.
 * Counterpart: cel-go/ext/lists.go (version 3), from which Kubernetes 1.34 has them.
 */
import { declare, type Library } from '../environment.ts';
import { celCompare, celEquals } from '../equality.ts';
import { CelError, isList, noSuchOverload, typeNameOf, type Value } from '../values.ts';

const COMPARABLE = ['int', 'uint', 'double', 'bool', 'duration', 'timestamp', 'string', 'bytes'] as const;

function items(value: Value | undefined): readonly Value[] {
  if (value === undefined || !isList(value)) throw noSuchOverload();
  return value;
}

function int(value: Value | undefined): number {
  if (typeof value !== 'bigint') throw noSuchOverload();
  return Number(value);
}

function slice(list: readonly Value[], start: number, end: number): readonly Value[] {
  const fail = (text: string): never => {
    throw new CelError(`cannot slice(${start}, ${end}), ${text}`);
  };
  if (start < 0 || end < 0) fail('negative indexes not supported');
  if (start > end) fail('start index must be less than or equal to end index');
  if (list.length < end) fail(`list is length ${list.length}`);
  return list.slice(start, end);
}

function flatten(list: readonly Value[], depth: number): readonly Value[] {
  if (depth < 0) throw new CelError('level must be non-negative');
  return list.flatMap((item) => (isList(item) && depth > 0 ? flatten(item, depth - 1) : [item]));
}

function sortBy(list: readonly Value[], keys: readonly Value[]): readonly Value[] {
  if (list.length !== keys.length)
    throw new CelError(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${list.length} and ${keys.length} elements respectively`,
    );
  const [first] = keys;
  if (first === undefined) return list;
  if (keys.some((key) => typeNameOf(key) !== typeNameOf(first))) throw new CelError('list elements must have the same type');
  const pairs = list.map((item, index) => [item, keys[index] as Value] as const);
  return pairs.toSorted(([, left], [, right]) => celCompare(left, right)).map(([item]) => item);
}

function distinct(list: readonly Value[]): readonly Value[] {
  const found: Value[] = [];
  for (const item of list) if (!found.some((other) => celEquals(item, other))) found.push(item);
  return found;
}

export const MORE_LISTS: Library = {
  functions: [
    declare('slice', ['list_slice: list(T).(int, int) -> list(T)'], ([list, start, end]) => slice(items(list), int(start), int(end))),
    declare('flatten', ['list_flatten: list(list(T)).() -> list(T)', 'list_flatten_int: list(dyn).(int) -> list(dyn)'], ([list, depth]) =>
      flatten(items(list), depth === undefined ? 1 : int(depth)),
    ),
    declare(
      'sort',
      COMPARABLE.map((type) => `list_${type}_sort: list(${type}).() -> list(${type})`),
      ([list]) => sortBy(items(list), items(list)),
    ),
    declare(
      '@sortByAssociatedKeys',
      COMPARABLE.map((type) => `list_${type}_sortByAssociatedKeys: list(T).(list(${type})) -> list(T)`),
      ([list, keys]) => sortBy(items(list), items(keys)),
    ),
    declare('lists.range', ['lists_range: (int) -> list(int)'], ([count]) =>
      Array.from({ length: Math.max(0, int(count)) }, (_item, index) => BigInt(index)),
    ),
    declare('reverse', ['list_reverse: list(T).() -> list(T)'], ([list]) => items(list).toReversed()),
    declare('distinct', ['list_distinct: list(T).() -> list(T)'], ([list]) => distinct(items(list))),
  ],
};
