/**
 * The OpenAPI documents that clients read: version 3, one document per group version, built from the recorded schema.
 * `kubectl apply` takes merge keys from them, `kubectl explain` the fields, both look whether the server validates fields.
 * Invariant: derived from the served resources; made when first asked for, then kept.
 * Counterpart: k8s.io/kube-openapi/pkg/handler3.
 */
import { SCHEMAS } from '../../../api/scheme.ts';
import type { Schema } from '../../../apimachinery/scheme/schema.ts';
import { contentHash } from '../discovery/contentHash.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { plainText } from '../answer.ts';
import type { Catalog } from '../../catalog.ts';
import { resourcesOf, SERVED_GROUPS, type ServedResource } from '../served.ts';
import { customDocument, customNames } from './custom.ts';

export function openapi({ path, headers }: HttpRequest, catalog: Catalog): HttpResponse | undefined {
  const clean = path.replace(/\/$/, '');
  if (clean === '/openapi/v2') return cached(OPENAPI_V2, headers, 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf');
  if (clean === '/openapi/v3') return cached(index(catalog), headers, 'text/plain; charset=utf-8');
  if (!clean.startsWith('/openapi/v3/')) return undefined;
  const name = clean.slice('/openapi/v3/'.length);
  if (DOCUMENTS.has(name)) return cached(documentText(name), headers, 'application/json');
  const custom = customDocument(name, catalog);
  return custom === undefined ? undefined : cached(custom, headers, 'application/json');
}

/**
 * Version 2 is asked for by clients that found a kind nowhere in version 3, in protobuf only: a document without paths
 * says that it is not here either. Fields: 1 the version of the format, 2 the title and version of the API.
 */
const OPENAPI_V2 = '\n\u00032.0\u0012\u0015\n\nKubernetes\u0012\u0007v1.36.3';

/** `api/v1`, `apis/apps/v1` > group and version. */
const DOCUMENTS: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['api/v1', ['', 'v1'] as const],
  ...SERVED_GROUPS.flatMap(({ group, versions }) =>
    versions.map((version) => [`apis/${group}/${version}`, [group, version] as const] as const),
  ),
]);

const texts = new Map<string, string>();

function index(catalog: Catalog): string {
  const entry = (name: string, text: string): readonly [string, object] => [
    name,
    { serverRelativeURL: `/openapi/v3/${name}?hash=${contentHash(text)}` },
  ];
  const recorded = [...DOCUMENTS.keys()].map((name) => entry(name, documentText(name)));
  const custom = customNames(catalog).map((name) => entry(name, customDocument(name, catalog) ?? ''));
  return JSON.stringify({ paths: Object.fromEntries([...recorded, ...custom]) });
}

function documentText(name: string): string {
  let text = texts.get(name);
  if (text === undefined) {
    const [group, version] = DOCUMENTS.get(name) ?? ['', ''];
    text = JSON.stringify(makeDocument(name, resourcesOf(group, version)));
    texts.set(name, text);
  }
  return text;
}

function cached(body: string, headers: HttpRequest['headers'], contentType: string): HttpResponse {
  const etag = `"${contentHash(body)}"`;
  const response = plainText(headers['if-none-match'] === etag ? 304 : 200, headers['if-none-match'] === etag ? '' : body, contentType);
  return { ...response, headers: { ...response.headers, ETag: etag, 'Cache-Control': 'no-cache, private', Vary: 'Accept' } };
}

function makeDocument(name: string, resources: readonly ServedResource[]): object {
  const needed = new Map<string, object>();
  const paths: Record<string, object> = {};
  for (const served of resources) {
    const { type } = served;
    const key = `${type.group === '' ? '' : `${type.group}/`}${type.version}/${type.kind}`;
    const definition = SCHEMAS.kinds[key];
    if (definition === undefined) continue;
    collect(definition, needed);
    const item = `/${name}${type.namespaced ? '/namespaces/{namespace}' : ''}/${type.plural}`;
    paths[item] = collectionPath(served, definition);
    paths[`${item}/{name}`] = itemPath(served, definition);
  }
  const kinds = kindsOf();
  const schemas = Object.fromEntries([...needed].map(([definition, schema]) => [definition, { ...schema, ...kinds.get(definition) }]));
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'v1.36.3' }, paths, components: { schemas } };
}

/** Which kinds a definition is, in the form in which clients look them up. */
function kindsOf(): ReadonlyMap<string, object> {
  const kinds = new Map<string, { readonly 'x-kubernetes-group-version-kind': object[] }>();
  for (const [key, definition] of Object.entries(SCHEMAS.kinds)) {
    const parts = key.split('/');
    const [group, version, kind] = parts.length === 3 ? parts : ['', ...parts];
    const entry = kinds.get(definition) ?? { 'x-kubernetes-group-version-kind': [] };
    entry['x-kubernetes-group-version-kind'].push({ group, version, kind });
    kinds.set(definition, entry);
  }
  return kinds;
}

function collectionPath({ type, verbs }: ServedResource, definition: string): object {
  return {
    ...(verbs.includes('list') ? { get: operation(type, 'list', definition, []) } : {}),
    ...(verbs.includes('create') ? { post: operation(type, 'post', definition, WRITE_PARAMETERS) } : {}),
  };
}

function itemPath({ type, verbs }: ServedResource, definition: string): object {
  return {
    ...(verbs.includes('get') ? { get: operation(type, 'get', definition, []) } : {}),
    ...(verbs.includes('update') ? { put: operation(type, 'put', definition, WRITE_PARAMETERS) } : {}),
    ...(verbs.includes('patch') ? { patch: operation(type, 'patch', definition, WRITE_PARAMETERS) } : {}),
    ...(verbs.includes('delete') ? { delete: operation(type, 'delete', definition, [parameter('dryRun')]) } : {}),
  };
}

function operation(type: ServedResource['type'], action: string, definition: string, parameters: readonly object[]): object {
  const schema = { $ref: `#/components/schemas/${definition}` };
  return {
    ...(parameters.length === 0 ? {} : { parameters }),
    responses: { '200': { description: 'OK', content: { 'application/json': { schema } } } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group: type.group, version: type.version, kind: type.kind },
  };
}

function parameter(name: string): object {
  return { name, in: 'query', schema: { type: 'string', uniqueItems: true } };
}

const WRITE_PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation'].map(parameter);

/** A definition and all that it names. */
function collect(definition: string, into: Map<string, object>): void {
  if (into.has(definition)) return;
  const schema = SCHEMAS.definitions[definition];
  if (schema === undefined) return;
  into.set(definition, {});
  into.set(definition, translate(schema, into));
}

/** From the form of the facts to that of OpenAPI v3: `ref` becomes a `$ref`, wrapped where something stands beside it. */
function translate(schema: Schema, into: Map<string, object>): object {
  const { ref, properties, items, additionalProperties, ...rest } = schema;
  const translated: Record<string, unknown> = { ...rest };
  if (properties !== undefined)
    translated['properties'] = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, translate(value, into)]));
  if (items !== undefined) translated['items'] = translate(items, into);
  if (additionalProperties !== undefined) translated['additionalProperties'] = translate(additionalProperties, into);
  if (ref === undefined) return translated;
  collect(ref, into);
  const pointer = { $ref: `#/components/schemas/${ref}` };
  return Object.keys(rest).length === 0 ? pointer : { ...translated, allOf: [pointer] };
}
