/**
 * Connections to the ports of a Pod's containers, as their programs serve them.
 * Invariant: a port that no program serves refuses. Counterpart: the network namespace of a Pod.
 */
import type { RemoteAnswer, RemoteConnection, RemoteRequest } from '../../apiserver/endpoints/nodeApi.ts';
import { reasonPhrase } from '../../runtime/http.ts';
import { httpIn, tcpIn } from '../../runtime/programs/interpreter.ts';
import { HttpConnection } from './httpConnection.ts';
import type { Started } from './started.ts';

/** What a container's web server answers a request with. */
type Page = (started: Started, request: RemoteRequest) => string;

export function fetchFrom(
  all: readonly Started[],
  port: number,
  request: RemoteRequest,
  nowMs: () => number,
  page: Page,
): RemoteAnswer | string {
  for (const started of all) {
    const answer = httpIn(started.start, port, request.path, age(started, nowMs()));
    if (answer === 'refused' || !listens(started, port)) continue;
    if (answer === 'hang') return 'context deadline exceeded';
    return answerWith(answer, started, request, page);
  }
  return `dial tcp 127.0.0.1:${port}: connect: connection refused`;
}

/** The page, if all is well; else the words of the status. */
export function answerWith(code: number, started: Started, request: RemoteRequest, page: Page): RemoteAnswer {
  const ok = code >= 200 && code < 300;
  const body = ok ? page(started, request) : `${code} ${reasonPhrase(code)}\n`;
  return { code, contentType: body.startsWith('<') ? 'text/html' : 'text/plain; charset=utf-8', body };
}

export function connectionTo(all: readonly Started[], port: number, nowMs: () => number, page: Page): RemoteConnection | string {
  const listener = all.find((started) => tcpIn(started.start, port, age(started, nowMs())) === 'open' && listens(started, port));
  if (listener === undefined) return `dial tcp4 127.0.0.1:${port}: connect: connection refused`;
  return new HttpConnection((request) => fetchFrom([listener], port, request, nowMs, page));
}

/** An image that nobody described answers every port that its container declares, and any port if it declares none. */
export function listens({ start, container }: Started, port: number): boolean {
  if (start.healthy !== true || (container.ports ?? []).length === 0) return true;
  return (container.ports ?? []).some(({ containerPort }) => containerPort === port);
}

function age({ record }: Started, nowMs: number): number {
  return nowMs - (record.startedAtMs ?? nowMs);
}
