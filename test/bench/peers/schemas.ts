/**
 * The JSON schemas of Kubernetes that yaml-language-server and kubeconform read, in the forms in which they read them.
 * They are made of the OpenAPI document of the API server, as the published ones are, so that no peer is given less than it has at
 * its users': strict, with the words of the fields, with `null` for what is optional.
 * Invariant: written once into the folder. Counterpart: github.com/yannh/kubernetes-json-schema, `v1.36.3-standalone-strict`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN } from '../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../src/apiserver/endpoints/handle.ts';
import { readDocumentation } from '../../../src/host/documentation.ts';
import { newCluster } from '../rows/support.ts';

type Schema = Readonly<Record<string, unknown>>;
type Definitions = Readonly<Record<string, Schema>>;

interface KindName {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export const SCHEMA_VERSION = 'v1.36.3';
const DEFINITION = '#/definitions/';

/** What yaml-language-server asks for: by the last part of the address. */
export function sharedSchemas(root: string): Readonly<Record<'all.json' | '_definitions.json', string>> {
  const definitions = definitionsOf(root);
  const strict = Object.fromEntries(Object.entries(definitions).map(([name, schema]) => [name, strictSchema(schema)]));
  const kinds = Object.keys(definitions).filter((name) => kindsOf(definitions[name]).length > 0);
  return {
    'all.json': JSON.stringify({ oneOf: kinds.map((name) => ({ $ref: `_definitions.json${DEFINITION}${name}` })) }),
    '_definitions.json': JSON.stringify({ definitions: strict }),
  };
}

/** What kubeconform reads: a file for each kind in which nothing refers to another. */
export function writeStandaloneSchemas(root: string, folder: string): void {
  const definitions = definitionsOf(root);
  mkdirSync(folder, { recursive: true });
  for (const schema of Object.values(definitions)) {
    for (const { group, version, kind } of kindsOf(schema)) {
      const suffix = [...(group === '' ? [] : [group.split('.')[0]]), version].join('-');
      const text = JSON.stringify(inlined(strictSchema(schema), definitions, []));
      writeFileSync(join(folder, `${kind}-${suffix}.json`.toLowerCase()), text);
    }
  }
}

function definitionsOf(root: string): Definitions {
  const request = { method: 'GET', path: '/openapi/v2', query: new URLSearchParams(), headers: {}, body: '', user: ADMIN };
  const answer = handleRequest(newCluster({ preset: 'empty' }).api, request, { documentation: () => readDocumentation(root) });
  if (answer.kind !== 'response') throw new Error('the OpenAPI document is no stream');
  return (JSON.parse(answer.body) as { readonly definitions: Definitions }).definitions;
}

function kindsOf(schema: Schema | undefined): readonly KindName[] {
  return (schema?.['x-kubernetes-group-version-kind'] ?? []) as readonly KindName[];
}

/** No other fields than those named, `apiVersion` and `kind` as they must be, `null` where a field may be left out. */
function strictSchema(schema: Schema): Schema {
  const { properties, required, oneOf, ...rest } = schema as {
    readonly properties?: Definitions;
    readonly required?: readonly string[];
    readonly oneOf?: readonly Schema[];
  };
  const kinds = kindsOf(schema);
  if (properties === undefined) return oneOf === undefined ? schema : { ...rest, oneOf };
  const fields = Object.entries(properties).map(([name, field]): readonly [string, Schema] => {
    if (kinds.length > 0 && name === 'kind') return [name, { ...field, enum: kinds.map(({ kind }) => kind) }];
    if (kinds.length > 0 && name === 'apiVersion') return [name, { ...field, enum: kinds.map(apiVersion) }];
    return [name, required?.includes(name) === true ? field : orNull(field)];
  });
  return {
    ...rest,
    ...(required === undefined ? {} : { required }),
    properties: Object.fromEntries(fields),
    additionalProperties: false,
  };
}

function apiVersion({ group, version }: KindName): string {
  return group === '' ? version : `${group}/${version}`;
}

function orNull(field: Schema): Schema {
  const { type, enum: values } = field;
  if (typeof type !== 'string') return field;
  return { ...field, type: [type, 'null'], ...(Array.isArray(values) ? { enum: [...(values as readonly unknown[]), null] } : {}) };
}

/** A schema that names itself, as that of a CustomResourceDefinition does, allows anything there. */
function inlined(schema: unknown, definitions: Definitions, within: readonly string[]): unknown {
  if (Array.isArray(schema)) return schema.map((each) => inlined(each, definitions, within));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref: reference, ...rest } = schema as Schema;
  if (typeof reference !== 'string')
    return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, inlined(value, definitions, within)]));
  const name = reference.slice(DEFINITION.length);
  const target = definitions[name];
  if (target === undefined || within.includes(name)) return {};
  return { ...(inlined(strictSchema(target), definitions, [...within, name]) as Schema), ...rest };
}
