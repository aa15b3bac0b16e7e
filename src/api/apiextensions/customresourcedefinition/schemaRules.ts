/**
 * What a schema may hold, beyond being structural: extensions, lists, rules of CEL and their cost.
 * Counterpart: ValidateCustomResourceDefinitionOpenAPISchema of apiextensions-apiserver's validation.go.
 */
import { forbidden, invalid, notSupported, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { additionalOf, hasMembers, isSchemaList, itemsOf, type JSONSchema } from '../structural/jsonSchema.ts';
import { child, checkRules, type RuleContext } from './celContext.ts';
import { checkListAndMapTypes } from './listRules.ts';

export interface SchemaErrors {
  readonly schema: FieldError[];
  readonly cel: FieldError[];
}

/** What holds from a place in the schema downwards. */
export interface Surroundings {
  /** Why there may be no defaults; undefined: there may. */
  readonly noDefaults: string | undefined;
  readonly insideMeta: boolean;
  /** Where old and new values can no longer be told to belong together. */
  readonly uncorrelatable: Path | undefined;
  readonly isRoot: boolean;
}

export const AT_ROOT: Surroundings = { noDefaults: undefined, insideMeta: false, uncorrelatable: undefined, isRoot: true };

const TYPES: readonly string[] = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const META: ReadonlySet<string> = new Set(['metadata', 'kind', 'apiVersion']);

/** @param context undefined where rules are not looked at: below alternatives, or when the schema is not structural */
export function checkSchema(schema: JSONSchema, path: Path, around: Surroundings, context: RuleContext | undefined): SchemaErrors {
  const errors: SchemaErrors = { schema: [], cel: [] };
  checkFields(errors.schema, schema, path, around);
  if (schema.uniqueItems === true)
    errors.schema.push(
      forbidden(path.child('uniqueItems'), 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'),
    );
  checkMembers(errors, schema, path, around, context);
  checkAlternatives(errors, schema, path, around);
  checkItems(errors, schema, path, around, context);
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    errors.schema.push(invalid(path.child('x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined'));
  checkListAndMapTypes(errors.schema, schema, path);
  checkRules(errors, schema, path, around.uncorrelatable, context);
  return errors;
}

function below(around: Surroundings): Surroundings {
  return around.isRoot ? { ...around, isRoot: false } : around;
}

function add(errors: SchemaErrors, more: SchemaErrors): void {
  errors.schema.push(...more.schema);
  errors.cel.push(...more.cel);
}

const UNSUPPORTED = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'] as const;

function checkFields(errors: FieldError[], schema: JSONSchema, path: Path, around: Surroundings): void {
  const { type = '' } = schema;
  if (type !== '' && !TYPES.includes(type)) errors.push(notSupported(path.child('type'), type, TYPES));
  if (schema.default !== undefined && schema.default !== null && around.noDefaults !== undefined)
    errors.push(forbidden(path.child('default'), `must not be set ${around.noDefaults}`));
  for (const field of UNSUPPORTED) {
    const value = schema[field];
    const isSet =
      typeof value === 'object' && field !== 'additionalItems' && field !== 'dependencies'
        ? hasMembers(value)
        : value !== undefined && value !== '';
    if (isSet) errors.push(forbidden(path.child(field), `${field} is not supported`));
  }
  if (type === 'null') errors.push(forbidden(path.child('type'), 'type cannot be set to null, use nullable as an alternative'));
  if (schema.items && isSchemaList(schema.items) && schema.items.length > 0)
    errors.push(forbidden(path.child('items'), 'items must be a schema object and not an array'));
  if (around.insideMeta && schema['x-kubernetes-embedded-resource'] === true)
    errors.push(forbidden(path.child('x-kubernetes-embedded-resource'), 'must not be used inside of resource meta'));
}

function checkMembers(errors: SchemaErrors, schema: JSONSchema, path: Path, around: Surroundings, context: RuleContext | undefined): void {
  const inner = below(around);
  if (schema.additionalProperties !== undefined) {
    if (hasMembers(schema.properties) && schema.additionalProperties !== true)
      errors.schema.push(forbidden(path.child('additionalProperties'), 'additionalProperties and properties are mutual exclusive'));
    const additional = additionalOf(schema);
    if (additional !== undefined) {
      const sub = around.insideMeta ? { ...inner, noDefaults: 'inside additionalProperties applying to object metadata' } : inner;
      add(errors, checkSchema(additional, path.child('additionalProperties'), sub, child(context, schema, additional)));
    }
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isMeta = (around.isRoot || schema['x-kubernetes-embedded-resource'] === true) && META.has(name);
    const mapType = schema['x-kubernetes-map-type'];
    const correlatable = mapType === undefined || mapType === 'granular' || mapType === 'atomic';
    const sub: Surroundings = {
      ...inner,
      insideMeta: inner.insideMeta || isMeta,
      noDefaults: isMeta && around.isRoot ? `in top-level ${name}` : inner.noDefaults,
      uncorrelatable: correlatable ? inner.uncorrelatable : (inner.uncorrelatable ?? path),
    };
    add(errors, checkSchema(property, path.child('properties').key(name), sub, child(context, schema, property)));
  }
}

function checkAlternatives(errors: SchemaErrors, schema: JSONSchema, path: Path, around: Surroundings): void {
  const inner = below(around);
  if (schema.not !== undefined) add(errors, checkSchema(schema.not, path.child('not'), inner, undefined));
  for (const group of ['allOf', 'oneOf', 'anyOf'] as const)
    for (const [index, part] of (schema[group] ?? []).entries())
      add(errors, checkSchema(part, path.child(group).index(index), inner, undefined));
  for (const [name, definition] of Object.entries(schema.definitions ?? {}))
    add(errors, checkSchema(definition, path.child('definitions').key(name), inner, undefined));
}

function checkItems(errors: SchemaErrors, schema: JSONSchema, path: Path, around: Surroundings, context: RuleContext | undefined): void {
  const { items } = schema;
  if (!items) return;
  // Only the items of list maps can be told apart.
  const isMap = schema['x-kubernetes-list-type'] === 'map';
  const inner = { ...below(around), uncorrelatable: isMap ? around.uncorrelatable : (around.uncorrelatable ?? path) };
  const single = itemsOf(schema);
  if (single !== undefined) add(errors, checkSchema(single, path.child('items'), inner, child(context, schema, single)));
  else if (isSchemaList(items))
    for (const [index, item] of items.entries())
      add(errors, checkSchema(item, path.child('items').index(index), inner, child(context, schema, item)));
}
