import type { Status } from '../../apimachinery/errors/status.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import type { HttpResponse } from './http.ts';
import { encode, type Encoding } from './negotiation.ts';
import { PROTOBUF, toProtobuf } from './protobuf.ts';

const JSON_ENCODING: Encoding = { mediaType: 'application/json' };

/** An object in the encoding that was agreed on. */
export function answer(object: unknown, code = 200, encoding: Encoding = JSON_ENCODING, warnings: readonly string[] = []): HttpResponse {
  const bytes = encoding.mediaType === PROTOBUF ? toProtobuf(object) : undefined;
  if (bytes !== undefined) return { kind: 'response', code, headers: { 'Content-Type': PROTOBUF }, warnings, body: '', bytes };
  const form = encoding.mediaType === PROTOBUF ? JSON_ENCODING : encoding;
  return { kind: 'response', code, headers: { 'Content-Type': form.mediaType }, warnings, body: encode(object, form) };
}

export function refuse(status: Status, encoding: Encoding = JSON_ENCODING, warnings: readonly string[] = []): HttpResponse {
  return answer(status, status.code, encoding, warnings);
}

export function plainText(code: number, body: string, contentType = 'text/plain; charset=utf-8'): HttpResponse {
  return { kind: 'response', code, headers: { 'Content-Type': contentType }, warnings: [], body };
}

/** A path that nothing stands behind: not even a Status. */
export function pageNotFound(): HttpResponse {
  return {
    ...plainText(404, '404 page not found\n'),
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
  };
}

export function resourceNotFound(): Status {
  return errors.failure(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): Status {
  return errors.failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}
