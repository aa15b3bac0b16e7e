/**
 * Which optional lists a client sent without items. Objects do not hold them: an empty list is as good as none. Only a
 * message that prints a whole object tells the two apart, as Go does (`[]` and `null`).
 * Invariant: known only of the very objects that decoding made, for as long as they live; copies know nothing.
 */
const emptyLists = new WeakMap<object, Set<string>>();

export function noteEmptyList(parent: object, field: string): void {
  const fields = emptyLists.get(parent);
  if (fields) fields.add(field);
  else emptyLists.set(parent, new Set([field]));
}

export function wasEmptyList(parent: object, field: string): boolean {
  return emptyLists.get(parent)?.has(field) ?? false;
}

/** For a copy that stands for the original in a message. */
export function carryEmptyLists<T extends object>(from: object, to: T): T {
  const fields = emptyLists.get(from);
  if (fields) emptyLists.set(to, fields);
  return to;
}
