/** Lists as sets, and the maps that comprehensions of two variables make. Counterpart: cel-go/ext (sets.go, comprehensions.go). */
import { declare, type Library } from '../environment.ts';
import { celEquals } from '../equality.ts';
import { CelError, isList, MapLike, MapValue, noSuchOverload, type Value } from '../values.ts';

function items(value: Value | undefined): readonly Value[] {
  if (value === undefined || !isList(value)) throw noSuchOverload();
  return value;
}

const holds = (list: readonly Value[], item: Value): boolean => list.some((other) => celEquals(item, other));
const contains = (list: readonly Value[], other: readonly Value[]): boolean => other.every((item) => holds(list, item));

export const SETS: Library = {
  functions: [
    declare('sets.contains', ['list_sets_contains_list: (list(T), list(T)) -> bool'], ([a, b]) => contains(items(a), items(b))),
    declare('sets.equivalent', ['list_sets_equivalent_list: (list(T), list(T)) -> bool'], ([a, b]) => {
      return contains(items(a), items(b)) && contains(items(b), items(a));
    }),
    declare('sets.intersects', ['list_sets_intersects_list: (list(T), list(T)) -> bool'], ([a, b]) =>
      items(a).some((item) => holds(items(b), item)),
    ),
  ],
};

export const COMPREHENSIONS: Library = {
  functions: [
    declare(
      'cel.@mapInsert',
      ['@mapInsert_map_key_value: (map(K, V), K, V) -> map(K, V)', '@mapInsert_map_map: (map(K, V), map(K, V)) -> map(K, V)'],
      ([map, key, value]) => {
        if (!(map instanceof MapValue)) throw noSuchOverload();
        if (value !== undefined) return map.with(key as Value, value);
        if (!(key instanceof MapLike)) throw noSuchOverload();
        return key.keys().reduce<MapValue>((all, name) => {
          const entry = key.find(name);
          if (entry === undefined) throw new CelError(`no such key: ${String(name)}`);
          return all.with(name, entry);
        }, map);
      },
    ),
  ],
};
