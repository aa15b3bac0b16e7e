/**
 * Whether a schema is structural: types everywhere, and in alternatives only what judges values.
 * Counterpart: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/validation.go and convert.go.
 */
import { errorText, forbidden, invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { compileGoRegexp } from '../../../apimachinery/regex/goRegexp.ts';
import { jsonEqual } from '../../../base/json.ts';
import { additionalOf, hasMembers, isSchemaList, itemsOf, type JSONSchema } from '../structural/jsonSchema.ts';

type Level = 'root' | 'item' | 'field';

const NO_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};
const INT_OR_STRING = [{ type: 'integer' }, { type: 'string' }];

/** Sorted by their texts, as the API server sorts them. */
export function validateStructural(schema: JSONSchema, path: Path): ErrorList {
  const errors: FieldError[] = [];
  checkInvariants(errors, schema, 'root', path);
  checkCompleteness(errors, schema, path);
  return errors.toSorted((left, right) => (errorText(left) < errorText(right) ? -1 : 1));
}

/** Why a schema cannot be read as a structural one at all. */
export function structuralError(schema: JSONSchema): string | undefined {
  const unsupported = UNSUPPORTED.find((field) => schema[field] !== undefined && schema[field] !== '');
  if (unsupported !== undefined) return `OpenAPIV3Schema '${unsupported.replace('$schema', 'schema')}' is not supported`;
  if (schema.items && isSchemaList(schema.items) && schema.items.length > 0)
    return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  for (const inner of innerSchemas(schema)) {
    const error = structuralError(inner);
    if (error !== undefined) return error;
  }
  return undefined;
}

const UNSUPPORTED = ['id', '$schema', '$ref', 'patternProperties', 'dependencies', 'additionalItems', 'definitions'] as const;

function innerSchemas(schema: JSONSchema): readonly JSONSchema[] {
  const [items, additional] = [itemsOf(schema), additionalOf(schema)];
  return [
    ...(items === undefined ? [] : [items]),
    ...Object.values(schema.properties ?? {}),
    ...(additional === undefined ? [] : [additional]),
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.not === undefined ? [] : [schema.not]),
  ];
}

function checkInvariants(errors: FieldError[], schema: JSONSchema, level: Level, path: Path): void {
  const items = itemsOf(schema);
  if (schema.type === 'array' && items === undefined) errors.push(required(path.child('items'), 'must be specified'));
  if (items !== undefined) checkInvariants(errors, items, 'item', path.child('items'));
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    checkInvariants(errors, property, 'field', path.child('properties').key(name));
  if (schema.additionalProperties !== undefined) {
    if (level === 'root') errors.push(forbidden(path.child('additionalProperties'), 'must not be used at the root'));
    const additional = additionalOf(schema);
    if (additional !== undefined) checkInvariants(errors, additional, 'field', path.child('additionalProperties'));
  }
  checkExtensions(errors, schema, path);
  const skipAnyOf = jsonEqual(schema.anyOf, INT_OR_STRING);
  const skipFirst = jsonEqual(schema.allOf?.[0]?.anyOf, INT_OR_STRING);
  checkValues(errors, schema, skipAnyOf, skipFirst, path);
  checkType(errors, schema, level, path);
  checkResource(errors, schema, level, path);
}

function checkExtensions(errors: FieldError[], schema: JSONSchema, path: Path): void {
  if (schema['x-kubernetes-int-or-string'] !== true) return;
  const text = 'must be false if x-kubernetes-int-or-string is true';
  if (schema['x-kubernetes-preserve-unknown-fields'] === true)
    errors.push(invalid(path.child('x-kubernetes-preserve-unknown-fields'), true, text));
  if (schema['x-kubernetes-embedded-resource'] === true) errors.push(invalid(path.child('x-kubernetes-embedded-resource'), true, text));
}

function checkType(errors: FieldError[], schema: JSONSchema, level: Level, path: Path): void {
  const { type = '' } = schema;
  const at = path.child('type');
  if (schema['x-kubernetes-embedded-resource'] === true && type !== 'object') {
    const text = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(type === '' ? required(at, text) : invalid(at, type, text));
  } else if (type === '' && schema['x-kubernetes-int-or-string'] !== true && schema['x-kubernetes-preserve-unknown-fields'] !== true) {
    errors.push(required(at, NO_TYPE[level]));
  }
  if (schema['x-kubernetes-embedded-resource'] === true && schema.additionalProperties !== undefined)
    errors.push(forbidden(path.child('additionalProperties'), 'must not be used if x-kubernetes-embedded-resource is set'));
  if (level === 'root' && type !== '' && type !== 'object') errors.push(invalid(at, type, 'must be object at the root'));
}

