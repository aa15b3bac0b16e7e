import { cloneJson } from '../../../base/json.ts';
import { apiVersion, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import { applyDefaults } from '../structural/defaulting.ts';
import { prune } from '../structural/pruning.ts';
import type { JSONSchema } from '../structural/jsonSchema.ts';
import type { CustomType } from './kind.ts';

const read = new WeakMap<KubeObject, Map<JSONSchema, KubeObject>>();

/**
 * A stored object in a served version: with the defaults of the version in which it is kept, and only what the served one
 * knows, both as of now. Remembered, as it is read often.
 */
export function fromStoredCustom(type: CustomType, object: KubeObject): KubeObject {
  const schema = type.schemas.get(type.version);
  if (schema === undefined) return object;
  let versions = read.get(object);
  if (versions === undefined) read.set(object, (versions = new Map<JSONSchema, KubeObject>()));
  const known = versions.get(schema);
  if (known !== undefined) return known;
  const stored = type.schemas.get(object.apiVersion?.split('/')[1] ?? '');
  const copy = { ...cloneJson(object), apiVersion: apiVersion(type) };
  if (stored !== undefined) {
    prune(copy, stored, true);
    applyDefaults(copy, stored);
  }
  if (stored !== schema) prune(copy, schema, true);
  versions.set(schema, copy);
  return copy;
}

/** An object of a served version as it is kept: what the storage version does not know is lost. */
export function toStoredCustom(type: CustomType, object: KubeObject): KubeObject {
  const schema = type.schemas.get(type.storageVersion);
  if (schema === undefined || type.version === type.storageVersion) return object;
  const copy = { ...cloneJson(object), apiVersion: `${type.group}/${type.storageVersion}` };
  prune(copy, schema, true);
  return copy;
}
