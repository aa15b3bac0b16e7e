/**
 * Which optional lists and maps a client sent empty. Objects do not hold them: an empty one is as good as none. Only a
 * message that prints a whole object tells the two apart, as Go does (`[]` and `null`).
 * Invariant: known only of the very objects that decoding made, for as long as they live; copies know nothing.
 */
const emptyCollections = new WeakMap<object, Set<string>>();

export function noteEmpty(parent: object, field: string): void {
  const fields = emptyCollections.get(parent);
  if (fields) fields.add(field);
  else emptyCollections.set(parent, new Set([field]));
}

export function wasEmpty(parent: object, field: string): boolean {
  return emptyCollections.get(parent)?.has(field) ?? false;
}

/** For a copy that stands for the original in a message. */
export function carryEmpty<T extends object>(from: object, to: T): T {
  const fields = emptyCollections.get(from);
  if (fields) emptyCollections.set(to, fields);
  return to;
}