/** Type and metadata of a resource are known; a schema can only narrow its name. */
function checkResource(errors: FieldError[], schema: JSONSchema, level: Level, path: Path): void {
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  const isResource = level === 'root' || isEmbedded;
  for (const name of ['kind', 'apiVersion']) {
    const property = schema.properties?.[name];
    if (isResource && property !== undefined && property.type !== 'string')
      errors.push(invalid(path.child('properties').key(name).child('type'), property.type ?? '', 'must be string'));
  }
  const metadata = schema.properties?.['metadata'];
  if (metadata !== undefined) {
    const at = path.child('properties').key('metadata');
    if (isResource && metadata.type !== 'object') errors.push(invalid(at.child('type'), metadata.type ?? '', 'must be object'));
    if (level === 'root' && !narrowsNameOnly(metadata))
      errors.push(forbidden(at, 'must not specify anything other than name and generateName, but metadata is implicitly specified'));
  }
  if (isEmbedded && schema['x-kubernetes-preserve-unknown-fields'] !== true && !hasMembers(schema.properties)) {
    const text = 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    errors.push(required(path.child('properties'), text));
  }
}

function narrowsNameOnly(metadata: JSONSchema): boolean {
  const others = Object.keys(metadata).filter((key) => !['type', 'default', 'properties'].includes(key));
  const names = Object.keys(metadata.properties ?? {});
  return others.length === 0 && names.every((name) => name === 'name' || name === 'generateName');
}

function checkValues(errors: FieldError[], schema: JSONSchema, skipAnyOf: boolean, skipFirstAllOf: boolean, path: Path): void {
  if (!skipAnyOf)
    for (const [index, inner] of (schema.anyOf ?? []).entries()) checkNested(errors, inner, false, path.child('anyOf').index(index));
  for (const [index, inner] of (schema.allOf ?? []).entries())
    checkNested(errors, inner, skipFirstAllOf && index === 0, path.child('allOf').index(index));
  for (const [index, inner] of (schema.oneOf ?? []).entries()) checkNested(errors, inner, false, path.child('oneOf').index(index));
  if (schema.not !== undefined) checkNested(errors, schema.not, false, path.child('not'));
  const { pattern = '' } = schema;
  const compiled = pattern === '' ? undefined : compileGoRegexp(pattern);
  if (compiled !== undefined && 'error' in compiled)
    errors.push(invalid(path.child('pattern'), pattern, `must be a valid regular expression, but isn't: ${compiled.error}`));
}

const BELOW: readonly (readonly [keyof JSONSchema, string])[] = [
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

/** A schema among alternatives may only judge values. */
function checkNested(errors: FieldError[], schema: JSONSchema, skipAnyOf: boolean, path: Path): void {
  checkValues(errors, schema, skipAnyOf, false, path);
  const items = itemsOf(schema);
  if (items !== undefined) checkNested(errors, items, false, path.child('items'));
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    checkNested(errors, property, false, path.child('properties').key(name));
  if ((schema.type ?? '') !== '') errors.push(forbidden(path.child('type'), 'must be empty to be structural'));
  if (schema.additionalProperties !== undefined)
    errors.push(forbidden(path.child('additionalProperties'), 'must be undefined to be structural'));
  if (schema.default !== undefined && schema.default !== null)
    errors.push(forbidden(path.child('default'), 'must be undefined to be structural'));
  for (const [field, text] of BELOW) {
    const value = schema[field];
    const isSet = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '' && value !== false;
    if (isSet) errors.push(forbidden(path.child(field), text));
  }
  if (schema.properties?.['metadata'] !== undefined)
    errors.push(forbidden(path.child('properties').key('metadata'), 'must not be specified in a nested context'));
}

/** What the alternatives at the root speak of must stand in the schema itself; deeper ones are not looked at. */
function checkCompleteness(errors: FieldError[], schema: JSONSchema, path: Path): void {
  for (const group of ['anyOf', 'allOf', 'oneOf'] as const)
    for (const [index, inner] of (schema[group] ?? []).entries()) complete(errors, schema, inner, path, path.child(group).index(index));
  if (schema.not !== undefined) complete(errors, schema, schema.not, path, path.child('not'));
}

function complete(errors: FieldError[], spine: JSONSchema, nested: JSONSchema, path: Path, at: Path): void {
  const because = (place: Path): string => `because it is defined in ${place.toString()}`;
  const items = itemsOf(nested);
  if (items !== undefined) {
    const own = itemsOf(spine);
    if (own === undefined) errors.push(required(path.child('items'), because(at.child('items'))));
    else complete(errors, own, items, path.child('items'), at.child('items'));
  }
  for (const [name, property] of Object.entries(nested.properties ?? {})) {
    const place = at.child('properties').key(name);
    const own = spine.properties?.[name];
    if (own === undefined) errors.push(required(path.child('properties').key(name), because(place)));
    else complete(errors, own, property, path.child('properties').key(name), place);
  }
  for (const group of ['anyOf', 'allOf', 'oneOf'] as const)
    for (const [index, inner] of (nested[group] ?? []).entries()) complete(errors, spine, inner, path, at.child(group).index(index));
  if (nested.not !== undefined) complete(errors, spine, nested.not, path, at.child('not'));
}
