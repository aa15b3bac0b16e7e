import { ADMIN } from '../apiserver/authentication/users.ts';
import { handleRequest } from '../apiserver/endpoints/handle.ts';
import type { ApiServer } from '../apiserver/apiServer.ts';
import type { RestAnswer, RestRequest } from './rest.ts';

/** The REST API without a wire, as the cluster's administrator: the same code that answers kubectl. */
export function answerOf(api: ApiServer, { method, path, query, contentType, accept, body }: RestRequest): RestAnswer {
  const answer = handleRequest(api, {
    method,
    path,
    query: new URLSearchParams(query),
    headers: {
      accept: accept ?? 'application/json',
      'user-agent': 'kubepad',
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
    },
    body: body ?? '',
    user: ADMIN,
  });
  if (answer.kind !== 'response') return { code: 400, body: 'a stream has no answer', warnings: [] };
  const isJson = (answer.headers['content-type'] ?? answer.headers['Content-Type'] ?? '').includes('json') || /^\s*[{[]/.test(answer.body);
  return { code: answer.code, body: isJson ? (JSON.parse(answer.body) as unknown) : answer.body, warnings: answer.warnings };
}
