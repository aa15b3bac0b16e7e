import { jsonEqual } from '../../base/json.ts';

/**
 * Orders a merged list as `$setElementOrder` asks: the items that the patch names stand as it names them; the others,
 * which only the server has, keep their order among themselves and their place before the named items that they stood
 * before.
 *
 * Example: stored `[a, x, b]`, wanted order `[b, a, c]`, merged `[a, x, b, c]`. Named items are `b a c`, the server's own is
 * `x`. `b` against `x`: stored, x stands before b, so x goes first: `x b a c`.
 *
 * @param wanted keys as the patch orders them
 * @param stored keys as the object had them
 */
export function orderElements(
  items: readonly unknown[],
  wanted: readonly unknown[],
  stored: readonly unknown[],
  keyOf: (item: unknown) => unknown,
): readonly unknown[] {
  const position = (keys: readonly unknown[], item: unknown): number => keys.findIndex((key) => jsonEqual(key, keyOf(item)));
  const named = items.filter((item) => position(wanted, item) >= 0).sort((left, right) => position(wanted, left) - position(wanted, right));
  const own = items.filter((item) => position(wanted, item) < 0);
  const result: unknown[] = [];
  while (named.length > 0 || own.length > 0) {
    const [ownItem] = own;
    const [namedItem] = named;
    const takeOwn = named.length === 0 || (own.length > 0 && standsBefore(position(stored, ownItem), position(stored, namedItem)));
    result.push(takeOwn ? own.shift() : named.shift());
  }
  return result;
}

function standsBefore(left: number, right: number): boolean {
  return left >= 0 && right >= 0 && left < right;
}
