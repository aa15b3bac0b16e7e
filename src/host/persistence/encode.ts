import { PendingOwners } from '../../apiserver/storage/managed.ts';
import type { Json, JsonObject } from '../../base/json.ts';

/**
 * A checkpoint as text. The store's objects and their history share structure; written plainly every object of history
 * would stand there several times. So each distinct object below `store` that is an API object is written once and
 * referred to by number.
 */
export function encodeCheckpoint(checkpoint: JsonObject): string {
  const numbers = new Map<object, number>();
  const objects: Json[] = [];
  const encode = (value: Json | undefined): Json => {
    if (typeof value !== 'object' || value === null) return value ?? null;
    if (isArray(value)) return value.map(encode);
    if (value instanceof PendingOwners) return encode(value.resolve() as unknown as Json);
    if (isShared(value)) {
      let number = numbers.get(value);
      if (number === undefined) {
        number = objects.length;
        numbers.set(value, number);
        objects.push(value);
      }
      return { $ref: number };
    }
    const copy: Record<string, Json> = {};
    for (const [key, item] of Object.entries(value)) if (item !== undefined) copy[key] = encode(item);
    return copy;
  };
  const { store, ...rest } = checkpoint;
  const encoded = encode(store);
  return JSON.stringify({ ...rest, store: encoded, objects });
}

/** The inverse of `encodeCheckpoint`; equal objects are shared again. @throws SyntaxError */
export function decodeCheckpoint(text: string): JsonObject {
  const { store, objects, ...rest } = JSON.parse(text) as JsonObject & { readonly objects: readonly Json[] };
  const decode = (value: Json | undefined): Json => {
    if (typeof value !== 'object' || value === null) return value ?? null;
    if (isArray(value)) return value.map(decode);
    const reference = value['$ref'];
    if (typeof reference === 'number') return objects[reference] ?? null;
    const copy: Record<string, Json | undefined> = {};
    for (const [key, item] of Object.entries(value)) copy[key] = decode(item);
    return copy;
  };
  return { ...rest, store: withUndefined(decode(store)) };
}

/** JSON has no `undefined`: history's optional members come back as null and are taken away again. */
function withUndefined(store: Json): Json {
  const { tables } = store as { readonly tables: Readonly<Record<string, { readonly history: readonly Record<string, Json>[] }>> };
  for (const table of Object.values(tables)) {
    for (const entry of table.history) for (const key of ['previous', 'cause']) if (entry[key] === null) delete entry[key];
  }
  return store;
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** API objects, and who owns their fields: both pass from revision to revision as they are. */
function isShared(value: JsonObject): boolean {
  if (typeof value['kind'] === 'string') return typeof value['metadata'] === 'object';
  return typeof value['manager'] === 'string' && typeof value['operation'] === 'string';
}
