/**
 * The OpenAPI documents that clients read: version 3, one document per group version, built from the recorded schema, and
 * version 2 made of them.
 * `kubectl apply` takes merge keys from them, `kubectl explain` the fields, both look whether the server validates fields.
 * Invariant: derived from the served resources; made when first asked for, then kept.
 * Counterpart: k8s.io/kube-openapi/pkg/handler3.
 */
import { SCHEMAS } from '../../../api/scheme.ts';
import type { Schema } from '../../../apimachinery/scheme/schema.ts';
import { contentHash } from '../discovery/contentHash.ts';
import type { RestHost } from '../host.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { acceptedRanges } from '../negotiation.ts';
import { secondDocument, type ThirdDocument } from './second.ts';
import { METRICS_DOCUMENT, metricsDocument } from '../metrics/document.ts';
import { plainText } from '../answer.ts';
import type { Catalog } from '../../catalog.ts';
import { resourcesOf, SERVED_GROUPS, type ServedResource } from '../served.ts';
import { customDocument, customNames } from './custom.ts';

/** What fields are for, in words: by definition and field; the empty field is the definition itself. */
export type Documentation = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function openapi({ path, headers }: HttpRequest, catalog: Catalog, { documentation }: RestHost = {}): HttpResponse | undefined {
  const clean = path.replace(/\/$/, '');
  if (!clean.startsWith('/openapi/')) return undefined;
  const documents = documentsFor(documentation?.() ?? NO_DOCUMENTATION);
  if (clean === '/openapi/v2') {
    if (acceptedRanges(headers['accept'])[0]?.type.includes('protobuf') === true) return cached(OPENAPI_V2, headers, V2_PROTOBUF);
    return cached(documents.second(), headers, 'application/json');
  }
  if (clean === '/openapi/v3') return cached(index(documents, catalog), headers, 'text/plain; charset=utf-8');
  const name = clean.slice('/openapi/v3/'.length);
  if (!clean.startsWith('/openapi/v3/')) return undefined;
  const added = name === METRICS_DOCUMENT && catalog.servesMetrics ? metricsDocument() : undefined;
  const text = DOCUMENTS.has(name) ? documents.third(name) : (customDocument(name, catalog) ?? added);
  return text === undefined ? undefined : cached(text, headers, 'application/json');
}

const NO_DOCUMENTATION: Documentation = {};
const V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/**
 * Version 2 in protobuf is asked for by clients that found a kind nowhere in version 3: a document without paths says
 * that it is not here either. Fields: 1 the version of the format, 2 the title and version of the API.
 */
const OPENAPI_V2 = '\n\u00032.0\u0012\u0015\n\nKubernetes\u0012\u0007v1.36.3';

/** `api/v1`, `apis/apps/v1` > group and version. */
const DOCUMENTS: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['api/v1', ['', 'v1'] as const],
  ...SERVED_GROUPS.flatMap(({ group, versions }) =>
    versions.map((version) => [`apis/${group}/${version}`, [group, version] as const] as const),
  ),
]);

interface Documents {
  readonly third: (name: string) => string;
  readonly hash: (name: string) => string;
  readonly second: () => string;
}

function index(documents: Documents, catalog: Catalog): string {
  const entry = (name: string, hash: string): readonly [string, object] => [
    name,
    { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` },
  ];
  const recorded = [...DOCUMENTS.keys()].map((name) => entry(name, documents.hash(name)));
  const custom = customNames(catalog).map((name) => entry(name, contentHash(customDocument(name, catalog) ?? '')));
  const metrics = catalog.servesMetrics ? [entry(METRICS_DOCUMENT, contentHash(metricsDocument()))] : [];
  return JSON.stringify({ paths: Object.fromEntries([...recorded, ...metrics, ...custom]) });
}

const made = new WeakMap<Documentation, Documents>();

function documentsFor(documentation: Documentation): Documents {
  let documents = made.get(documentation);
  if (documents === undefined) made.set(documentation, (documents = makeDocuments(documentation)));
  return documents;
}

/** Each document is made when it is first asked for. */
function makeDocuments(documentation: Documentation): Documents {
  const texts = new Map<string, string>();
  const keep = (name: string, make: () => object): string => {
    let text = texts.get(name);
    if (text === undefined) texts.set(name, (text = JSON.stringify(make())));
    return text;
  };
  const hashes = new Map<string, string>();
  const third = (name: string): string =>
    keep(name, () => {
      const [group, version] = DOCUMENTS.get(name) ?? ['', ''];
      return makeDocument(name, resourcesOf(group, version), documentation);
    });
  return {
    third,
    hash: (name) => {
      let hash = hashes.get(name);
      if (hash === undefined) hashes.set(name, (hash = contentHash(third(name))));
      return hash;
    },
    second: () => keep('v2', () => secondDocument([...DOCUMENTS.keys()].map((name) => JSON.parse(third(name)) as ThirdDocument))),
  };
}

function cached(body: string, headers: HttpRequest['headers'], contentType: string): HttpResponse {
  const etag = `"${contentHash(body)}"`;
  const response = plainText(headers['if-none-match'] === etag ? 304 : 200, headers['if-none-match'] === etag ? '' : body, contentType);
  return { ...response, headers: { ...response.headers, ETag: etag, 'Cache-Control': 'no-cache, private', Vary: 'Accept' } };
}

function makeDocument(name: string, resources: readonly ServedResource[], documentation: Documentation): object {
  const needed = new Map<string, object>();
  const paths: Record<string, object> = {};
  for (const served of resources) {
    const { type } = served;
    const key = `${type.group === '' ? '' : `${type.group}/`}${type.version}/${type.kind}`;
    const definition = SCHEMAS.kinds[key];
    if (definition === undefined) continue;
    collect(definition, needed, documentation);
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
function collect(definition: string, into: Map<string, object>, documentation: Documentation): void {
  if (into.has(definition)) return;
  const schema = SCHEMAS.definitions[definition];
  if (schema === undefined) return;
  into.set(definition, {});
  const words = documentation[definition] ?? {};
  const translated = translate(schema, into, documentation, words);
  into.set(definition, { ...(words[''] === undefined ? {} : { description: words[''] }), ...translated });
}

/** From the form of the facts to that of OpenAPI v3: `ref` becomes a `$ref`, wrapped where something stands beside it. */
function translate(
  schema: Schema,
  into: Map<string, object>,
  documentation: Documentation,
  words: Readonly<Record<string, string>> = {},
): object {
  const { ref, properties, items, additionalProperties, ...rest } = schema;
  const translated: Record<string, unknown> = { ...rest };
  if (properties !== undefined)
    translated['properties'] = Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, described(translate(value, into, documentation), words[name])]),
    );
  if (items !== undefined) translated['items'] = translate(items, into, documentation);
  if (additionalProperties !== undefined) translated['additionalProperties'] = translate(additionalProperties, into, documentation);
  if (ref === undefined) return translated;
  collect(ref, into, documentation);
  const pointer = { $ref: `#/components/schemas/${ref}` };
  return Object.keys(rest).length === 0 ? pointer : { ...translated, allOf: [pointer] };
}

/** A reference can have words beside it only when it is wrapped. */
function described(schema: object, description: string | undefined): object {
  if (description === undefined) return schema;
  return '$ref' in schema ? { description, allOf: [schema] } : { description, ...schema };
}
