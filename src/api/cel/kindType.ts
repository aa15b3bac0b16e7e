/**
 * Kinds as types of expressions: the recorded ones by the schema of the API, custom ones by their definition.
 * Counterpart: k8s.io/apiserver/pkg/cel/openapi.SchemaDeclType.
 */
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
} from '../../apimachinery/cel/types.ts';
import { apiVersion, type ResourceType } from '../../apimachinery/meta/resource.ts';
import type { Schema } from '../../apimachinery/scheme/schema.ts';
import { isCustomType } from '../apiextensions/customresource/kind.ts';
import { declTypeOf } from '../apiextensions/structural/declType.ts';
import { escapeName } from '../apiextensions/structural/escape.ts';
import { SCHEMAS } from '../scheme.ts';

const definitions = new Map<string, Type>();

/** Undefined for a kind that no schema is known of. */
export function kindType(resource: ResourceType): Type | undefined {
  if (isCustomType(resource)) {
    const schema = resource.schemas.get(resource.version);
    return schema === undefined ? undefined : declTypeOf(schema, true)?.type;
  }
  const definition = SCHEMAS.kinds[`${apiVersion(resource)}/${resource.kind}`];
  return definition === undefined ? undefined : definitionType(definition);
}

function definitionType(name: string): Type {
  const known = definitions.get(name);
  if (known !== undefined) return known;
  const schema = SCHEMAS.definitions[name];
  const made = schema === undefined ? DYN : schemaType(schema);
  definitions.set(name, made);
  return made;
}

function schemaType(schema: Schema): Type {
  if (schema.ref !== undefined) return definitionType(schema.ref);
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') return DYN;
  switch (schema.type) {
    case 'array':
      return listOf(schema.items === undefined ? DYN : schemaType(schema.items));
    case 'object':
      return objectOrMap(schema);
    case 'string':
      return TEXT_FORMATS[schema.format ?? ''] ?? STRING;
    case 'boolean':
      return BOOL;
    case 'integer':
      return INT;
    case 'number':
      return DOUBLE;
    default:
      return DYN;
  }
}

const TEXT_FORMATS: Readonly<Record<string, Type>> = { byte: BYTES, 'date-time': TIMESTAMP, date: TIMESTAMP, duration: DURATION };

/** Fields are looked up when an expression names them: types can go round in circles. */
function objectOrMap({ properties, additionalProperties }: Schema): Type {
  if (additionalProperties !== undefined) return mapOf(STRING, schemaType(additionalProperties));
  const fields = new Map(Object.entries(properties ?? {}).map(([name, schema]) => [escapeName(name) ?? name, schema]));
  const types = new Map<string, Type>();
  return objectType('object', (name) => {
    const schema = fields.get(name);
    if (schema === undefined) return undefined;
    let type = types.get(name);
    if (type === undefined) types.set(name, (type = schemaType(schema)));
    return type;
  });
}
