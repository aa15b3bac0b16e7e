/** Lists that are sets or maps. Counterpart: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype. */
import { duplicate, invalid, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { additionalOf, isObject, itemsOf, sortedKeys, type JSONSchema } from './jsonSchema.ts';

export function validateListTypes(schema: JSONSchema, object: unknown): ErrorList {
  const errors: FieldError[] = [];
  visit(errors, schema, object, Path.root);
  return errors;
}

function visit(errors: FieldError[], schema: JSONSchema, value: unknown, path: Path): void {
  if (Array.isArray(value)) {
    const type = schema['x-kubernetes-list-type'];
    if (type === 'set') for (const index of repeated(value)) errors.push(duplicate(path.index(index), value[index]));
    else if (type === 'map') checkMap(errors, schema['x-kubernetes-list-map-keys'] ?? [], value, path);
    const items = itemsOf(schema);
    if (items !== undefined) for (const [index, item] of value.entries()) visit(errors, items, item, path.index(index));
    return;
  }
  if (!isObject(value)) return;
  const additional = additionalOf(schema);
  if (additional !== undefined) for (const [name, item] of Object.entries(value)) visit(errors, additional, item, path.key(name));
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    if (Object.hasOwn(value, name)) visit(errors, property, value[name], path.child(name));
}

function checkMap(errors: FieldError[], keys: readonly string[], list: readonly unknown[], path: Path): void {
  const misfit = list.findIndex((item) => item !== null && !isObject(item));
  if (misfit >= 0) {
    errors.push(invalid(path.index(misfit), list[misfit], 'must be an object for an array of list-type map'));
    return;
  }
  const keyed = list.map((item) =>
    Object.fromEntries(keys.flatMap((key) => (isObject(item) && item[key] !== undefined ? [[key, item[key]]] : []))),
  );
  for (const index of repeated(keyed)) errors.push(duplicate(path.index(index), keyed[index]));
}

/** Of each value that is there more than once, the second place. */
function repeated(list: readonly unknown[]): readonly number[] {
  const seen = new Map<string, number>();
  const places: number[] = [];
  for (const [index, item] of list.entries()) {
    const text = JSON.stringify(sortedKeys(item));
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    if (times === 2) places.push(index);
  }
  return places;
}
