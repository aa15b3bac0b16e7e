/**
 * The API server as processes in containers reach it at `kubernetes.default.svc`: with the token of their ServiceAccount, or as nobody.
 * Invariant: a token that is forged, expired or void lets nobody in; what another may is decided as for any other request.
 * Counterpart: kube-apiserver behind the Service `kubernetes`.
 */
import type { ApiServer } from '../apiserver/apiServer.ts';
import { userOfInnerToken } from '../apiserver/authentication/serviceaccount/innerTokens.ts';
import { ANONYMOUS } from '../apiserver/authentication/users.ts';
import { handleRequest } from '../apiserver/endpoints/handle.ts';
import { isDown } from '../apiserver/outage.ts';
import type { UserInfo } from '../apiserver/request.ts';
import { decodeUtf8, encodeUtf8 } from '../runtime/files/bytes.ts';
import { textResponse, type HttpRequest, type HttpResponse } from '../runtime/http.ts';

/** `hang`: the answer goes on for ever, as a watch does. */
export function askApiServer(api: ApiServer, { method, path, headers, body }: HttpRequest): HttpResponse | 'refused' | 'hang' {
  if (isDown(api.store)) return 'refused';
  const user = bearer(api, headers['authorization']);
  if (user === undefined) return failure(401, 'Unauthorized', 'Unauthorized');
  const [route = '/', query = ''] = path.split('?');
  const answer = handleRequest(api, { method, path: route, query: new URLSearchParams(query), headers, body: decodeUtf8(body), user });
  if (answer.kind === 'watch') return 'hang';
  if (answer.kind !== 'response') return failure(400, 'BadRequest', 'Upgrade request required');
  const text = encodeUtf8(answer.pieces === undefined ? answer.body : [...answer.pieces].join(''));
  return { code: answer.code, headers: { ...answer.headers, 'content-length': String(text.length) }, body: text };
}

/** Who comes with this header; undefined if the token is none. */
function bearer(api: ApiServer, authorization: string | undefined): UserInfo | undefined {
  if (authorization === undefined) return ANONYMOUS;
  const token = /^bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  return token === undefined ? undefined : userOfInnerToken(api.store, token, () => api.registry.now());
}

function failure(code: number, reason: string, message: string): HttpResponse {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return textResponse(code, `${JSON.stringify(status, undefined, 2)}\n`, 'application/json');
}
