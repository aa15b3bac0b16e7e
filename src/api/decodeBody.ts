/**
 * The body of a request or a manifest becomes an object, or the 400 that the API server answers.
 * Invariant: pure and never throws; what is found wrong first is what the API server finds first.
 * Counterpart: k8s.io/apiserver/pkg/endpoints/handlers (create.go, rest.go) and the codecs of apimachinery.
 */
import type { Draft } from '../base/json.ts';
import { badRequest, failure, type Status } from '../apimachinery/errors/status.ts';
import { quote } from '../apimachinery/field/quote.ts';
import { apiVersion, type KubeObject } from '../apimachinery/meta/resource.ts';
import { decode } from '../apimachinery/scheme/decode.ts';
import { NO_SOURCE, readJson, type JsonSource } from '../apimachinery/scheme/jsonText.ts';
import { byteLength } from '../apimachinery/validation/text.ts';
import { readYaml } from '../apimachinery/yaml/readYaml.ts';
import { decodeCustom } from './apiextensions/customresource/decode.ts';
import { isCustomType, type CustomType } from './apiextensions/customresource/kind.ts';
import type { JSONSchema } from './apiextensions/structural/jsonSchema.ts';
import former from './schema/facts/former.json' with { type: 'json' };
import { formerType } from './formerTypes.ts';
import { nodeOf, SCHEME, SCHEMAS } from './scheme.ts';

/** `fieldValidation` of a request: unknown and repeated fields are errors, warnings, or nothing. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/** What the body is expected to be: the kind of the resource, or of the subresource (`autoscaling/v1` `Scale`). */
export interface ExpectedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export type DecodedBody =
  | { readonly ok: true; readonly object: Draft<KubeObject>; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly status: Status };

export const MEDIA_TYPES: readonly string[] = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** @param contentType with or without parameters; empty means JSON */
export function decodeBody(expected: ExpectedKind, body: string, contentType: string, validation: FieldValidation): DecodedBody {
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType === 'application/yaml') {
    const yaml = readYaml(body);
    if ('error' in yaml) return unrecognized(expected, yaml.error, body);
    return decodeValue(expected, yaml.value, validation, { body: yaml.json, source: yaml.source, strictErrors: yaml.strictErrors });
  }
  if (mediaType !== '' && mediaType !== 'application/json') {
    const text = `the body of the request was in an unknown format - accepted media types include: ${MEDIA_TYPES.join(', ')}`;
    return refuse(failure(415, 'UnsupportedMediaType', text));
  }
  const json = readJson(body);
  if ('error' in json) return unrecognized(expected, `couldn't get version/kind; json parse error: ${json.error}`, body);
  return decodeValue(expected, json.value, validation, { body, source: json.source });
}

export interface ValueOptions {
  /** What the text had beyond its values. */
  readonly source?: JsonSource;
  /** The text, for messages that quote it; made from the value if it is not given. */
  readonly body?: string;
  /** Found while the text was read. */
  readonly strictErrors?: readonly string[];
}

/** Kinds that older versions served, by version. */
const FORMER: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(former));

