import type { FieldType } from '../../../apimachinery/managedfields/fieldType.ts';
import type { Schema } from '../../../apimachinery/scheme/schema.ts';
import { FIELD_TYPES } from '../../fieldTypes.ts';
import { additionalOf, itemsOf, type JSONSchema } from '../structural/jsonSchema.ts';

const METADATA: Schema = { ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };
const TEXT: Schema = { type: 'string' };
const RESOURCE = { apiVersion: TEXT, kind: TEXT, metadata: METADATA };

/** The type by which the owners of a custom resource's fields are told apart. */
export function customFieldType(schema: JSONSchema): FieldType {
  return FIELD_TYPES.ofSchema(schemaFor(schema, true));
}

function schemaFor(schema: JSONSchema, isResource: boolean): Schema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => [name, schemaFor(property, false)] as const);
  const resource = isResource || schema['x-kubernetes-embedded-resource'] === true ? RESOURCE : {};
  const members = { ...Object.fromEntries(properties), ...resource };
  const additional = additionalOf(schema);
  const items = itemsOf(schema);
  const listType = schema['x-kubernetes-list-type'];
  const mapType = schema['x-kubernetes-map-type'];
  const isFree = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true;
  return {
    ...(schema.type === undefined ? {} : { type: schema.type as NonNullable<Schema['type']> }),
    ...(schema.default === undefined ? {} : { default: schema.default }),
    ...(Object.keys(members).length === 0 ? {} : { properties: members }),
    ...(additional === undefined ? {} : { additionalProperties: schemaFor(additional, false) }),
    ...(items === undefined ? {} : { items: schemaFor(items, false) }),
    ...(listType === undefined ? {} : { 'x-kubernetes-list-type': listType as 'atomic' }),
    ...(schema['x-kubernetes-list-map-keys'] === undefined ? {} : { 'x-kubernetes-list-map-keys': schema['x-kubernetes-list-map-keys'] }),
    ...(mapType === undefined ? {} : { 'x-kubernetes-map-type': mapType as 'atomic' }),
    ...(schema['x-kubernetes-int-or-string'] === true ? { 'x-kubernetes-int-or-string': true } : {}),
    ...(isFree ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
  };
}
