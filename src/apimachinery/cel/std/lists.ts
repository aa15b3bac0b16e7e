import { celEquals, LIST_SEMANTICS } from '../equality.ts';
import { MapLike, type Value } from '../values.ts';

/** `+` of lists that a schema calls sets or maps: what is there already is not added again, entries of a map are replaced. */
export function addLists(left: readonly Value[], right: readonly Value[]): readonly Value[] {
  const semantics = LIST_SEMANTICS.get(left);
  const result = [...left];
  for (const item of right) {
    const index = result.findIndex((other) => isSame(other, item, semantics?.keys));
    if (index < 0) result.push(item);
    else result[index] = item;
  }
  if (semantics !== undefined) LIST_SEMANTICS.set(result, semantics);
  return result;
}

function isSame(left: Value, right: Value, keys: readonly string[] | undefined): boolean {
  if (keys === undefined || !(left instanceof MapLike) || !(right instanceof MapLike)) return celEquals(left, right);
  return keys.every((key) => {
    const [mine, other] = [left.field(key), right.field(key)];
    return mine === undefined || other === undefined ? mine === other : celEquals(mine, other);
  });
}
