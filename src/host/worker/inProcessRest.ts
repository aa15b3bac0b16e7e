import { ADMIN } from '../../apiserver/authentication/users.ts';
import { handleRequest } from '../../apiserver/endpoints/handle.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import type { Rest, RestAnswer, RestRequest } from '../../kubectl/rest.ts';

export interface InProcessOptions {
  readonly api: ApiServer;
  /** Brings the clock to the present, so that the request happens at the right virtual time. */
  readonly before: () => void;
  /** Puts the write on the disk and lets the cluster go on. The answer is given after it. */
  readonly after: () => void;
}

/** The REST API without a wire, as the cluster's administrator: the same code that answers kubectl. */
export function createInProcessRest(options: InProcessOptions): Rest {
  return {
    request: (request) => {
      options.before();
      const answer = answerOf(options.api, request);
      if (request.method !== 'GET') options.after();
      return Promise.resolve(answer);
    },
  };
}

function answerOf(api: ApiServer, { method, path, query, contentType, body }: RestRequest): RestAnswer {
  const answer = handleRequest(api, {
    method,
    path,
    query: new URLSearchParams(query),
    headers: { accept: 'application/json', 'user-agent': 'kubepad', ...(contentType === undefined ? {} : { 'content-type': contentType }) },
    body: body ?? '',
    user: ADMIN,
  });
  if (answer.kind !== 'response') return { code: 400, body: 'a stream has no answer', warnings: [] };
  const isJson = (answer.headers['content-type'] ?? answer.headers['Content-Type'] ?? '').includes('json') || /^\s*[{[]/.test(answer.body);
  return { code: answer.code, body: isJson ? (JSON.parse(answer.body) as unknown) : answer.body, warnings: answer.warnings };
}
