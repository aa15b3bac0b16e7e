import facts from '../../api/schema/facts/protobuf.json' with { type: 'json' };
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import { decodeProtobuf } from '../../apimachinery/protobuf/decode.ts';
import type { HttpRequest } from './http.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/**
 * A request with a protobuf body as the same request with a JSON body, so that everything behind it knows one form only.
 * @returns the request itself if its body is of another type
 */
export function withJsonBody(request: HttpRequest): HttpRequest | Status {
  const { headers, bytes } = request;
  if (bytes === undefined || bytes.length === 0 || headers['content-type']?.split(';')[0]?.trim() !== PROTOBUF) return request;
  const decoded = decodeProtobuf(facts, bytes);
  if (decoded === undefined) return errors.badRequest('provided data does not appear to be a protobuf message');
  const body = JSON.stringify({ kind: decoded.kind, apiVersion: decoded.apiVersion, ...decoded.value });
  return { ...request, body, headers: { ...headers, 'content-type': 'application/json' } };
}
