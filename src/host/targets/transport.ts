/**
 * Requests to a real cluster over HTTPS, with the credentials that a kubeconfig leads to.
 * Invariant: who the user is, is the library's business (certificates, tokens, programs, OpenID Connect, proxies); a refused credential
 * is asked for once more before the refusal counts. Loaded when a real cluster is first wanted. Counterpart: client-go's rest.Config and transport.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Rest, RestAnswer, RestRequest } from '../../kubectl/rest.ts';
import { Credentials, type Signed } from './credentials.ts';

export interface Transport extends Rest {
  /**
   * GET of an answer that goes on, told piece by piece. Resolves at its end; an answer that is a refusal resolves with it at once.
   * Rejects when the connection is lost or `signal` ends it.
   */
  stream(request: Pick<RestRequest, 'path' | 'query' | 'accept'>, reader: StreamReader): Promise<RestAnswer>;
}

export interface StreamReader {
  /** The answer is no refusal: it goes on from here. */
  readonly onOpen?: () => void;
  readonly onText: (text: string) => void;
  readonly signal: AbortSignal;
}

/** For an answer to begin, milliseconds. */
const ANSWER_MS = 30_000;
/** A stream that says nothing for so long is dead: watches are ended by the server before. */
const SILENCE_MS = 400_000;
const UNAUTHORIZED = 401;

/** @param read the kubeconfig as it is now, with the wanted context alone; throws if there is none any more */
export function createTransport(read: () => object): Transport {
  const credentials = new Credentials(read);
  const again = async (act: (signed: Signed) => Promise<RestAnswer>): Promise<RestAnswer> => {
    const signed = await credentials.get();
    const answer = await act(signed);
    return answer.code === UNAUTHORIZED && credentials.renew(signed) ? act(await credentials.get()) : answer;
  };
  return {
    request: (request) => again((signed) => exchange(signed, request)),
    stream: (request, reader) => again((signed) => exchange(signed, { ...request, method: 'GET' }, reader)),
  };
}

async function exchange({ server, options }: Signed, request: RestRequest, reader?: StreamReader): Promise<RestAnswer> {
  const url = new URL(`${server.replace(/\/+$/, '')}${request.path}`);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  const headers = {
    ...(options.headers as Readonly<Record<string, string>> | undefined),
    accept: request.accept ?? 'application/json',
    'user-agent': 'kubepad',
    ...(request.contentType === undefined ? {} : { 'content-type': request.contentType }),
    ...(request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) }),
  };
  const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
  const signal = reader === undefined ? {} : { signal: reader.signal };
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { ...options, ...signal, method: request.method, headers }, (incoming) => {
      if (reader !== undefined) outgoing.setTimeout(SILENCE_MS);
      receive(incoming, reader).then(resolve, reject);
    });
    outgoing.setTimeout(ANSWER_MS, () => outgoing.destroy(new Error(`${url.host} did not answer in time`)));
    outgoing.on('error', reject);
    outgoing.end(request.body);
  });
}

function receive(incoming: IncomingMessage, reader: StreamReader | undefined): Promise<RestAnswer> {
  const code = incoming.statusCode ?? 0;
  const parts: string[] = [];
  const goesOn = reader !== undefined && code === 200;
  const take = goesOn ? reader.onText : (text: string): void => void parts.push(text);
  incoming.setEncoding('utf8');
  if (goesOn) reader.onOpen?.();
  return new Promise((resolve, reject) => {
    incoming.on('data', take);
    incoming.on('error', reject);
    incoming.on('aborted', () => reject(new Error('the connection was lost')));
    incoming.on('end', () => resolve({ code, body: bodyOf(incoming, parts.join('')), warnings: warningsOf(incoming) }));
  });
}

function bodyOf(incoming: IncomingMessage, text: string): unknown {
  if (!(incoming.headers['content-type'] ?? '').includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `299 - "text"`, as RFC 7234 has it; several in one line are joined by commas. */
function warningsOf({ headers }: IncomingMessage): readonly string[] {
  const value = headers['warning'];
  const text = typeof value === 'string' ? value : '';
  return [...text.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, quoted = '']) => quoted.replaceAll(/\\(.)/g, '$1'));
}
