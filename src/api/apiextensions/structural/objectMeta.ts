/**
 * Metadata and type of resources within resources, and of the resource itself.
 * Counterpart: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta.
 */
import { errorText, invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import type { ObjectMeta } from '../../../apimachinery/meta/types.ts';
import { decode } from '../../../apimachinery/scheme/decode.ts';
import { isDNS1035Label } from '../../../apimachinery/validation/names.ts';
import { validateObjectMeta } from '../../../apimachinery/validation/objectMeta.ts';
import { nameIsPathSegment } from '../../../apimachinery/validation/objectNames.ts';
import { SCHEME } from '../../scheme.ts';
import { isObject, itemsOf, memberOf, sortedKeys, type JSONSchema } from './jsonSchema.ts';

type Members = Record<string, unknown>;
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

export interface Coerced {
  /** What cannot be metadata at all: the object is refused. */
  readonly error: string | undefined;
  /** `metadata.foo`, sorted. */
  readonly unknown: readonly string[];
}

/** Makes metadata of what stands there, in place: members that it does not have are dropped. */
export function coerceMetadata(object: unknown, schema: JSONSchema | undefined, isResourceRoot: boolean): Coerced {
  const unknown: string[] = [];
  const problem = coerce(object, schema, isResourceRoot, Path.root, unknown);
  return { error: problem === undefined ? undefined : errorText(problem), unknown: unknown.toSorted() };
}

export function coerceError(object: unknown, schema: JSONSchema, isResourceRoot: boolean, path: Path): FieldError | undefined {
  return coerce(object, schema, isResourceRoot, path, []);
}

function coerce(value: unknown, schema: JSONSchema | undefined, isRoot: boolean, path: Path, unknown: string[]): FieldError | undefined {
  if (Array.isArray(value)) {
    const items = schema === undefined ? undefined : itemsOf(schema);
    if (items === undefined) return undefined;
    for (const [index, item] of value.entries()) {
      const problem = coerce(item, items, false, path.index(index), unknown);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  for (const name of Object.keys(value)) {
    const problem =
      (isRoot || schema?.['x-kubernetes-embedded-resource'] === true ? coerceMember(value as Members, name, path, unknown) : undefined) ??
      (schema === undefined ? undefined : coerce(value[name], memberOf(schema, name), false, path.child(name), unknown));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function coerceMember(object: Members, name: string, path: Path, unknown: string[]): FieldError | undefined {
  if (name === 'apiVersion' || name === 'kind') {
    return typeof object[name] === 'string' ? undefined : invalid(path.child(name), object[name], 'must be a string');
  }
  if (name !== 'metadata') return undefined;
  const decoded = decodeMeta(object[name]);
  if (decoded.error !== undefined) return invalid(path.child('metadata'), sortedKeys(object[name]), decoded.error);
  object[name] = decoded.meta;
  const prefix = path.child('metadata').toString();
  for (const text of decoded.strictErrors) {
    const field = /^unknown field "(.*)"$/.exec(text)?.[1];
    if (field !== undefined) unknown.push(`${prefix}.${field}`);
  }
  return undefined;
}

function decodeMeta(value: unknown): {
  readonly meta: ObjectMeta;
  readonly error: string | undefined;
  readonly strictErrors: readonly string[];
} {
  const node = SCHEME.node(OBJECT_META);
  if (node === undefined) return { meta: {}, error: undefined, strictErrors: [] };
  const { object, error, strictErrors } = decode(node, value);
  return { meta: object as ObjectMeta, error, strictErrors };
}

/** What is wrong with resources within the object. */
export function validateEmbedded(object: unknown, schema: JSONSchema, isResourceRoot: boolean, path: Path): ErrorList {
  const errors: FieldError[] = [];
  visit(errors, object, schema, isResourceRoot, path);
  return errors;
}

function visit(errors: FieldError[], value: unknown, schema: JSONSchema | undefined, isRoot: boolean, path: Path): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (items !== undefined) for (const [index, item] of value.entries()) visit(errors, item, items, false, path.index(index));
    return;
  }
  if (!isObject(value)) return;
  if (isRoot || schema['x-kubernetes-embedded-resource'] === true) validateResource(errors, value, path);
  for (const name of Object.keys(value)) {
    const isProperty = Object.hasOwn(schema.properties ?? {}, name);
    visit(errors, value[name], memberOf(schema, name), false, isProperty ? path.child(name) : path.key(name));
  }
}

function validateResource(errors: FieldError[], value: Readonly<Record<string, unknown>>, path: Path): void {
  if (value['apiVersion'] === undefined) errors.push(required(path.child('apiVersion'), ''));
  if (value['kind'] === undefined) errors.push(required(path.child('kind'), ''));
  for (const [name, item] of Object.entries(value)) {
    if (name === 'apiVersion') errors.push(...apiVersionErrors(item, path.child(name)));
    else if (name === 'kind') errors.push(...kindErrors(item, path.child(name)));
    else if (name === 'metadata') errors.push(...metadataErrors(item, path.child(name)));
  }
}

function apiVersionErrors(value: unknown, path: Path): ErrorList {
  if (typeof value !== 'string') return [invalid(path, value, 'must be a string')];
  if (value === '') return [invalid(path, value, 'must not be empty')];
  return value.split('/').length > 2 ? [invalid(path, value, `unexpected GroupVersion string: ${value}`)] : [];
}

function kindErrors(value: unknown, path: Path): ErrorList {
  if (typeof value !== 'string') return [invalid(path, value, 'must be a string')];
  if (value === '') return [invalid(path, value, 'must not be empty')];
  const problems = isDNS1035Label(value.toLowerCase());
  return problems.length === 0 ? [] : [invalid(path, value, `may have mixed case, but should otherwise match: ${problems.join(',')}`)];
}

function metadataErrors(value: unknown, path: Path): ErrorList {
  const { meta, error } = decodeMeta(value);
  if (error !== undefined) return [invalid(path, value, error)];
  const named = (meta.name ?? '') === '' ? { ...meta, name: 'fakename' } : meta;
  return validateObjectMeta(named, (meta.namespace ?? '') !== '', nameIsPathSegment, path);
}
