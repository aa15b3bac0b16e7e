/**
 * Random requests over what the API server serves: good paths and bodies, changed a little or a lot, and plain noise.
 * Invariant: the same seed makes the same requests.
 */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { SCHEMAS } from '../../src/api/scheme.ts';
import { SERVED, type ServedResource } from '../../src/apiserver/endpoints/served.ts';
import type { Schema } from '../../src/apimachinery/scheme/schema.ts';

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
}

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const NAMES = ['a', 'default', 'kube-system', 'kubernetes', 'x-1', 'A', 'a.b', '', '..', '%2e', 'ä', 'n'.repeat(300), '__proto__'];
const TYPES = [
  'application/json',
  'application/yaml',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/json-patch+json',
  'application/apply-patch+yaml',
  PROTOBUF,
  'text/plain',
  '',
];
const ACCEPTS = [
  'application/json',
  'application/json',
  'application/json',
  'application/yaml',
  PROTOBUF,
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  `${PROTOBUF};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1`,
  '*/*',
  'text/html',
  ';;,=',
];
const VALUES = [
  '',
  '0',
  '1',
  '-1',
  'true',
  'false',
  'All',
  '99999999999999999999',
  'a=b',
  'a in (b',
  '!',
  'metadata.name=a',
  '{}',
  'Background',
  'NotOlderThan',
  'Exact',
  'Strict',
  '\u0000',
];
const PARAMETERS = [
  'watch',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'labelSelector',
  'fieldSelector',
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'gracePeriodSeconds',
  'propagationPolicy',
  'sendInitialEvents',
  'allowWatchBookmarks',
  'includeObject',
  'pretty',
  'container',
  'tailLines',
  'sinceTime',
  'command',
  'timeoutSeconds',
];
const PATHS = [
  '/',
  '/api',
  '/apis',
  '/apis/apps',
  '/version',
  '/healthz',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/api/v1',
  '/metrics',
  '/openid/v1/jwks',
  '//',
  '/api/v1/',
  '/apis/%',
  '/logs',
];

const oneOf = (values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);

const strange = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 2 ** 53, 1e308, '', 'a', '5Gi', '-1', [], {}, [null], [[]], { a: null }),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 300 }) },
);

/** A value that fits a schema as far as types go. */
function fitting(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const definition = schema.ref === undefined ? schema : (SCHEMAS.definitions[schema.ref] ?? {});
  if (definition.enum !== undefined) return fc.oneof(fc.constantFrom<unknown>(...definition.enum), strange);
  if (depth > 6) return fc.constant({});
  switch (definition.type) {
    case 'object': {
      if (definition.properties === undefined) {
        return fc.dictionary(
          oneOf(['a', 'app', 'k8s.io/x', 'A B', '']),
          definition.additionalProperties === undefined ? strange : fitting(definition.additionalProperties, depth + 1),
          { maxKeys: 3 },
        );
      }
      const names = Object.keys(definition.properties);
      const { properties } = definition;
      return fc.subarray(names, { maxLength: Math.min(names.length, depth < 2 ? 6 : 4) }).chain((chosen) => {
        const wanted = [...new Set([...chosen, ...(definition.required ?? [])])];
        return fc.record(Object.fromEntries(wanted.map((name) => [name, fitting(properties[name] ?? {}, depth + 1)])));
      });
    }
    case 'array':
      return fc.array(fitting(definition.items ?? {}, depth + 1), { maxLength: 3 });
    case 'string':
      return oneOf([
        'a',
        'b',
        '',
        '1',
        '500m',
        '10Gi',
        '50%',
        'a.example.com',
        'Always',
        'TCP',
        '2026-01-02T03:04:05Z',
        '10.0.0.1',
        'not valid!',
        'x'.repeat(64),
      ]);
    case 'integer':
    case 'number':
      return fc.constantFrom<unknown>(0, 1, 2, 80, -1, 65_536, 2 ** 31, 1.5);
    case 'boolean':
      return fc.boolean();
    default:
      return strange;
  }
}

/** Valid manifests by kind, as recorded with the real server. */
const MANIFESTS = new Map<string, readonly object[]>();
for (const line of readFileSync(new URL('../corpus/api/data/bases.jsonl', import.meta.url), 'utf8').split('\n')) {
  if (line === '') continue;
  const { gvk, manifest } = JSON.parse(line) as { readonly gvk: string; readonly manifest: object };
  MANIFESTS.set(gvk, [...(MANIFESTS.get(gvk) ?? []), manifest]);
}

/** The same value with one member somewhere taken away or made something else. */
function mutate(value: unknown, path: readonly number[], other: unknown): unknown {
  const [step = 0, ...rest] = path;
  if (typeof value !== 'object' || value === null) return other;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(keys.length, 1)];
  if (key === undefined) return other;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  if (rest.length === 0 && other === undefined) delete copy[key];
  else copy[key] = rest.length === 0 ? other : mutate(copy[key], rest, other);
  return copy;
}

const mutation = fc.tuple(
  fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 6 }),
  fc.oneof(fc.constant(undefined), strange, oneOf(VALUES)),
);

