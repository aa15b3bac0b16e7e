/**
 * The strategic merge patch that `kubectl apply` sends: what the manifest adds or changes against the live object, and
 * what an earlier apply had set and the manifest does not have any more.
 * Invariant: fields that neither manifest names are never touched. Lists with a merge key are compared item by item.
 * Counterpart: k8s.io/apimachinery/pkg/util/strategicpatch.CreateThreeWayMergePatch.
 *
 * Example: last applied {a: 1, b: 2}, manifest {a: 1, c: 3}, live {a: 5, b: 2, z: 9} > patch {a: 1, b: null, c: 3}.
 */
import type { Schema, SchemaSet } from '../apimachinery/scheme/schema.ts';
import { jsonEqual } from '../base/json.ts';

type JsonMap = Readonly<Record<string, unknown>>;

export interface MergeInput {
  /** What was applied last; empty if it is not known. */
  readonly original: JsonMap;
  readonly modified: JsonMap;
  readonly live: JsonMap;
}

/** @param schema of the object; undefined for kinds without one: then lists are replaced whole, as in a JSON merge patch */
export function threeWayPatch(schemas: SchemaSet, schema: Schema | undefined, input: MergeInput): JsonMap {
  return mergeMaps(schemas, schema, input.original, input.modified, input.live);
}

function mergeMaps(schemas: SchemaSet, given: Schema | undefined, original: JsonMap, modified: JsonMap, live: JsonMap): JsonMap {
  const schema = resolve(schemas, given);
  const patch: Record<string, unknown> = {};
  for (const [name, wanted] of Object.entries(modified)) {
    const field = schema?.properties?.[name] ?? schema?.additionalProperties;
    const change = changeOf(schemas, field, original[name], wanted, live[name]);
    if (change !== undefined) Object.assign(patch, change.directives, change.value === undefined ? {} : { [name]: change.value });
    if (change?.order !== undefined) patch[`$setElementOrder/${name}`] = change.order;
  }
  for (const name of Object.keys(original)) if (!(name in modified) && name in live) patch[name] = null;
  return patch;
}

interface Change {
  readonly value: unknown;
  readonly directives?: JsonMap;
  readonly order?: readonly unknown[];
}

function changeOf(schemas: SchemaSet, field: Schema | undefined, original: unknown, wanted: unknown, live: unknown): Change | undefined {
  if (isMap(wanted)) {
    if (!isMap(live)) return { value: wanted };
    const value = mergeMaps(schemas, field, isMap(original) ? original : {}, wanted, live);
    return Object.keys(value).length === 0 ? undefined : { value };
  }
  if (Array.isArray(wanted)) return listChange(schemas, field, original, wanted as readonly unknown[], live);
  if (wanted === null) return live === undefined || live === null ? undefined : { value: null };
  return jsonEqual(wanted, live) ? undefined : { value: wanted };
}

function listChange(
  schemas: SchemaSet,
  field: Schema | undefined,
  original: unknown,
  wanted: readonly unknown[],
  live: unknown,
): Change | undefined {
  const key = field?.['x-kubernetes-patch-merge-key'];
  const merges = field?.['x-kubernetes-patch-strategy']?.includes('merge') === true;
  const have: readonly unknown[] = Array.isArray(live) ? (live as readonly unknown[]) : [];
  if (!merges || live === undefined) return jsonEqual(wanted, live) ? undefined : { value: wanted };
  const before: readonly unknown[] = Array.isArray(original) ? (original as readonly unknown[]) : [];
  if (key === undefined) return primitives(before, wanted, have);
  if (![...wanted, ...have].every((item) => isMap(item) && item[key] !== undefined))
    return jsonEqual(wanted, live) ? undefined : { value: wanted };
  const item = resolve(schemas, field?.items);
  const find = (list: readonly unknown[], value: unknown): JsonMap | undefined =>
    (list as readonly JsonMap[]).find((each) => jsonEqual(each[key], value));
  const changes: JsonMap[] = [];
  for (const each of wanted as readonly JsonMap[]) {
    const stored = find(have, each[key]);
    if (stored === undefined) changes.push(each);
    else {
      const change = mergeMaps(schemas, item, find(before, each[key]) ?? {}, each, stored);
      if (Object.keys(change).length > 0) changes.push({ ...change, [key]: each[key] });
    }
  }
  for (const each of before as readonly JsonMap[]) {
    if (find(wanted, each[key]) === undefined && find(have, each[key]) !== undefined) changes.push({ $patch: 'delete', [key]: each[key] });
  }
  if (changes.length === 0) return undefined;
  return { value: changes, order: (wanted as readonly JsonMap[]).map((each) => ({ [key]: each[key] })) };
}

/** Lists such as finalizers: items are added, and deleted by a directive beside the field. */
function primitives(before: readonly unknown[], wanted: readonly unknown[], have: readonly unknown[]): Change | undefined {
  const added = wanted.filter((item) => !have.some((other) => jsonEqual(item, other)));
  const gone = before.filter((item) => !wanted.includes(item) && have.includes(item));
  if (added.length === 0 && gone.length === 0) return undefined;
  return { value: [...have.filter((item) => !gone.includes(item)), ...added], directives: {} };
}

function resolve(schemas: SchemaSet, schema: Schema | undefined): Schema | undefined {
  return schema?.ref === undefined ? schema : schemas.definitions[schema.ref];
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
