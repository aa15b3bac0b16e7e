import { parse, stringify } from 'yaml';
import { refuse } from '../../../src/apiserver/endpoints/answer.ts';
import { authenticate } from '../../../src/apiserver/authentication/authenticate.ts';
import { handleRequest } from '../../../src/apiserver/endpoints/handle.ts';
import type { HttpAnswer } from '../../../src/apiserver/endpoints/http.ts';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { createRestHost } from '../../../src/host/http/restHost.ts';
import { isCompressed } from '../../../src/host/http/writeResponse.ts';
import { dump } from '../api/json.ts';
import type { Request } from './case.ts';

/** An answer as it would have come over the wire. */
export interface WireAnswer {
  readonly code: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  readonly raw: string;
  /** The raw body, read; undefined if it is neither JSON nor YAML. */
  readonly body: unknown;
  readonly isWatch: boolean;
}

/** A whole cluster without nodes, spoken to by the pure handler behind the REST API. */
export class Server {
  private readonly cluster = Cluster.create({
    seed: 'admission',
    startTime: Date.UTC(2026, 0, 2, 3, 4, 5),
    preset: 'empty',
    kubelet: 'manual',
    freeze: true,
  });

  private readonly host = createRestHost({ api: this.cluster.api, adminToken: 'T' });

  /** Lets virtual time pass. */
  advance(ms: number): void {
    const { simulation } = this.cluster;
    simulation.advance(simulation.now() + ms);
  }

  call(request: Request): WireAnswer {
    const body = bodyOf(request);
    const headers = headersOf(request, body !== undefined);
    const user = authenticate(headers, { userOfToken: this.host.userOfToken, authorizer: this.cluster.api.authorizer });
    const query = new URLSearchParams(request.query ?? {});
    const answer: HttpAnswer =
      'status' in user
        ? refuse(user)
        : handleRequest(
            this.cluster.api,
            { method: request.method, path: request.path, query, headers, body: body ?? '', user },
            this.host,
          );
    // What the controllers do about it at the same instant.
    this.advance(1);
    if (answer.kind === 'watch') return this.watch(answer);
    if (answer.kind === 'response') return wireAnswer(answer, headers['accept-encoding'] ?? '');
    throw new Error('no case upgrades its connection');
  }

  private watch(watch: Extract<HttpAnswer, { kind: 'watch' }>): WireAnswer {
    this.advance(watch.timeoutMs);
    return { code: 200, headers: lowerCase(watch.headers), warnings: [], raw: watch.read(100_000), body: undefined, isWatch: true };
  }
}

function wireAnswer(answer: Extract<HttpAnswer, { kind: 'response' }>, accepted: string): WireAnswer {
  const headers = {
    ...lowerCase(answer.headers),
    ...(isCompressed(answer.body, accepted) ? { 'content-encoding': 'gzip' } : {}),
  } as Record<string, string>;
  const type = headers['content-type'] ?? '';
  const raw = answer.bytes === undefined ? answer.body : new TextDecoder('latin1').decode(answer.bytes);
  return { code: answer.code, headers, warnings: answer.warnings, raw, body: readBody(type, raw), isWatch: false };
}

function readBody(type: string, raw: string): unknown {
  if (type.includes('yaml')) return parse(raw);
  if (!type.includes('json')) return undefined;
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

function bodyOf(request: Request): string | undefined {
  if (request.rawBody !== undefined) return request.rawBody;
  if (request.body === undefined || request.body === null) return undefined;
  const type = request.contentType ?? 'application/json';
  return type.includes('yaml') && !type.includes('apply') ? stringify(request.body) : dump(request.body);
}

function headersOf(request: Request, hasBody: boolean): Record<string, string> {
  const as = typeof request.as === 'string' ? { user: request.as, groups: [] } : request.as;
  return {
    'user-agent': 'case-runner',
    accept: request.accept ?? 'application/json',
    ...(request.anonymous === true ? {} : { authorization: `Bearer ${request.token ?? 'T'}` }),
    ...(as === undefined ? {} : { 'impersonate-user': as.user, 'impersonate-group': (as.groups ?? []).join('\n') }),
    ...(hasBody ? { 'content-type': request.contentType ?? 'application/json' } : {}),
    ...lowerCase(request.headers ?? {}),
  };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