/** As decodeBody, for a value that has been read already: out of YAML in the editor, out of a patch. */
export function decodeValue(expected: ExpectedKind, value: unknown, validation: FieldValidation, options: ValueOptions = {}): DecodedBody {
  const { source = NO_SOURCE } = options;
  const meta = typeMeta(value);
  if ('error' in meta)
    return unrecognized(expected, `couldn't get version/kind; json parse error: ${meta.error}`, options.body ?? JSON.stringify(value));
  const given: GivenKind = {
    kind: meta.kind === '' ? expected.kind : meta.kind,
    apiVersion: meta.apiVersion === '' ? apiVersion(expected) : meta.apiVersion,
  };
  const version = given.apiVersion.slice(given.apiVersion.indexOf('/') + 1);
  const refuseBody = (text: string): DecodedBody =>
    refuse(badRequest(`${given.kind} in version ${quote(version)} cannot be handled as a ${expected.kind}: ${text}`));
  if (isCustomType(expected)) return decodeCustomValue(expected, value, meta, validation, options);
  const node = SCHEME.kind(given.apiVersion, given.kind);
  if (node === undefined) {
    const isFormer = FORMER.get(given.apiVersion)?.includes(given.kind) === true;
    const current = nodeOf(expected);
    if (isFormer && given.kind === expected.kind && current !== undefined) {
      const { error, strictErrors } = decode(formerType(given.apiVersion, given.kind, current), value, source);
      if (error !== undefined) return refuseBody(error);
      const unknown = [...(options.strictErrors ?? []), ...strictErrors];
      if (validation === 'Strict' && unknown.length > 0) return refuseBody(strictText(unknown));
      return refuse(badRequest(versionMismatch(given.apiVersion, expected)));
    }
    return refuseBody(
      `no kind ${quote(given.kind)} is registered for version ${quote(given.apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  const decoded = decode(node, value, source);
  if (decoded.error !== undefined) return refuseBody(decoded.error);
  const strict = [...(options.strictErrors ?? []), ...decoded.strictErrors];
  if (validation === 'Strict' && strict.length > 0) return refuseBody(strictText(strict));
  if (given.kind !== expected.kind) {
    return refuseBody(`converting (${node.goType}) to (${internalPackage(expected)}.${expected.kind}): unknown conversion`);
  }
  if (given.apiVersion !== apiVersion(expected)) return refuse(badRequest(versionMismatch(given.apiVersion, expected)));
  const object = decoded.object as unknown as Draft<KubeObject>;
  object.apiVersion = given.apiVersion;
  object.kind = given.kind;
  return { ok: true, object, warnings: validation === 'Warn' ? strict : [] };
}

/** Custom resources have no Go type: what they may hold is said by their schema, and neither kind nor version is filled in. */
function decodeCustomValue(
  expected: CustomType,
  value: unknown,
  given: GivenKind,
  validation: FieldValidation,
  options: ValueOptions,
): DecodedBody {
  const body = options.body ?? JSON.stringify(value);
  if (given.kind === '') return unrecognized(expected, `Object 'Kind' is missing in '${body}'`, body);
  const version = given.apiVersion.slice(given.apiVersion.indexOf('/') + 1);
  const refuseBody = (text: string): DecodedBody =>
    refuse(badRequest(`${given.kind} in version ${quote(version)} cannot be handled as a ${expected.kind}: ${text}`));
  const group = given.apiVersion.slice(0, Math.max(0, given.apiVersion.indexOf('/')));
  const isOther = group !== expected.group || given.kind !== expected.kind;
  const schema = isOther ? ANYTHING : expected.schemas.get(version);
  const decoded = decodeCustom(value as Readonly<Record<string, unknown>>, schema, options.source ?? NO_SOURCE);
  if (decoded.error !== undefined) return refuseBody(decoded.error);
  const strict = [...(options.strictErrors ?? []), ...decoded.strictErrors];
  if (validation === 'Strict' && strict.length > 0) return refuseBody(strictText(strict));
  if (given.apiVersion !== apiVersion(expected)) return refuse(badRequest(versionMismatch(given.apiVersion, expected)));
  return { ok: true, object: decoded.object, warnings: validation === 'Warn' ? strict : [] };
}

/** What is of another kind is refused later, and not for its fields. */
const ANYTHING: JSONSchema = { 'x-kubernetes-preserve-unknown-fields': true };

/**
 * The namespace of a body must be that of the URL; an empty one is filled in. Cluster-scoped objects lose theirs.
 * @returns the refusal, if it is another one
 */
export function checkNamespace(object: Draft<KubeObject>, namespaced: boolean, namespace: string): Status | undefined {
  const meta = object.metadata;
  if (!namespaced) {
    delete meta.namespace;
    return undefined;
  }
  if (meta.namespace === undefined || meta.namespace === '') meta.namespace = namespace;
  if (meta.namespace === namespace) return undefined;
  return badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** The name in a PUT must be that of the URL; an empty one is filled in. */
export function checkName(object: Draft<KubeObject>, name: string): Status | undefined {
  const meta = object.metadata;
  if (meta.name === undefined || meta.name === '') meta.name = name;
  if (meta.name === name) return undefined;
  return badRequest(`the name of the object (${meta.name}) does not match the name on the URL (${name})`);
}

interface GivenKind {
  readonly kind: string;
  readonly apiVersion: string;
}

/** Reads apiVersion and kind, in any case of letters: at this step the API server uses the lenient JSON reader. */
function typeMeta(value: unknown): GivenKind | { readonly error: string } {
  const found = { apiversion: '', kind: '' };
  if (value === null || value === undefined) return { apiVersion: '', kind: '' };
  if (typeof value !== 'object' || Array.isArray(value)) {
    const struct = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    return { error: `json: cannot unmarshal ${jsonType(value)} into Go value of type ${struct}` };
  }
  for (const key of Object.keys(value)) {
    if (key.length !== 'kind'.length && key.length !== 'apiVersion'.length) continue;
    const item = (value as Readonly<Record<string, unknown>>)[key];
    const name = key.toLowerCase();
    if ((name !== 'apiversion' && name !== 'kind') || item === null || item === undefined) continue;
    if (typeof item !== 'string') {
      const field = name === 'kind' ? 'kind' : 'apiVersion';
      return { error: `json: cannot unmarshal ${jsonType(item)} into Go struct field .${field} of type string` };
    }
    found[name] = item;
  }
  return { apiVersion: found.apiversion, kind: found.kind };
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function strictText(errors: readonly string[]): string {
  return `strict decoding error: ${errors.join(', ')}`;
}

function versionMismatch(given: string, expected: ExpectedKind): string {
  return `the API version in the data (${given}) does not match the expected API version (${apiVersion(expected)})`;
}

/** `core`, `apps`: the Go package of the internal types. */
function internalPackage(expected: ExpectedKind): string {
  const definition = SCHEMAS.kinds[`${apiVersion(expected)}/${expected.kind}`] ?? '';
  return definition.split('.').at(-3) ?? '';
}

function unrecognized(expected: ExpectedKind, text: string, body: string): DecodedBody {
  return refuse(badRequest(`the object provided is unrecognized (must be of type ${expected.kind}): ${text} (${summary(body)})`));
}

/** The beginning of the body; in hexadecimal if it does not look like JSON. */
function summary(body: string): string {
  if (body === '') return '<empty>';
  const bytes = new TextEncoder().encode(body.slice(0, SUMMARY_BYTES));
  const more = byteLength(body) > SUMMARY_BYTES ? ' ...' : '';
  const start = bytes.slice(0, SUMMARY_BYTES);
  if (body.startsWith('{')) return `${new TextDecoder().decode(start)}${more}`;
  return `${[...start].map((byte) => byte.toString(16).padStart(2, '0')).join('')}${more}`;
}

const SUMMARY_BYTES = 30;

function refuse(status: Status): DecodedBody {
  return { ok: false, status };
}
