/**
 * The REST API over HTTPS on the loopback address: sockets, limits and streams around the pure handler.
 * Invariant: no request is looked at before its host, origin and token are; a slow reader of a watch holds up nobody.
 * Counterpart: k8s.io/apiserver/pkg/server/secure_serving.go.
 */
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refuse } from '../../apiserver/endpoints/answer.ts';
import { authenticate, type Authentication } from '../../apiserver/authentication/authenticate.ts';
import type { HttpAnswer, HttpRequest } from '../../apiserver/endpoints/http.ts';
import * as errors from '../../apimachinery/errors/status.ts';
import type { ServerIdentity } from './certificate.ts';
import { refusal } from './guard.ts';
import { BODY_LIMIT_BYTES, readBody } from './readBody.ts';
import { streamWatch } from './streamWatch.ts';
import { writeResponse } from './writeResponse.ts';

export interface HttpServerOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly identity: ServerIdentity;
  readonly authentication: Authentication;
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
  const server = createServer({ key: identity.key, cert: identity.certificate, minVersion: 'TLSv1.2', keepAliveTimeout: 60_000 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  server.on('request', (request, response) => void serve(options, port, request, response));
  return { port, url: `https://127.0.0.1:${port}`, close: () => closeServer(server) };
}

async function serve(options: HttpServerOptions, port: number, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = plainHeaders(message);
  const foreign = refusal(headers, port);
  if (foreign !== undefined) return writeResponse(response, refuse(errors.failure(403, 'Forbidden', foreign, {})), headers);
  const user = authenticate(headers, options.authentication);
  if ('status' in user) return writeResponse(response, refuse(user), headers);
  const url = URL.parse(message.url ?? '/', 'https://loopback');
  if (url === null) return writeResponse(response, refuse(errors.badRequest('the path of the request is not a URL')), headers);
  const body = await readBody(message);
  if (body === 'broken off') return;
  if (body === 'too long') {
    const text = `Request entity too large: limit is ${BODY_LIMIT_BYTES}`;
    return writeResponse(response, refuse(errors.failure(413, 'RequestEntityTooLarge', text, {})), headers);
  }
  const isText = !(headers['content-type'] ?? '').startsWith('application/vnd.kubernetes.protobuf');
  const request: HttpRequest = {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: isText ? body.toString('utf8') : '',
    bytes: body,
    user,
  };
  const answer = answerOf(options, request);
  if (answer.kind === 'watch') streamWatch(response, answer);
  else writeResponse(response, answer, headers);
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

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
