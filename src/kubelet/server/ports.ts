/**
 * Connections to the ports of a Pod's containers, as their programs serve them.
 * Invariant: a port that no program serves refuses. Counterpart: the network namespace of a Pod.
 */
import type { RemoteAnswer, RemoteConnection, RemoteRequest } from '../../apiserver/endpoints/nodeApi.ts';
import { fromBytes, toBytes } from '../../runtime/files/bytes.ts';
import { reasonPhrase } from '../../runtime/http.ts';
import { httpIn, tcpIn } from '../../runtime/programs/interpreter.ts';
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
  return new Connection((request) => fetchFrom([listener], port, request, nowMs, page));
}

/** An image that nobody described answers every port that its container declares, and any port if it declares none. */
export function listens({ start, container }: Started, port: number): boolean {
  if (start.healthy !== true || (container.ports ?? []).length === 0) return true;
  return (container.ports ?? []).some(({ containerPort }) => containerPort === port);
}

function age({ record }: Started, nowMs: number): number {
  return nowMs - (record.startedAtMs ?? nowMs);
}

/** Speaks HTTP/1.1 with bodies of a known length; other bytes are taken and not answered. */
class Connection implements RemoteConnection {
  ended = false;
  private readonly answer: (request: RemoteRequest) => RemoteAnswer | string;
  private received = '';

  constructor(answer: (request: RemoteRequest) => RemoteAnswer | string) {
    this.answer = answer;
  }

  send(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    this.received += fromBytes(bytes);
    let sent = '';
    for (let end = this.received.indexOf('\r\n\r\n'); end >= 0 && !this.ended; end = this.received.indexOf('\r\n\r\n')) {
      const head = this.received.slice(0, end);
      const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? '0');
      if (this.received.length < end + 4 + length) break;
      const body = this.received.slice(end + 4, end + 4 + length);
      this.received = this.received.slice(end + 4 + length);
      sent += this.respond(head, body);
    }
    return toBytes(sent);
  }

  private respond(head: string, requestBody: string): string {
    const [method = '', path = '/', version = ''] = (head.split('\r\n')[0] ?? '').split(' ');
    if (!version.startsWith('HTTP/')) {
      this.ended = true;
      return 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
    }
    const answer = this.answer({ method, path, body: requestBody });
    if (typeof answer === 'string') {
      this.ended = true;
      return '';
    }
    const close = /^connection: *close/im.test(head) || version === 'HTTP/1.0';
    this.ended = close;
    const { code, contentType, body } = answer;
    const fields = [`Content-Type: ${contentType}`, `Content-Length: ${body.length}`, ...(close ? ['Connection: close'] : [])];
    return `HTTP/1.1 ${code} ${reasonPhrase(code)}\r\n${fields.join('\r\n')}\r\n\r\n${method === 'HEAD' ? '' : body}`;
  }
}
