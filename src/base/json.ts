/** JSON as data: what checkpoints, timers' payloads and API objects consist of. */
export type JsonPrimitive = string | number | boolean | null;
export type Json = JsonPrimitive | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

/** The same shape with every `readonly` taken away, all the way down: an object that is still being made. */
export type Draft<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? Draft<Item>[]
      : { -readonly [Key in keyof T]: Draft<T[Key]> };

/** A deep copy that may be changed. Objects handed out by the store are never changed in place. */
export function draft<T>(value: T): Draft<T> {
  return cloneJson(value) as Draft<T>;
}

/** A deep copy of plain JSON data; several times faster than `structuredClone`. */
export function cloneJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => cloneJson(item)) as T;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    // A plain assignment to `__proto__` would change the prototype instead of adding a member.
    if (key === '__proto__')
      Object.defineProperty(copy, key, { value: cloneJson(item), enumerable: true, writable: true, configurable: true });
    else copy[key] = typeof item === 'object' && item !== null ? cloneJson(item) : item;
  }
  return copy as T;
}

/**
 * Deep equality of JSON data as Kubernetes' `apiequality.Semantic.DeepEqual` sees it: a missing member, `undefined`
 * are the same; the order of members does not matter, the order of items does.
 */
export function jsonEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => jsonEqual(item, right[index]));
  }
  if (Array.isArray(right)) return false;
  const a = left as Record<string, unknown>;
  const b = right as Record<string, unknown>;
  let count = 0;
  for (const key of Object.keys(a)) {
    if (a[key] === undefined) continue;
    count++;
    if (!jsonEqual(a[key], b[key])) return false;
  }
  for (const key of Object.keys(b)) if (b[key] !== undefined) count--;
  return count === 0;
}

/**
 * `next` with every part that equals the same part of `old` replaced by it, so that versions of an object share what they
 * have in common; `old` itself if all is equal. Changes `next`, never `old`. Equality as in `jsonEqual`.
 */
export function shareEqual<T>(next: T, old: T): T {
  if (next === old) return old;
  if (typeof next !== 'object' || typeof old !== 'object' || next === null || old === null) return next;
  if (Array.isArray(next)) return Array.isArray(old) ? (shareItems(next, old) as T) : next;
  if (Array.isArray(old)) return next;
  const a = next as Record<string, unknown>;
  const b = old as Readonly<Record<string, unknown>>;
  let same = true;
  let count = 0;
  for (const key of Object.keys(a)) {
    const mine = a[key];
    if (mine === undefined) continue;
    count++;
    const theirs = Object.hasOwn(b, key) ? b[key] : undefined;
    if (mine === theirs) continue;
    const shared = shareEqual(mine, theirs);
    if (shared !== theirs) same = false;
    else replaceMember(a, key, shared);
  }
  if (!same) return next;
  for (const key of Object.keys(b)) if (b[key] !== undefined) count--;
  return count === 0 ? old : next;
}

function shareItems(next: unknown[], old: readonly unknown[]): readonly unknown[] {
  let same = next.length === old.length;
  for (let i = 0; i < next.length && i < old.length; i++) {
    if (next[i] === old[i]) continue;
    const shared = shareEqual(next[i], old[i]);
    if (shared !== old[i]) same = false;
    else replaceMember(next, i, shared);
  }
  return same ? old : next;
}

/** A frozen object stays as it is: what equals what it has need not be put in its place. */
function replaceMember(target: unknown[] | Record<string, unknown>, key: string | number, value: unknown): void {
  if (!Object.isFrozen(target)) (target as Record<string | number, unknown>)[key] = value;
}

/** Freezes plain data all the way down; stops at what is frozen already, so shared structure is visited once. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
  return value;
}

/** The object without the members that are undefined. */
export function compact(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(object)) if (item !== undefined) result[key] = item;
  return result;
}