function bodyFor({ type }: ServedResource): fc.Arbitrary<unknown> {
  const version = type.group === '' ? type.version : `${type.group}/${type.version}`;
  const definition = SCHEMAS.kinds[`${version}/${type.kind}`];
  const made = definition === undefined ? fc.constant({}) : fitting({ ref: definition }, 0);
  const recorded = MANIFESTS.get(`${version}/${type.kind}`);
  const value: fc.Arbitrary<unknown> =
    recorded === undefined ? made : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...recorded) }, made);
  return fc
    .tuple(value, oneOf(['a', 'b', 'c', 'x-1', 'A', '']), fc.integer({ min: 0, max: 11 }), fc.array(mutation, { maxLength: 3 }))
    .map(([object, name, luck, mutations]) => {
      const whole = { ...(object as object), apiVersion: luck === 1 ? 'v9' : version, kind: luck === 2 ? 'Thing' : type.kind };
      const metadata = { ...(object as { readonly metadata?: object }).metadata, name, namespace: undefined };
      let result: unknown = { ...whole, metadata };
      for (const [path, other] of mutations) result = mutate(result, path, other);
      return result;
    });
}

const patches = fc.array(
  fc.record({
    op: oneOf(['add', 'remove', 'replace', 'move', 'copy', 'test', 'nope']),
    path: oneOf(['/metadata/labels/a', '/spec', '/', '', '/metadata/name', '/spec/x/0', 'x']),
    value: strange,
    from: oneOf(['/spec', '/metadata', '']),
  }),
  { maxLength: 4 },
);

function resourceRequest(served: ServedResource): fc.Arbitrary<FuzzRequest> {
  const { type } = served;
  const base = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const subresources = ['', '', '', ...served.subresources.map(({ name }) => name), 'status', 'nope'];
  return fc
    .record({
      method: oneOf(['GET', 'GET', 'POST', 'POST', 'POST', 'PUT', 'PATCH', 'PATCH', 'DELETE', 'HEAD']),
      object: bodyFor(served),
      namespace: fc.oneof({ weight: 6, arbitrary: fc.constant('default') }, oneOf(NAMES)),
      name: fc.oneof({ weight: 6, arbitrary: oneOf(['a', 'b', 'c']) }, oneOf(NAMES)),
      sense: fc.integer({ min: 0, max: 4 }),
      subresource: oneOf(subresources),
      contentType: fc.oneof({ weight: 3, arbitrary: fc.constant('application/json') }, oneOf(TYPES)),
      accept: oneOf(ACCEPTS),
      parameters: fc.array(fc.tuple(oneOf(PARAMETERS), oneOf(VALUES)), { maxLength: 2 }),
      body: fc.oneof({ weight: 6, arbitrary: bodyFor(served) }, patches, fc.string({ maxLength: 60 }), fc.constant('')),
      cut: fc.oneof({ weight: 19, arbitrary: fc.constant(-1) }, fc.integer({ min: 0, max: 200 })),
      noise: fc.uint8Array({ maxLength: 80 }),
    })
    .map(({ sense, cut, noise: bytes, ...drawn }) => {
      const likely = sense > 0;
      const { method, parameters } = drawn;
      // Mostly requests that make sense: one object under its own name, new ones in the collection, patches that say what they are.
      const own = oneOfThree(drawn.name);
      const subresource = likely && sense < 4 ? '' : drawn.subresource;
      const name = !likely ? drawn.name : method === 'POST' && subresource === '' ? '' : own;
      const contentType = likely ? (method === 'PATCH' ? (TYPES[2 + (sense % 4)] ?? '') : 'application/json') : drawn.contentType;
      const namespace = likely ? 'default' : drawn.namespace;
      const inNamespace = type.namespaced && namespace !== '' ? ['namespaces', namespace] : [];
      const object = name === '' || subresource === '' ? [name] : [name, subresource];
      const sent = likely && sense < 4 && method !== 'PATCH' ? drawn.object : drawn.body;
      const body = typeof sent === 'string' ? sent : JSON.stringify(likely ? named(sent, own) : sent);
      const binary = contentType === PROTOBUF;
      return {
        method,
        path: [base, ...inNamespace, type.plural, ...object.filter((part) => part !== '')].join('/'),
        query: new URLSearchParams(likely && sense < 4 ? parameters.slice(1) : parameters).toString(),
        headers: { accept: likely ? 'application/json' : drawn.accept, 'content-type': contentType, 'user-agent': 'fuzz/1' },
        body: binary ? '' : cut < 0 ? body : body.slice(0, cut),
        bytes: binary ? Uint8Array.from([0x6b, 0x38, 0x73, 0x00, ...bytes]) : undefined,
      };
    });
}

function oneOfThree(text: string): string {
  return ['a', 'b', 'c'][text.length % 3] ?? 'a';
}

function named(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { metadata } = body as { readonly metadata?: unknown };
  return { ...body, metadata: typeof metadata === 'object' && metadata !== null ? { ...metadata, name } : metadata };
}

const noise: fc.Arbitrary<FuzzRequest> = fc.record({
  method: oneOf(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'BREW']),
  path: fc.oneof(
    oneOf(PATHS),
    fc.string({ maxLength: 40 }).map((text) => `/${text}`),
    fc.array(oneOf(NAMES), { maxLength: 8 }).map((parts) => `/apis/${parts.join('/')}`),
  ),
  query: fc.string({ maxLength: 40 }),
  headers: fc.dictionary(oneOf(['accept', 'content-type', 'if-none-match', 'connection', 'user-agent']), fc.string({ maxLength: 30 })),
  body: fc.string({ maxLength: 200 }),
  bytes: fc.constant(undefined),
});

export const anyRequest: fc.Arbitrary<FuzzRequest> = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...SERVED).chain(resourceRequest) },
  { weight: 1, arbitrary: noise },
);
