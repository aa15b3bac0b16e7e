/**
 * Connections that become something else than HTTP: WebSockets and SPDY, for processes, ports and watches.
 * Invariant: what the client asked for has been authorized before; a protocol that is not known is refused with a Status.
 */
import type { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { refuse } from '../../../apiserver/endpoints/answer.ts';
import type { HttpAnswer, HttpResponse, ProcessStream, Upgrade, WatchStream } from '../../../apiserver/endpoints/http.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import { PORT_PROTOCOL, PortForward } from './portForward.ts';
import { COMMAND_PROTOCOLS, overWebSocket, SpdyCommand } from './remoteCommand.ts';
import { SpdySession, type SpdyHandlers } from './spdySession.ts';
import { acceptance, WebSocket } from './webSocket.ts';

/** Tokens may come as a protocol, as browsers cannot set headers: `base64url.bearer.authorization.k8s.io.TOKEN`. */
const TOKEN_PROTOCOL = 'base64url.bearer.authorization.k8s.io.';
const SPDY = 'SPDY/3.1';

export interface Client {
  readonly message: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Carries an answer out on a connection whose client asked for an upgrade. */
export function upgrade(client: Client, answer: HttpAnswer, query: URLSearchParams): void {
  if (answer.kind === 'response') return respond(client.socket, answer);
  const protocol = (client.message.headers.upgrade ?? '').toLowerCase();
  if (answer.kind === 'watch') {
    if (protocol === 'websocket') return watchOverWebSocket(client, answer);
  } else if (protocol === 'websocket') return upgradeToWebSocket(client, answer);
  else if (protocol === SPDY.toLowerCase()) return upgradeToSpdy(client, answer, query);
  respond(client.socket, refuse(errors.badRequest(`unable to upgrade: unknown protocol "${protocol}"`)));
}

/** The token among the protocols, as an Authorization header would have it. */
export function tokenOfProtocols(header: string | undefined): string | undefined {
  const found = protocolsOf(header).find((protocol) => protocol.startsWith(TOKEN_PROTOCOL));
  return found === undefined ? undefined : `Bearer ${decodeBase64url(found.slice(TOKEN_PROTOCOL.length))}`;
}

function upgradeToWebSocket(client: Client, answer: Upgrade): void {
  const offered = protocolsOf(client.message.headers['sec-websocket-protocol']);
  const known = answer.kind === 'ports' ? [`${SPDY}+${PORT_PROTOCOL}`] : [...COMMAND_PROTOCOLS];
  const protocol = known.find((name) => offered.includes(name));
  if (protocol === undefined)
    return respond(client.socket, refuse(errors.badRequest(`unable to upgrade: none of the protocols [${offered.join(' ')}] is known`)));
  const open = (onMessage: (data: Buffer) => void, onClose: () => void): WebSocket => openWebSocket(client, protocol, onMessage, onClose);
  if (answer.kind === 'process') return overWebSocket(answer, open);
  const forward = new PortForward(answer);
  const handlers: SpdyHandlers = { onStream: (stream) => forward.add(stream), onClose: () => undefined };
  const socket = open(
    (data) => session.receive(data),
    () => session.close(),
  );
  const session = new SpdySession({ write: (bytes) => void socket.send(bytes), end: () => socket.close() }, handlers);
}

function upgradeToSpdy({ message, socket, head }: Client, answer: Upgrade, query: URLSearchParams): void {
  const offered = protocolsOf(message.headers['x-stream-protocol-version'] as string | undefined);
  const protocol = answer.kind === 'ports' ? PORT_PROTOCOL : COMMAND_PROTOCOLS.find((name) => offered.includes(name));
  if (protocol === undefined)
    return respond(
      socket,
      refuse(errors.failure(403, 'Forbidden', `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}]`)),
    );
  const chosen = `X-Stream-Protocol-Version: ${protocol}\r\n`;
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${SPDY}\r\n${chosen}\r\n`);
  const handlers = answer.kind === 'ports' ? portHandlers(answer) : commandHandlers(answer, query, () => session);
  const session = new SpdySession({ write: (bytes) => void socket.write(bytes), end: () => void socket.end() }, handlers);
  socket.on('data', (chunk: Buffer) => session.receive(chunk));
  socket.on('close', () => session.close());
  socket.on('error', () => session.close());
  session.receive(head);
}

function portHandlers(answer: Extract<Upgrade, { kind: 'ports' }>): SpdyHandlers {
  const forward = new PortForward(answer);
  return { onStream: (stream) => forward.add(stream), onClose: () => undefined };
}

function commandHandlers(answer: ProcessStream, query: URLSearchParams, session: () => SpdySession): SpdyHandlers {
  const outputs = ['stdout', 'stderr'].filter((name) => query.get(name) === 'true' || query.get(name) === '1').length;
  const command = new SpdyCommand(answer, outputs);
  return { onStream: (stream) => command.add(stream, session()), onClose: () => command.dispose() };
}

/** Each event of the watch is a text message. */
function watchOverWebSocket(client: Client, watch: WatchStream): void {
  const offered = protocolsOf(client.message.headers['sec-websocket-protocol']).filter((name) => !name.startsWith(TOKEN_PROTOCOL));
  const end = (): void => {
    changes.dispose();
    clearTimeout(timeout);
  };
  const socket = openWebSocket(client, offered[0] ?? '', () => undefined, end);
  const pump = (): void => {
    for (const line of watch.read(EVENTS_AT_ONCE).split('\n')) if (line !== '') socket.send(new TextEncoder().encode(line), false);
    if (watch.ended) socket.close();
  };
  const changes = watch.onChange(() => setImmediate(pump));
  const timeout = setTimeout(() => socket.close(), watch.timeoutMs);
  pump();
}

const EVENTS_AT_ONCE = 10_000;

function openWebSocket(
  { message, socket, head }: Client,
  protocol: string,
  onMessage: (data: Buffer) => void,
  onClose: () => void,
): WebSocket {
  socket.write(acceptance(message.headers['sec-websocket-key'] ?? '', protocol));
  const opened = new WebSocket(socket, head, { onMessage, onClose });
  setImmediate(() => opened.start());
  return opened;
}

/** An ordinary answer where there is no ServerResponse to give it with. */
function respond(socket: Duplex, { code, headers, body }: HttpResponse): void {
  const fields = Object.entries({ ...headers, 'Content-Length': String(new TextEncoder().encode(body).length), Connection: 'close' });
  socket.end(`HTTP/1.1 ${code} \r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`);
}

function protocolsOf(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function decodeBase64url(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}
