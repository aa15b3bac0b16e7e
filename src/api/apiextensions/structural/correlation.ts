/**
 * Which part of the old object belongs to which part of the new one: what an update leaves as it was is not judged again.
 * Counterpart: k8s.io/apiserver/pkg/cel/common.CorrelatedObject.
 */
import { jsonEqual } from '../../../base/json.ts';
import { isObject, type JSONSchema } from './jsonSchema.ts';

/** `value` is the old one, undefined if there was none; undefined altogether where old and new cannot be told to belong together. */
export type Correlation = { readonly value: unknown } | undefined;

export const UNRELATED: Correlation = undefined;

export function isUnchanged(old: Correlation, value: unknown): boolean {
  return old !== undefined && old.value !== undefined && jsonEqual(old.value, value);
}

export const correlate = {
  member(old: Correlation, schema: JSONSchema, name: string): Correlation {
    if (old === undefined || !isObject(old.value) || schema['x-kubernetes-map-type'] === 'atomic') return UNRELATED;
    return Object.hasOwn(old.value, name) ? { value: old.value[name] } : UNRELATED;
  },

  item(old: Correlation, schema: JSONSchema, item: unknown, _index: number): Correlation {
    if (old === undefined || !Array.isArray(old.value)) return UNRELATED;
    const found = oldItem(schema, old.value, item);
    return found === undefined ? UNRELATED : { value: found };
  },
};

/** The item of a list map with the same keys; undefined in lists of other types. */
export function oldItem(schema: JSONSchema, old: readonly unknown[], item: unknown): unknown {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (schema['x-kubernetes-list-type'] !== 'map' || keys.length === 0 || !isObject(item)) return undefined;
  return old.find((other) => isObject(other) && keys.every((key) => jsonEqual(other[key], item[key])));
}
