import type { FieldNode, StructNode, TypeNode } from './typeNode.ts';

/**
 * The object as the API server writes it: where Go prints a list, a map, a pointer or a time that is empty (no
 * `omitempty`), JSON has null; in memory such a field is absent or an empty list. Objects without such fields come back
 * as they are, nothing is copied.
 */
export function toWire(node: StructNode, object: unknown): unknown {
  return printsNull(node) ? wireValue(node, object) : object;
}

function wireValue(node: TypeNode, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !printsNull(node)) return value;
  switch (node.kind) {
    case 'struct':
      return wireStruct(node, value as Readonly<Record<string, unknown>>);
    case 'list':
      return mapped(value as readonly unknown[], (item) => wireValue(node.item, item));
    case 'map': {
      let changed: Record<string, unknown> | undefined;
      for (const [key, item] of Object.entries(value)) {
        const wire = wireValue(node.item, item);
        if (wire !== item) (changed ??= { ...(value as Record<string, unknown>) })[key] = wire;
      }
      return changed ?? value;
    }
    default:
      return value;
  }
}

function wireStruct(node: StructNode, value: Readonly<Record<string, unknown>>): unknown {
  let changed: Record<string, unknown> | undefined;
  for (const field of node.fields.values()) {
    const given = value[field.name];
    const wire = given === undefined || isEmptyCollection(given) ? emptyAsNull(field, given) : wireValue(field.type, given);
    if (wire !== given) (changed ??= { ...value })[field.name] = wire;
  }
  return changed ?? value;
}

function emptyAsNull(field: FieldNode, given: unknown): unknown {
  return isNullWhenEmpty(field) ? null : given;
}

function isNullWhenEmpty(field: FieldNode): boolean {
  const { kind } = field.type;
  if (kind === 'time' || kind === 'microTime') return !field.omitZero && (!field.pointer || field.always);
  if (!field.always) return false;
  return field.pointer || kind === 'list' || kind === 'map' || kind === 'any' || kind === 'bytes';
}

function isEmptyCollection(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

/** Whether a value of this type can hold a null; worked out once per struct. */
function printsNull(node: TypeNode): boolean {
  if (node.kind === 'list' || node.kind === 'map') return printsNull(node.item);
  if (node.kind !== 'struct') return false;
  const known = memo.get(node);
  if (known !== undefined) return known;
  // A type that refers to itself adds nothing that it does not have otherwise.
  memo.set(node, false);
  const result = [...node.fields.values()].some((field) => isNullWhenEmpty(field) || printsNull(field.type));
  memo.set(node, result);
  return result;
}

const memo = new WeakMap<StructNode, boolean>();

function mapped(items: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  const result = items.map(change);
  return result.some((item, index) => item !== items[index]) ? result : items;
}
