/**
 * A connection over which a web server in a container speaks HTTP/1.1.
 * Invariant: what is received is bounded; one request is answered after the other, and what is no request ends the connection.
 * Counterpart: a socket of the container's server.
 */
import type { RemoteAnswer, RemoteConnection, RemoteRequest } from '../../apiserver/endpoints/nodeApi.ts';
import { reasonPhrase } from '../../runtime/http.ts';
import { fromBytes, toBytes } from '../../runtime/files/bytes.ts';

const MOST_HEAD_BYTES = 65_536;
const MOST_BODY_BYTES = 16_777_216;
const BLANK_LINE = '\r\n\r\n';

interface Received {
  readonly head: string;
  readonly body: string;
  /** How much of what was received it took. */
  readonly length: number;
}

/** A request, how it is refused, or undefined where more is to come. */
type Read = Received | { readonly refusal: 400 | 413 | 431 } | undefined;

export class HttpConnection implements RemoteConnection {
  ended = false;
  private readonly answer: (request: RemoteRequest) => RemoteAnswer | string;
  private received = '';

  constructor(answer: (request: RemoteRequest) => RemoteAnswer | string) {
    this.answer = answer;
  }

  send(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    if (this.ended) return toBytes('');
    this.received += fromBytes(bytes);
    let sent = '';
    for (let read = readRequest(this.received); read !== undefined && !this.ended; read = readRequest(this.received)) {
      if ('refusal' in read) {
        sent += this.refuse(read.refusal);
        break;
      }
      this.received = this.received.slice(read.length);
      sent += this.respond(read);
    }
    if (this.ended) this.received = '';
    return toBytes(sent);
  }

  private refuse(code: 400 | 413 | 431): string {
    this.ended = true;
    return `HTTP/1.1 ${code} ${reasonPhrase(code)}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
  }

  private respond({ head, body: requestBody }: Received): string {
    const [method = '', path = '/', version = ''] = (head.split('\r\n')[0] ?? '').split(' ');
    if (!version.startsWith('HTTP/')) return this.refuse(400);
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

/** The first request of what was received: a head, and a body of a known length or in chunks. */
function readRequest(text: string): Read {
  const end = text.indexOf(BLANK_LINE);
  if (end < 0 || end > MOST_HEAD_BYTES) return Math.max(text.length, end) > MOST_HEAD_BYTES ? { refusal: 431 } : undefined;
  const head = text.slice(0, end);
  const start = end + BLANK_LINE.length;
  if (/^transfer-encoding:.*\bchunked\b/im.test(head)) return readChunks(text, head, start);
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? '0');
  if (length > MOST_BODY_BYTES) return { refusal: 413 };
  return text.length < start + length ? undefined : { head, body: text.slice(start, start + length), length: start + length };
}

/** `5\r\nhello\r\n0\r\n\r\n` is hello; fields after the last chunk are passed over. */
function readChunks(text: string, head: string, start: number): Read {
  let body = '';
  for (let at = start; ;) {
    const line = text.indexOf('\r\n', at);
    if (line < 0) return text.length - at > MOST_HEAD_BYTES ? { refusal: 400 } : undefined;
    const [size] = /^[\da-f]{1,8}(?=\s*(?:;|$))/i.exec(text.slice(at, line)) ?? [];
    if (size === undefined) return { refusal: 400 };
    const bytes = Number.parseInt(size, 16);
    if (bytes === 0) {
      // An empty line at once, or after the fields.
      const end = text.indexOf(BLANK_LINE, line);
      if (end < 0) return text.length - line > MOST_HEAD_BYTES ? { refusal: 431 } : undefined;
      return { head, body, length: end + BLANK_LINE.length };
    }
    if (body.length + bytes > MOST_BODY_BYTES) return { refusal: 413 };
    const from = line + 2;
    if (text.length < from + bytes + 2) return undefined;
    body += text.slice(from, from + bytes);
    at = from + bytes + 2;
  }
}
