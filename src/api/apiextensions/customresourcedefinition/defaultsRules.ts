/**
 * Defaults must be what the schema asks of a value.
 * Counterpart: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go.
 */
import { invalid, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { Path as Paths } from '../../../apimachinery/field/path.ts';
import { cloneJson, jsonEqual } from '../../../base/json.ts';
import { UNRELATED } from '../structural/correlation.ts';
import { itemsOf, type JSONSchema } from '../structural/jsonSchema.ts';
import { coerceError, validateEmbedded } from '../structural/objectMeta.ts';
import { hasDefault, prune } from '../structural/pruning.ts';
import { runRules } from '../structural/runRules.ts';
import { validateValue } from '../structural/validateValue.ts';

/** @param pruned whether defaults may have no unknown fields */
export function validateDefaults(schema: JSONSchema, path: Path, pruned: boolean): ErrorList {
  const errors: FieldError[] = [];
  visit(errors, schema, path, pruned, true);
  return errors;
}

function visit(errors: FieldError[], schema: JSONSchema, path: Path, pruned: boolean, isRoot: boolean): void {
  if (hasDefault(schema)) errors.push(...defaultErrors(schema, path.child('default'), pruned, isRoot));
  const items = itemsOf(schema);
  if (items !== undefined) visit(errors, items, path.child('items'), pruned, false);
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    visit(errors, property, path.child('properties').key(name), pruned, false);
}

function defaultErrors(schema: JSONSchema, path: Path, pruned: boolean, isRoot: boolean): ErrorList {
  const value = schema.default;
  const isResource = isRoot || schema['x-kubernetes-embedded-resource'] === true;
  const unknown =
    pruned && !jsonEqual(prunedCopy(value, schema, isResource), value) ? [invalid(path, value, 'must not have unknown fields')] : [];
  const coerced = coerceError(cloneJson(value), schema, isResource, path);
  if (coerced !== undefined) return [...unknown, coerced];
  const embedded = validateEmbedded(value, schema, isResource, path);
  if (embedded.length > 0) return [...unknown, ...embedded];
  // The value stands alone: messages name no field, errors stand at the default.
  const wrong = validateValue(schema, value, Paths.root, UNRELATED, 'written').map((error) => ({
    ...error,
    path: placed(path, error.path),
  }));
  if (wrong.length > 0) return [...unknown, ...wrong];
  const same = runRules(schema, value, { isResourceRoot: isRoot, path, old: value }).errors;
  return [...unknown, ...same, ...(same.length > 0 ? [] : runRules(schema, value, { isResourceRoot: isRoot, path }).errors)];
}

function prunedCopy(value: unknown, schema: JSONSchema, isResource: boolean): unknown {
  const copy = cloneJson(value);
  prune(copy, schema, isResource);
  return copy;
}

/** Errors about no field in particular stand at the default itself. */
function placed(at: Path, inner: Path): Path {
  const text = inner.toString();
  return text === '' || text === '<nil>' ? at : at.child(text);
}
