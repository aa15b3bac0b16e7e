import type { StructNode, TypeNode } from './typeNode.ts';
import { setOwn } from './jsonText.ts';

/** A copy with members in the order in which Go prints them: fields as the struct has them, keys of maps by name. */
export function inGoOrder(node: TypeNode, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return node.kind === 'list' ? value.map((item) => inGoOrder(node.item, item)) : value;
  switch (node.kind) {
    case 'struct':
      return structInOrder(node, value as Readonly<Record<string, unknown>>);
    case 'map':
      return sortedBy(value, (item) => inGoOrder(node.item, item));
    default:
      return value;
  }
}

function structInOrder({ fields }: StructNode, value: Readonly<Record<string, unknown>>): unknown {
  const result: Record<string, unknown> = {};
  for (const { name, type } of fields.values()) if (value[name] !== undefined) result[name] = inGoOrder(type, value[name]);
  // What the type does not know keeps its place at the end.
  for (const [name, item] of Object.entries(value)) if (!fields.has(name)) setOwn(result, name, item);
  return result;
}

function sortedBy(value: object, change: (item: unknown) => unknown): unknown {
  const result: Record<string, unknown> = {};
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, item] of entries) setOwn(result, key, change(item));
  return result;
}

/** As JSON text, with the members of some objects by name and of all others as they stand. */
export function stringifyWith(value: unknown, sorted: { has(object: object): boolean }): string {
  if (Array.isArray(value)) return `[${value.map((item) => stringifyWith(item, sorted)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (sorted.has(value)) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${stringifyWith(item, sorted)}`).join(',')}}`;
}
