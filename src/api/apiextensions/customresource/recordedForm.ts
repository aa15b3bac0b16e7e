import type { Schema } from '../../../apimachinery/scheme/schema.ts';
import { additionalOf, itemsOf, type JSONSchema } from '../structural/jsonSchema.ts';

const METADATA: Schema = { ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };
const TEXT: Schema = { type: 'string' };
const RESOURCE = { apiVersion: TEXT, kind: TEXT, metadata: METADATA };

/** The schema of a custom resource in the form in which those of the other kinds are recorded. */
export function recordedForm(schema: JSONSchema, isResource = true): Schema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => [name, recordedForm(property, false)] as const);
  const resource = isResource || schema['x-kubernetes-embedded-resource'] === true ? RESOURCE : {};
  const members = { ...resource, ...Object.fromEntries(properties), ...resource };
  const additional = additionalOf(schema);
  const items = itemsOf(schema);
  const listType = schema['x-kubernetes-list-type'];
  const mapType = schema['x-kubernetes-map-type'];
  const isFree = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true;
  const values = (schema.enum ?? []).filter((value) => typeof value === 'string');
  return {
    ...(schema.type === undefined ? {} : { type: schema.type as NonNullable<Schema['type']> }),
    ...(schema.format === undefined ? {} : { format: schema.format }),
    ...(schema.description === undefined ? {} : { description: schema.description }),
    ...(schema.default === undefined ? {} : { default: schema.default }),
    ...(values.length === 0 ? {} : { enum: values }),
    ...(schema.required === undefined ? {} : { required: schema.required }),
    ...(Object.keys(members).length === 0 ? {} : { properties: members }),
    ...(additional === undefined ? {} : { additionalProperties: recordedForm(additional, false) }),
    ...(items === undefined ? {} : { items: recordedForm(items, false) }),
    ...(listType === undefined ? {} : { 'x-kubernetes-list-type': listType as 'atomic' }),
    ...(schema['x-kubernetes-list-map-keys'] === undefined ? {} : { 'x-kubernetes-list-map-keys': schema['x-kubernetes-list-map-keys'] }),
    ...(mapType === undefined ? {} : { 'x-kubernetes-map-type': mapType as 'atomic' }),
    ...(schema['x-kubernetes-int-or-string'] === true ? { 'x-kubernetes-int-or-string': true } : {}),
    ...(isFree ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
  };
}
