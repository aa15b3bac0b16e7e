/**
 * The body of a DELETE: how the object is to go.
 * Invariant: never throws; what cannot be read is refused in the reader's own words.
 * Counterpart: the reading of DeleteOptions in k8s.io/apiserver/pkg/endpoints/handlers/delete.go.
 */
import { MEDIA_TYPES } from '../../api/decodeBody.ts';
import { SCHEME } from '../../api/scheme.ts';
import { badRequest, failure, type Status } from '../../apimachinery/errors/status.ts';
import { quote } from '../../apimachinery/field/quote.ts';
import { decode } from '../../apimachinery/scheme/decode.ts';
import { readJson, type JsonSource } from '../../apimachinery/scheme/jsonText.ts';
import { readYaml } from '../../apimachinery/yaml/readYaml.ts';
import type { HttpRequest } from './http.ts';

export interface DeleteBody {
  readonly gracePeriodSeconds?: number;
  readonly orphanDependents?: boolean;
  readonly propagationPolicy?: string;
  readonly dryRun?: readonly string[];
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** @returns undefined where there is no body: then the query says how */
export function readDeleteBody({ body, headers }: HttpRequest): DeleteBody | Status | undefined {
  if (body === '') return undefined;
  const mediaType = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType !== '' && !MEDIA_TYPES.includes(mediaType)) {
    const text = `the body of the request was in an unknown format - accepted media types include: ${MEDIA_TYPES.join(', ')}`;
    return failure(415, 'UnsupportedMediaType', text);
  }
  const read = mediaType === 'application/yaml' ? readYaml(body) : readJsonBody(body);
  return 'error' in read ? badRequest(read.error) : optionsOf(read.value, read.source);
}

type Read = { readonly value: unknown; readonly source: JsonSource } | { readonly error: string };

function readJsonBody(body: string): Read {
  const json = readJson(body);
  return 'error' in json ? { error: `couldn't get version/kind; json parse error: ${json.error}` } : json;
}

function optionsOf(value: unknown, source: JsonSource): DeleteBody | Status {
  const node = SCHEME.kind('v1', 'DeleteOptions');
  if (node === undefined) return {};
  const { kind = '', apiVersion = '' } = (typeof value === 'object' ? (value ?? {}) : {}) as { kind?: unknown; apiVersion?: unknown };
  // Each group has these options as a kind of its own.
  if (typeof kind === 'string' && kind !== '' && kind !== 'DeleteOptions') {
    const version = quote(apiVersion === '' ? 'v1' : String(apiVersion));
    return badRequest(`no kind ${quote(kind)} is registered for version ${version} in scheme "pkg/runtime/scheme.go:111"`);
  }
  const { object, error } = decode(node, value, source);
  return error === undefined ? ((object ?? {}) as DeleteBody) : badRequest(error);
}
