import { parseQuantity } from '../apimachinery/quantity/quantity.ts';
import { canonicalBase64 } from '../apimachinery/scheme/base64.ts';
import { canonicalMicroTime, canonicalTime } from '../apimachinery/scheme/goTime.ts';
import { Path } from '../apimachinery/field/path.ts';
import type { StructNode, TypeNode } from '../apimachinery/scheme/typeNode.ts';
import { isRecord } from './recognise.ts';

/**
 * The place of the first value that its type cannot hold. The decoder's message names the Go field but not the item of
 * the list; the editor wants the item.
 * @param own look for types that read themselves (quantities, times, bytes) instead of JSON types: their errors win
 */
export function typeFault(node: StructNode, value: unknown, own: boolean): Path | undefined {
  return visit(node, value, Path.root, own);
}

const OWN: ReadonlySet<string> = new Set(['quantity', 'time', 'microTime', 'bytes']);

function visit(type: TypeNode, value: unknown, path: Path, own: boolean): Path | undefined {
  if (value === null || value === undefined) return undefined;
  switch (type.kind) {
    case 'struct':
      return isRecord(value) ? first(Object.entries(value), ([name, item]) => visitField(type, name, item, path, own)) : wrong(path, own);
    case 'list':
      return Array.isArray(value)
        ? first([...value.entries()], ([index, item]) => visit(type.item, item, path.index(index), own))
        : wrong(path, own);
    case 'map':
      return isRecord(value) ? first(Object.entries(value), ([key, item]) => visit(type.item, item, path.key(key), own)) : wrong(path, own);
    case 'any':
      return undefined;
    case 'either': {
      const form = Array.isArray(value) ? type.list : isRecord(value) ? type.object : undefined;
      if (form !== undefined) return visit(form, value, path, own);
      return type.boolean && typeof value !== 'boolean' ? path : undefined;
    }
    default:
      return OWN.has(type.kind) !== own || holds(type.kind, value) ? undefined : path;
  }
}

function visitField(type: StructNode, name: string, value: unknown, path: Path, own: boolean): Path | undefined {
  const field = type.fields.get(name);
  return field === undefined ? undefined : visit(field.type, value, path.child(name), own);
}

/** A value of the wrong JSON type is not what is looked for when a type of its own complained. */
function wrong(path: Path, own: boolean): Path | undefined {
  return own ? undefined : path;
}

function first<T>(items: readonly T[], find: (item: T) => Path | undefined): Path | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function holds(kind: Exclude<TypeNode['kind'], 'struct' | 'list' | 'map' | 'any' | 'either'>, value: unknown): boolean {
  switch (kind) {
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'int32':
      return Number.isInteger(value) && Math.abs(value as number) <= 0x8000_0000;
    case 'int64':
      return Number.isInteger(value);
    case 'double':
      return typeof value === 'number';
    case 'intOrString':
      return typeof value === 'string' || Number.isInteger(value);
    case 'bytes':
      return typeof value === 'string' && !('error' in canonicalBase64(value));
    case 'quantity':
      return (typeof value === 'string' || typeof value === 'number') && !('error' in parseQuantity(String(value)));
    case 'time':
      return typeof value === 'string' && !('error' in canonicalTime(value));
    case 'microTime':
      return typeof value === 'string' && !('error' in canonicalMicroTime(value));
  }
}
