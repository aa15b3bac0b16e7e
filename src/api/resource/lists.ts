/** Lists and maps of resource.k8s.io: none is longer than it may be, and what is too long is not looked into. */
import { duplicate, tooMany } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import type { Sink } from '../core/pod/sink.ts';

type Check<T> = (sink: Sink, item: T, path: Path) => void;

/** @param maxSize undefined: as long as it likes */
export function validateList<T>(
  sink: Sink,
  list: readonly T[] | undefined,
  maxSize: number | undefined,
  path: Path,
  check: Check<T>,
): boolean {
  const items = list ?? [];
  if (maxSize !== undefined && items.length > maxSize) {
    sink.push(tooMany(path, items.length, maxSize));
    return false;
  }
  for (const [index, item] of items.entries()) check(sink, item, path.index(index));
  return true;
}

/**
 * Items are judged first, repeated ones are reported after that.
 * @param print how the key of a repeated one is shown; undefined: as the text that it is
 */
export function validateSet<T>(
  sink: Sink,
  list: readonly T[] | undefined,
  maxSize: number | undefined,
  path: Path,
  check: Check<T>,
  keyOf: (item: T) => string,
  print?: (key: string) => unknown,
): void {
  if (!validateList(sink, list, maxSize, path, check)) return;
  const seen = new Set<string>();
  for (const [index, item] of (list ?? []).entries()) {
    const key = keyOf(item);
    if (seen.has(key)) sink.push(duplicate(path.index(index), print?.(key) ?? key));
    seen.add(key);
  }
}

/** Errors of a key are those of the map; a long key is shortened in the path of its item. */
export function validateMap<T>(
  sink: Sink,
  map: Readonly<Record<string, T>> | undefined,
  maxSize: number | undefined,
  maxKeyLength: number,
  path: Path,
  checkKey: Check<string>,
  check: Check<T>,
): void {
  const keys = Object.keys(map ?? {}).sort();
  if (maxSize !== undefined && keys.length > maxSize) {
    sink.push(tooMany(path, keys.length, maxSize));
    return;
  }
  for (const key of keys) {
    checkKey(sink, key, path);
    const item = map?.[key];
    if (item !== undefined) check(sink, item, path.key(shortened(key, maxKeyLength)));
  }
}

function shortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const remaining = maxLength - ELLIPSIS.length;
  return text.slice(0, Math.floor((remaining + 1) / 2)) + ELLIPSIS + text.slice(text.length - Math.floor(remaining / 2));
}

const ELLIPSIS = '...';
