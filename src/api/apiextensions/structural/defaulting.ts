/** Counterpart: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/algorithm.go. */
import { cloneJson } from '../../../base/json.ts';
import { additionalOf, itemsOf, memberOf, type JSONSchema } from './jsonSchema.ts';
import { hasDefault, pruneNulls } from './pruning.ts';

type Members = Record<string, unknown>;

/** Fills in the defaults of a schema, in place; drops nulls that nothing may stay for. */
export function applyDefaults(object: unknown, schema: JSONSchema): void {
  pruneNulls(object, schema);
  fill(object, schema);
}

function fill(value: unknown, schema: JSONSchema | undefined): void {
  if (schema === undefined || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items === undefined) return;
    for (const [index, item] of value.entries()) {
      if (isReplaceableNull(item, items)) value[index] = cloneJson(items.default);
      fill(value[index], items);
    }
    return;
  }
  const members = value as Members;
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    if (hasDefault(property) && (members[name] === undefined || isReplaceableNull(members[name], property)))
      members[name] = cloneJson(property.default);
  for (const name of Object.keys(members)) {
    const additional = additionalOf(schema);
    const isProperty = Object.hasOwn(schema.properties ?? {}, name);
    if (!isProperty && additional !== undefined && isReplaceableNull(members[name], additional))
      members[name] = cloneJson(additional.default);
    fill(members[name], memberOf(schema, name));
  }
}

function isReplaceableNull(value: unknown, schema: JSONSchema): boolean {
  return value === null && schema.nullable !== true && hasDefault(schema);
}
