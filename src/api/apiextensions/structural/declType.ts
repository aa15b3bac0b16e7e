/**
 * Schemas as types of CEL, with the sizes that costs are estimated by.
 * Counterpart: k8s.io/apiserver/pkg/cel/common.SchemaDeclType.
 */
import type { SizeOfPath } from '../../../apimachinery/cel/cost/estimate.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  objectType,
  STRING,
  TIMESTAMP,
  type Type,
} from '../../../apimachinery/cel/types.ts';
import { byteLength } from '../../../apimachinery/validation/text.ts';
import { escapeName } from './escape.ts';
import { additionalOf, itemsOf, type JSONSchema } from './jsonSchema.ts';
import { hasDefault } from './pruning.ts';

export interface DeclType {
  readonly type: Type;
  /** The most characters, items or entries. */
  readonly maxElements: number;
  /** The fewest bytes as JSON. */
  readonly minSize: number;
  readonly element: DeclType | undefined;
  readonly key: DeclType | undefined;
  readonly fields: ReadonlyMap<string, DeclType> | undefined;
}

const MAX_REQUEST = 3 * 1024 * 1024;
const simple = (type: Type, minSize: number, maxElements = 0): DeclType => ({
  type,
  minSize,
  maxElements,
  element: undefined,
  key: undefined,
  fields: undefined,
});
const STRING_KEY = simple(STRING, 2);

/** Undefined where expressions cannot see what is there. */
export function declTypeOf(schema: JSONSchema, isResourceRoot: boolean): DeclType | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) return simple(DYN, 1, lengthOf(schema) ?? MAX_REQUEST - 2);
  switch (schema.type) {
    case 'array':
      return listType(schema);
    case 'object':
      return objectOrMap(isResourceRoot ? withTypeAndMeta(schema) : schema);
    case 'string':
      return textType(schema);
    case 'boolean':
      return simple(BOOL, 4);
    case 'number':
      return simple(DOUBLE, 1);
    case 'integer':
      return simple(INT, 1);
    default:
      return undefined;
  }
}

function listType(schema: JSONSchema): DeclType | undefined {
  const items = itemsOf(schema);
  const element = items === undefined ? undefined : declTypeOf(items, items['x-kubernetes-embedded-resource'] === true);
  if (element === undefined) return undefined;
  const maxElements = schema.maxItems === undefined ? Math.floor((MAX_REQUEST - 2) / (element.minSize + 1)) : Math.max(0, schema.maxItems);
  return { ...simple(listOf(element.type), 2, maxElements), element };
}

function objectOrMap(schema: JSONSchema): DeclType | undefined {
  const additional = additionalOf(schema);
  if (additional !== undefined) {
    const element = declTypeOf(additional, additional['x-kubernetes-embedded-resource'] === true);
    if (element === undefined) return undefined;
    const most =
      schema.maxProperties === undefined ? Math.floor((MAX_REQUEST - 2) / (element.minSize + 6)) : Math.max(0, schema.maxProperties);
    return { ...simple(mapOf(STRING, element.type), 2, most), element, key: STRING_KEY };
  }
  const fields = new Map<string, DeclType>();
  let minSize = 2;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const field = declTypeOf(property, property['x-kubernetes-embedded-resource'] === true);
    if (field === undefined) continue;
    const escaped = escapeName(name);
    if (escaped !== undefined) fields.set(escaped, field);
    if (schema.required?.includes(name) === true && !hasDefault(property)) minSize += byteLength(name) + field.minSize + 4;
  }
  const type = objectType('object', (name) => fields.get(name)?.type);
  return { ...simple(type, minSize), fields };
}

function textType(schema: JSONSchema): DeclType {
  switch (schema.format) {
    case 'byte':
      return simple(BYTES, 2, schema.maxLength === undefined ? MAX_REQUEST - 2 : Math.max(0, schema.maxLength));
    case 'duration':
      return simple(DURATION, 3, 32);
    case 'date':
      return simple(TIMESTAMP, 12, 12);
    case 'date-time':
      return simple(TIMESTAMP, 21, 32);
    default:
      return simple(STRING, 2, lengthOf(schema) ?? enumLength(schema) ?? MAX_REQUEST - 2);
  }
}

/** A character can be four bytes. */
function lengthOf({ maxLength }: JSONSchema): number | undefined {
  return maxLength === undefined ? undefined : Math.max(0, maxLength) * 4;
}

function enumLength({ enum: values }: JSONSchema): number | undefined {
  if (values === undefined || values.length === 0) return undefined;
  return Math.max(0, ...values.map((value) => (typeof value === 'string' ? byteLength(value) : 0)));
}

const TEXT: JSONSchema = { type: 'string' };
const withMeta = new WeakMap<JSONSchema, JSONSchema>();

/** What expressions can always see of a resource: its type and its name. */
export function withTypeAndMeta(schema: JSONSchema): JSONSchema {
  const known = withMeta.get(schema);
  if (known !== undefined) return known;
  const metadata: JSONSchema = { type: 'object', properties: { name: TEXT, generateName: TEXT } };
  const made: JSONSchema = { ...schema, properties: { ...schema.properties, kind: TEXT, apiVersion: TEXT, metadata } };
  withMeta.set(schema, made);
  return made;
}

/** How often data of a type can stand in an object at most. */
export function maxCardinality({ minSize }: DeclType): number {
  return Math.floor(MAX_REQUEST / (minSize + 1));
}

/** Sizes of what is reached from a variable of the type. */
export function sizesOf(root: DeclType): SizeOfPath {
  return (path) => {
    let node: DeclType | undefined = root;
    for (const name of path.slice(1)) {
      if (name === '@items' || name === '@values') node = node.element;
      else if (name === '@keys') node = node.key;
      else node = node.fields?.get(name);
      if (node === undefined) return undefined;
    }
    return { min: 0, max: node.maxElements };
  };
}
