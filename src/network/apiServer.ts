/**
 * The API server as processes in containers reach it at `kubernetes.default.svc`: with the token of their ServiceAccount, or as nobody.
 * Invariant: what a token may is decided as for any other request. Signatures are not looked at: they are no part of the simulation, and
 * nobody from outside comes this way. Counterpart: kube-apiserver behind the Service `kubernetes`.
 */
import { SERVICEACCOUNTS } from '../api/schema/resources.ts';
import { groupResource, objectKey } from '../apimachinery/meta/resource.ts';
import type { ApiServer } from '../apiserver/apiServer.ts';
import { ANONYMOUS, AUTHENTICATED, serviceAccountGroups, serviceAccountUserName } from '../apiserver/authentication/users.ts';
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

/** Who comes with this header; undefined if the token is none, or its account is gone. */
function bearer(api: ApiServer, authorization: string | undefined): UserInfo | undefined {
  if (authorization === undefined) return ANONYMOUS;
  const token = /^bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  const account = token === undefined ? undefined : (accountInside(token) ?? accountOf(token, api.registry.now() / 1000));
  if (account === undefined) return undefined;
  const found = api.store.get(groupResource(SERVICEACCOUNTS), objectKey(account.namespace, account.name));
  if (found === undefined) return undefined;
  const groups = [...serviceAccountGroups(account.namespace), AUTHENTICATED];
  return { name: serviceAccountUserName(account.namespace, account.name), uid: found.metadata.uid ?? '', groups };
}

interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** The token that a container's own process finds: `kubepad.NAMESPACE.NAME.UID-OF-THE-POD.AUDIENCE.SECONDS`. */
function accountInside(token: string): Account | undefined {
  const [, namespace, name] = /^kubepad\.([^.]+)\.(.+)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[^ ]*\.\d+$/.exec(token) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

/** The account that a signed token is of, while it is valid. */
function accountOf(token: string, nowSeconds: number): Account | undefined {
  const claims = claimsOf(token.split('.')[1] ?? '');
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(String(claims?.['sub'])) ?? [];
  const { exp } = claims ?? {};
  if (namespace === undefined || name === undefined || (typeof exp === 'number' && nowSeconds >= exp)) return undefined;
  return { namespace, name };
}

function claimsOf(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function failure(code: number, reason: string, message: string): HttpResponse {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return textResponse(code, `${JSON.stringify(status, undefined, 2)}\n`, 'application/json');
}
