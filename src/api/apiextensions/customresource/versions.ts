import { cloneJson } from '../../../base/json.ts';
import { apiVersion, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import { applyDefaults } from '../structural/defaulting.ts';
import { prune } from '../structural/pruning.ts';
import type { JSONSchema } from '../structural/jsonSchema.ts';
import type { CustomType } from './kind.ts';

const read = new WeakMap<KubeObject, Map<JSONSchema, KubeObject>>();

/** A stored object in a served version: pruned and with the defaults of that version, as of now; remembered, as it is read often. */
export function fromStoredCustom(type: CustomType, object: KubeObject): KubeObject {
  const schema = type.schemas.get(type.version);
  if (schema === undefined) return object;
  let versions = read.get(object);
  if (versions === undefined) read.set(object, (versions = new Map<JSONSchema, KubeObject>()));
  const known = versions.get(schema);
  if (known !== undefined) return known;
  const copy = { ...cloneJson(object), apiVersion: apiVersion(type) };
  prune(copy, schema, true);
  applyDefaults(copy, schema);
  versions.set(schema, copy);
  return copy;
}
