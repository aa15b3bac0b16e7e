/**
 * JSON as values of CEL, by schema: converted when an expression looks at it.
 * Counterpart: k8s.io/apiserver/pkg/cel/common.UnstructuredToVal.
 */
import { LIST_SEMANTICS } from '../../../apimachinery/cel/equality.ts';
import { parseGoDuration, parseRfc3339 } from '../../../apimachinery/cel/std/time.ts';
import { CelDuration, CelError, CelTime, MapLike, noSuchOverload, type Value } from '../../../apimachinery/cel/values.ts';
import { escapeName, unescapeName } from './escape.ts';
import { withTypeAndMeta } from './declType.ts';
import { additionalOf, isObject, itemsOf, type JSONSchema } from './jsonSchema.ts';

/** @throws CelError where the value is not what the schema says */
export function toCelValue(value: unknown, schema: JSONSchema): Value {
  if (value === null || value === undefined) {
    if (schema.nullable === true) return null;
    throw new CelError('invalid data, got null for schema with nullable=false');
  }
  if (schema['x-kubernetes-int-or-string'] === true) {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
    throw new CelError('invalid data, expected XIntOrString value to be either a string or integer');
  }
  switch (schema.type) {
    case 'object':
      if (!isObject(value)) throw new CelError('invalid data, expected a map for the provided schema with type=object');
      return new SchemaObject(value, schema['x-kubernetes-embedded-resource'] === true ? withTypeAndMeta(schema) : schema);
    case 'array':
      return listValue(value, schema);
    case 'string':
      if (typeof value !== 'string') throw new CelError(`invalid data, expected string, got ${goType(value)}`);
      return textValue(value, schema.format);
    case 'number':
      if (typeof value !== 'number') throw new CelError(`invalid data, expected float, got ${goType(value)}`);
      return value;
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) throw new CelError(`invalid data, expected int, got ${goType(value)}`);
      return BigInt(value);
    case 'boolean':
      if (typeof value !== 'boolean') throw new CelError(`invalid data, expected bool, got ${goType(value)}`);
      return value;
    default:
      return opaqueValue(value, schema);
  }
}

function opaqueValue(value: unknown, schema: JSONSchema): Value {
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return new SchemaObject(isObject(value) ? value : {}, { type: 'object' });
  throw new CelError(
    `invalid type, expected object, array, number, integer, boolean or string, or no type with x-kubernetes-int-or-string or x-kubernetes-preserve-unknown-fields is true, got ${schema.type ?? ''}`,
  );
}

function listValue(value: unknown, schema: JSONSchema): readonly Value[] {
  if (!Array.isArray(value)) throw new CelError('invalid data, expected an array for the provided schema with type=array');
  const items = itemsOf(schema);
  if (items === undefined) throw new CelError('invalid array type, expected Items with a non-empty Schema');
  const list = value.map((item) => toCelValue(item, items));
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') LIST_SEMANTICS.set(list, { keys: undefined });
  else if (type === 'map')
    LIST_SEMANTICS.set(list, { keys: (schema['x-kubernetes-list-map-keys'] ?? []).map((key) => escapeName(key) ?? key) });
  return list;
}

function textValue(text: string, format: string | undefined): Value {
  switch (format) {
    case 'duration':
      return parsed(parseGoDuration(text), (nanos) => new CelDuration(nanos), `Invalid duration ${text}`);
    case 'date':
      return parsed(parseRfc3339(`${text}T00:00:00Z`), (nanos) => new CelTime(nanos), `Invalid date formatted string ${text}`);
    case 'date-time':
      return parsed(parseRfc3339(text), (nanos) => new CelTime(nanos), `Invalid date-time formatted string ${text}`);
    case 'byte':
      return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    default:
      return text;
  }
}

function parsed(nanos: bigint | undefined, make: (nanos: bigint) => Value, complaint: string): Value {
  if (nanos === undefined) throw new CelError(complaint);
  return make(nanos);
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

/** An object with properties, or a map of values of one schema. */
class SchemaObject extends MapLike {
  readonly typeName = 'map';
  private readonly value: Readonly<Record<string, unknown>>;
  private readonly schema: JSONSchema;
  private readonly isStruct: boolean;

  constructor(value: Readonly<Record<string, unknown>>, schema: JSONSchema) {
    super();
    this.value = value;
    this.schema = schema;
    this.isStruct = schema.properties !== undefined;
  }

  get size(): number {
    return Object.keys(this.value).length;
  }

  find(key: Value): Value | undefined {
    if (typeof key !== 'string') throw noSuchOverload();
    const name = this.isStruct ? unescapeName(key) : key;
    if (!Object.hasOwn(this.value, name)) return undefined;
    const value = this.value[name];
    // A null of an object's field is as good as none.
    if (value === undefined || (this.isStruct && value === null)) return undefined;
    const schema = this.memberSchema(name);
    return schema === undefined ? undefined : toCelValue(value, schema);
  }

  keys(): readonly Value[] {
    return Object.keys(this.value)
      .filter((name) => this.memberSchema(name) !== undefined)
      .map((name) => (this.isStruct ? (escapeName(name) ?? name) : name));
  }

  private memberSchema(name: string): JSONSchema | undefined {
    const { properties } = this.schema;
    if (properties !== undefined) return Object.hasOwn(properties, name) ? properties[name] : undefined;
    return additionalOf(this.schema);
  }
}
