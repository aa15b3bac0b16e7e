/**
 * What an object has beyond its schema is dropped, and can be reported.
 * Counterpart: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/{pruning,defaulting}.
 */
import { additionalOf, itemsOf, memberOf, type JSONSchema } from './jsonSchema.ts';

type Members = Record<string, unknown>;
const META: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** Drops unknown members in place. @returns their paths, sorted: `spec.foo`, `spec.list[0].bar` */
export function prune(object: unknown, schema: JSONSchema | undefined, isResourceRoot: boolean): readonly string[] {
  const unknown: string[] = [];
  pruneValue(object, schema, isResourceRoot, '', unknown);
  return unknown.sort((left, right) => (left < right ? -1 : 1));
}

function pruneValue(value: unknown, schema: JSONSchema | undefined, isRoot: boolean, path: string, unknown: string[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (schema?.['x-kubernetes-preserve-unknown-fields'] === true) keepUnknown(value, schema, isRoot, path, unknown);
  else if (Array.isArray(value)) pruneList(value, schema, path, unknown, pruneValue);
  else pruneMembers(value as Members, schema, isRoot, path, unknown);
}

function pruneMembers(value: Members, schema: JSONSchema | undefined, isRoot: boolean, path: string, unknown: string[]): void {
  const isResource = isRoot || schema?.['x-kubernetes-embedded-resource'] === true;
  for (const name of Object.keys(value)) {
    if (isResource && META.has(name)) continue;
    const known = schema !== undefined && (hasProperty(schema, name) || hasAdditional(schema));
    if (known) pruneValue(value[name], memberOf(schema, name), false, `${path}.${name}`, unknown);
    else {
      if (!META.has(name) || path !== '') unknown.push(`${path}.${name}`.slice(1));
      // oxlint-disable-next-line typescript/no-dynamic-delete
      delete value[name];
    }
  }
}

/** Where unknown members are kept, what has a schema is pruned by it all the same. */
function keepUnknown(value: object, schema: JSONSchema, isRoot: boolean, path: string, unknown: string[]): void {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items === undefined) return;
    for (const [index, item] of value.entries())
      if (typeof item === 'object' && item !== null) keepUnknown(item as object, items, false, `${path}[${index}]`, unknown);
    return;
  }
  const isResource = isRoot || schema['x-kubernetes-embedded-resource'] === true;
  for (const name of Object.keys(value)) {
    if (isResource && META.has(name)) continue;
    if (hasProperty(schema, name) || hasAdditional(schema))
      pruneValue((value as Members)[name], memberOf(schema, name), false, `${path}.${name}`, unknown);
  }
}

function pruneList(
  value: readonly unknown[],
  schema: JSONSchema | undefined,
  path: string,
  unknown: string[],
  visit: typeof pruneValue,
): void {
  const items = schema === undefined ? undefined : itemsOf(schema);
  for (const [index, item] of value.entries()) visit(item, items, false, `${path}[${index}]`, unknown);
}

function hasProperty({ properties }: JSONSchema, name: string): boolean {
  return properties !== undefined && Object.hasOwn(properties, name);
}

function hasAdditional({ additionalProperties }: JSONSchema): boolean {
  return additionalProperties !== undefined;
}

/** Drops nulls where the schema allows none and has no default that would take their place. */
export function pruneNulls(value: unknown, schema: JSONSchema | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    const items = schema === undefined ? undefined : itemsOf(schema);
    for (const item of value) pruneNulls(item, items);
    return;
  }
  const members = value as Members;
  for (const name of Object.keys(members)) {
    const member = schema === undefined ? undefined : memberOf(schema, name);
    // oxlint-disable-next-line typescript/no-dynamic-delete
    if (members[name] === null && member !== undefined && member.nullable !== true && !hasDefault(member)) delete members[name];
    else pruneNulls(members[name], member);
  }
}

export function hasDefault(schema: JSONSchema): boolean {
  return schema.default !== undefined && schema.default !== null;
}

export { additionalOf };
