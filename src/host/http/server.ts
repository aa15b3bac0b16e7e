/**
 * The REST API over HTTPS on the loopback address: sockets, limits and streams around the pure handler.
 * Invariant: no request is looked at before its host, origin and token are; a slow reader of a watch holds up nobody.
 * Counterpart: k8s.io/apiserver/pkg/server/secure_serving.go.
 */
import type { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { refuse } from '../../apiserver/endpoints/answer.ts';
import { authenticate, type Authentication, type Headers } from '../../apiserver/authentication/authenticate.ts';
import type { HttpAnswer, HttpRequest, HttpResponse } from '../../apiserver/endpoints/http.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import type { UserInfo } from '../../apiserver/request.ts';
import type { ServerIdentity } from './certificate.ts';
import { refusal } from './guard.ts';
import { BODY_LIMIT_BYTES, readBody } from './readBody.ts';
import { streamWatch } from './streamWatch.ts';
import { tokenOfProtocols, upgrade, type Client } from './streams/upgrade.ts';
import { writeResponse } from './writeResponse.ts';

export interface HttpServerOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly identity: ServerIdentity;
  readonly authentication: Authentication;
  /** Whom a client's certificate names, if it counts; absent: clients are not asked for certificates. */
  readonly userOfCertificate?: (certificate: X509Certificate) => UserInfo | undefined;
  readonly handle: (request: HttpRequest) => HttpAnswer;
}

export interface RunningServer {
  readonly port: number;
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** Ends watches and connections; resolves when the port is free. */
  close(): Promise<void>;
}

export async function startServer(options: HttpServerOptions): Promise<RunningServer> {
  const { identity } = options;
  const server = createServer({
    key: identity.key,
    cert: identity.certificate,
    minVersion: 'TLSv1.2',
    keepAliveTimeout: 60_000,
    // A certificate is asked for, not required; whether it counts is decided in virtual time.
    ...(options.userOfCertificate === undefined ? {} : { requestCert: true, rejectUnauthorized: false, ca: identity.ca }),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  server.on('request', (request, response) => void serve(options, port, request, response));
  // Of connections that speak another protocol the server knows nothing more.
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (message, socket, head) => {
    upgraded.add(socket);
    socket.on('close', () => upgraded.delete(socket));
    serveUpgrade(options, port, { message, socket, head });
  });
  return { port, url: `https://127.0.0.1:${port}`, close: () => closeServer(server, upgraded) };
}

async function serve(options: HttpServerOptions, port: number, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = plainHeaders(message);
  const read = readHead(options, port, message, headers);
  if ('refusal' in read) return writeResponse(response, read.refusal, headers);
  const body = await readBody(message);
  if (body === 'broken off') return;
  if (body === 'too long') {
    const text = `Request entity too large: limit is ${BODY_LIMIT_BYTES}`;
    return writeResponse(response, refuse(errors.failure(413, 'RequestEntityTooLarge', text, {})), headers);
  }
  const isText = !(headers['content-type'] ?? '').startsWith('application/vnd.kubernetes.protobuf');
  const answer = answerOf(options, { ...read.request, body: isText ? body.toString('utf8') : '', bytes: body });
  if (answer.kind === 'watch') streamWatch(response, answer);
  else if (answer.kind === 'response') writeResponse(response, answer, headers);
  else writeResponse(response, refuse(errors.badRequest('Upgrade request required')), headers);
}

/** A request whose client wants to go on with another protocol. */
function serveUpgrade(options: HttpServerOptions, port: number, client: Client): void {
  const headers = plainHeaders(client.message);
  const authorization = headers['authorization'] ?? tokenOfProtocols(headers['sec-websocket-protocol']);
  const read = readHead(options, port, client.message, authorization === undefined ? headers : { ...headers, authorization });
  if ('refusal' in read) return upgrade(client, read.refusal, new URLSearchParams());
  upgrade(client, answerOf(options, read.request), read.request.query);
}

/** Everything before the body: where the request comes from, who makes it and what it is about. */
function readHead(
  options: HttpServerOptions,
  port: number,
  message: IncomingMessage,
  headers: Headers,
): { readonly request: HttpRequest } | { readonly refusal: HttpResponse } {
  const foreign = refusal(headers, port);
  if (foreign !== undefined) return { refusal: refuse(errors.failure(403, 'Forbidden', foreign, {})) };
  const user = authenticate(headers, options.authentication, certifiedUser(options, message));
  if ('status' in user) return { refusal: refuse(user) };
  const url = URL.parse(message.url ?? '/', 'https://loopback');
  if (url === null) return { refusal: refuse(errors.badRequest('the path of the request is not a URL')) };
  return { request: { method: message.method ?? 'GET', path: url.pathname, query: url.searchParams, headers, body: '', user } };
}

/** Undefined without a certificate, null with one that does not count. */
function certifiedUser({ userOfCertificate }: HttpServerOptions, { socket }: IncomingMessage): UserInfo | null | undefined {
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return certificate === undefined || userOfCertificate === undefined ? undefined : (userOfCertificate(certificate) ?? null);
}

/** A bug in the handler must not end the server. */
function answerOf({ handle }: HttpServerOptions, request: HttpRequest): HttpAnswer {
  try {
    return handle(request);
  } catch (error) {
    return refuse(errors.internalError(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  }
}

/** Several headers of one name are one, with commas between; those of impersonation, which may hold commas, with line feeds. */
function plainHeaders({ headersDistinct }: IncomingMessage): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(headersDistinct).map(([name, values = []]) => [name, values.join(name.startsWith('impersonate-') ? '\n' : ',')]),
  );
}

function closeServer(server: Server, upgraded: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
  });
}
