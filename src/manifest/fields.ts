/**
 * What the schema says about the place a path leads to: type, fields, required, defaults, allowed values.
 * Invariant: reads the same table as the API server's decoding (api/schema). Counterpart: `kubectl explain`.
 */
import type { Path } from '../apimachinery/field/path.ts';
import type { Schema, SchemaSet } from '../apimachinery/scheme/schema.ts';

export interface FieldInfo {
  /** The definition that the value is of, if it is one of an own name: `io.k8s.api.core.v1.Container`. */
  readonly definition: string | undefined;
  readonly schema: Schema;
  /** The definition that holds the field, and the field's name: where its documentation stands. */
  readonly holder: string | undefined;
  readonly field: string | undefined;
  readonly required: boolean;
  readonly default: unknown;
}

/** @param kind `apps/v1/Deployment` */
export function rootField(schemas: SchemaSet, kind: string): FieldInfo | undefined {
  const definition = schemas.kinds[kind];
  const schema = definition === undefined ? undefined : schemas.definitions[definition];
  if (schema === undefined) return undefined;
  return { definition, schema, holder: definition, field: undefined, required: true, default: undefined };
}

/** The field that a path leads to; undefined where the schema has none. */
export function fieldAt(schemas: SchemaSet, kind: string, path: Path): FieldInfo | undefined {
  let info = rootField(schemas, kind);
  for (const { segment } of path.segments()) {
    if (info === undefined) return undefined;
    info = fieldIn(schemas, info, segment);
  }
  return info;
}

/** The field within another: a name of a map, or any number for the items of a list. */
export function fieldIn(schemas: SchemaSet, info: FieldInfo, segment: string | number): FieldInfo | undefined {
  const { schema } = info;
  const property = schema.properties?.[String(segment)];
  if (property !== undefined) return fieldOf(schemas, info, String(segment));
  const inner = schema.items ?? schema.additionalProperties;
  if (inner === undefined) return undefined;
  return { ...resolve(schemas, inner), holder: info.holder, field: info.field, required: false, default: undefined };
}

/** A field of a map of fields. */
export function fieldOf(schemas: SchemaSet, info: FieldInfo, name: string): FieldInfo | undefined {
  const property = info.schema.properties?.[name];
  if (property === undefined) return undefined;
  return {
    ...resolve(schemas, property),
    holder: info.definition,
    field: name,
    required: info.schema.required?.includes(name) ?? false,
    // The facts give every nested structure the default {}; that says nothing to a person.
    default: isEmptyDefault(property.default) ? undefined : property.default,
  };
}

function resolve(schemas: SchemaSet, schema: Schema): { readonly definition: string | undefined; readonly schema: Schema } {
  if (schema.ref === undefined) return { definition: undefined, schema };
  const target = schemas.definitions[schema.ref] ?? {};
  return { definition: schema.ref, schema: schema.enum === undefined ? target : { ...target, enum: schema.enum } };
}

/** `[]Container`, `map[string]string`, `integer`, `Quantity`: as `kubectl explain` prints types. */
export function typeName(schemas: SchemaSet, schema: Schema, definition: string | undefined): string {
  if (definition !== undefined) return definition.slice(definition.lastIndexOf('.') + 1);
  if (schema.ref !== undefined) return schema.ref.slice(schema.ref.lastIndexOf('.') + 1);
  if (schema.items !== undefined) return `[]${typeName(schemas, schema.items, undefined)}`;
  if (schema.additionalProperties !== undefined) return `map[string]${typeName(schemas, schema.additionalProperties, undefined)}`;
  if (schema.oneOf !== undefined) return schema.oneOf.map((one) => one.type ?? '').join(' or ');
  return schema.type ?? 'object';
}

export function allowedValues(schemas: SchemaSet, info: FieldInfo): readonly string[] {
  if (info.schema.enum !== undefined) return info.schema.enum;
  const { items } = info.schema;
  return items === undefined ? [] : (resolve(schemas, items).schema.enum ?? []);
}

function isEmptyDefault(value: unknown): boolean {
  return (
    value === undefined || value === '' || value === 0 || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  );
}
