import { compileGoRegexp, type GoRegexp } from '../../../apimachinery/regex/goRegexp.ts';
import { formatRule, isRecognisedFormat } from './formats.ts';
import { additionalOf, itemsOf, type JSONSchema } from './jsonSchema.ts';

/** A schema made ready for validation: once per schema object, as values are checked again and again. */
export interface CompiledSchema {
  readonly schema: JSONSchema;
  /** The JSON types that a value may have; empty if any. */
  readonly types: readonly string[];
  /** `''` for none, and for one that means nothing for the type. */
  readonly format: string;
  readonly formatRule: ((text: string) => boolean) | undefined;
  readonly pattern: GoRegexp | undefined;
  readonly properties: ReadonlyMap<string, CompiledSchema>;
  readonly additional: CompiledSchema | undefined;
  readonly forbidsAdditional: boolean;
  readonly items: CompiledSchema | undefined;
  readonly allOf: readonly CompiledSchema[];
  readonly anyOf: readonly CompiledSchema[];
  readonly oneOf: readonly CompiledSchema[];
  readonly not: CompiledSchema | undefined;
}

/** Whether formats that mean nothing for their type are passed over, as for objects, or taken at their word, as for defaults. */
export type Formats = 'recognised' | 'written';

const compiled = { recognised: new WeakMap<JSONSchema, CompiledSchema>(), written: new WeakMap<JSONSchema, CompiledSchema>() };

export function compileSchema(schema: JSONSchema, formats: Formats): CompiledSchema {
  const known = compiled[formats].get(schema);
  if (known !== undefined) return known;
  const made = make(schema, formats);
  compiled[formats].set(schema, made);
  return made;
}

function make(schema: JSONSchema, formats: Formats): CompiledSchema {
  const { type, format = '', pattern } = schema;
  const recognised = format !== '' && (formats === 'written' || isRecognisedFormat(type, format)) ? format : '';
  const inner = (part: JSONSchema): CompiledSchema => compileSchema(part, formats);
  const regexp = pattern === undefined || pattern === '' ? undefined : compileGoRegexp(pattern);
  const additional = additionalOf(schema);
  const items = itemsOf(schema);
  return {
    schema,
    types: typesOf(schema),
    format: recognised,
    formatRule: recognised === '' ? undefined : formatRule(recognised),
    pattern: regexp !== undefined && 'regexp' in regexp ? regexp.regexp : undefined,
    properties: new Map(Object.entries(schema.properties ?? {}).map(([name, property]) => [name, inner(property)])),
    additional: additional === undefined ? undefined : inner(additional),
    forbidsAdditional: schema.additionalProperties === false,
    items: items === undefined ? undefined : inner(items),
    allOf: (schema.allOf ?? []).map(inner),
    anyOf: (schema.anyOf ?? []).map(inner),
    oneOf: (schema.oneOf ?? []).map(inner),
    not: schema.not === undefined ? undefined : inner(schema.not),
  };
}

function typesOf(schema: JSONSchema): readonly string[] {
  if (schema['x-kubernetes-int-or-string'] === true) return ['integer', 'string'];
  return schema.type === undefined || schema.type === '' ? [] : [schema.type];
}
