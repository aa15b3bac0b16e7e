import { quote } from '../../../apimachinery/field/quote.ts';
import type { CustomResourceDefinition } from '../../schema/types/apiextensions/v1.ts';
import { isRecognisedFormat } from '../structural/formats.ts';
import { additionalOf, itemsOf, type JSONSchema } from '../structural/jsonSchema.ts';
import { toInternal } from './internalForm.ts';

/** Formats that mean nothing here, if an update brought them in. */
export function formatWarnings(definition: CustomResourceDefinition, old: CustomResourceDefinition | undefined): readonly string[] {
  const known = new Set(old === undefined ? [] : formatsOf(old));
  return formatsOf(definition)
    .filter((format) => !known.has(format))
    .map((format) => `unrecognized format ${quote(format)}`);
}

function formatsOf({ spec }: CustomResourceDefinition): readonly string[] {
  const { common, versions } = toInternal(spec);
  const found: string[] = [];
  for (const { schema } of [common, ...versions]) if (schema !== undefined && schema !== null) visit(found, schema);
  return found;
}

function visit(found: string[], schema: JSONSchema): void {
  const { format = '', type } = schema;
  if (format !== '' && !isRecognisedFormat(type, format)) found.push(format);
  const [items, additional] = [itemsOf(schema), additionalOf(schema)];
  if (items !== undefined) visit(found, items);
  for (const inner of [
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.not === undefined ? [] : [schema.not]),
  ])
    visit(found, inner);
  for (const property of Object.values(schema.properties ?? {})) visit(found, property);
  if (additional !== undefined) visit(found, additional);
}
