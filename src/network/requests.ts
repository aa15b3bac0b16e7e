import type { HttpRequest, HttpResponse } from '../runtime/http.ts';
import { textResponse } from '../runtime/http.ts';
import type { Connected, HttpTarget, RequestFailure, Responded, ServerCertificate, Servers, Target } from '../runtime/network.ts';
import { splitKey } from '../apimachinery/meta/resource.ts';
import { TLS_PORTS } from '../apimachinery/net/tlsPorts.ts';
import type { IngressServer } from './ingress/ingressServer.ts';
import type { End, Origin, Wire } from './wire.ts';

export interface RequestEnvironment {
  readonly wire: Wire;
  readonly servers: () => Servers;
  readonly ingress: () => IngressServer;
  /** What the API server says. */
  readonly api: (request: HttpRequest) => HttpResponse | 'refused' | 'hang';
}

const KUBELET_PORT = 10_250;
const PROXY_HEALTH_PORT = 10_256;
/** Ports that hosts outside answer on. */
const OUTSIDE_PORTS: ReadonlySet<number> = new Set([22, 53, 80, 443]);

/** Opens connections and carries out HTTP requests, whoever is at the other end. */
export class Requests {
  private readonly environment: RequestEnvironment;

  constructor(environment: RequestEnvironment) {
    this.environment = environment;
  }

  connect(origin: Origin, { address, port, protocol = 'TCP' }: Target): Connected {
    const reach = this.environment.wire.reach(origin, { address, port, protocol });
    if (!reach.ok) return reach;
    return this.accepts(reach.end, protocol)
      ? { ok: true, afterMs: reach.afterMs }
      : { ok: false, ...refusal(reach.end, address, port), afterMs: reach.afterMs };
  }

  request(origin: Origin, target: HttpTarget, request: HttpRequest): Responded {
    const { address, port, tls = false, serverName = request.headers['host']?.split(':')[0] ?? target.address } = target;
    const reach = this.environment.wire.reach(origin, { address, port, protocol: 'TCP' });
    if (!reach.ok) return reach;
    const { end, afterMs } = reach;
    if (!this.accepts(end, 'TCP')) return { ok: false, ...refusal(end, address, port), afterMs };
    switch (end.kind) {
      case 'pod':
        return this.fromPod(end, reach.afterMs, tls, request);
      case 'healthCheck':
        return tls ? failed('not-tls', afterMs, 'kube-proxy speaks no TLS') : { ok: true, response: health(end.route), afterMs };
      case 'api':
        return tls ? this.fromApi(request, afterMs) : failed('tls-expected', afterMs, 'the API server speaks TLS only');
      case 'node':
        return port === PROXY_HEALTH_PORT
          ? { ok: true, response: textResponse(200, 'ok'), afterMs }
          : failed(tls ? 'empty' : 'tls-expected', afterMs, 'the kubelet speaks TLS only');
      case 'outside':
        return outside(end, tls, { ...request, serverName }, afterMs);
      case 'ingress':
        if (tls !== (port === 443))
          return failed(tls ? 'not-tls' : 'tls-expected', afterMs, `port ${port} is for ${tls ? 'http' : 'https'}`);
        return later(this.environment.ingress().serve(request, tls ? serverName : undefined), afterMs);
    }
  }

  private accepts(end: End, protocol: 'TCP' | 'UDP' | 'SCTP'): boolean {
    switch (end.kind) {
      case 'pod':
        return this.environment.servers().listens(end.pod, end.port, protocol) !== 'refused';
      case 'node':
        return protocol === 'TCP' && (end.port === KUBELET_PORT || end.port === PROXY_HEALTH_PORT);
      case 'outside':
        return OUTSIDE_PORTS.has(end.port);
      case 'ingress':
        return protocol === 'TCP' && (end.port === 80 || end.port === 443) && this.environment.ingress().runs;
      default:
        return protocol === 'TCP';
    }
  }

  private fromApi(request: HttpRequest, afterMs: number): Responded {
    const answer = this.environment.api(request);
    if (answer === 'refused') return failed('refused', afterMs, 'the API server is down');
    if (answer === 'hang') return failed('no-answer', afterMs, 'the answer goes on for ever');
    return { ok: true, response: answer, afterMs: afterMs + 1, certificate: API_CERTIFICATE };
  }

  private fromPod({ pod, port }: Extract<End, { kind: 'pod' }>, afterMs: number, tls: boolean, request: HttpRequest): Responded {
    const servers = this.environment.servers();
    const name = `Pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}`;
    if (tls !== TLS_PORTS.has(port))
      return failed(tls ? 'not-tls' : 'tls-expected', afterMs, `${name} speaks ${tls ? 'no TLS' : 'TLS'} on port ${port}`);
    const served = servers.serve(pod, port, request);
    if (served.ok) {
      const certificate = tls
        ? { certificate: { names: [pod.metadata.name ?? ''], issuer: pod.metadata.name ?? '', selfSigned: true } }
        : {};
      return { ok: true, response: served.response, afterMs: afterMs + served.afterMs, ...certificate };
    }
    const failure = served.failure === 'hang' ? 'no-answer' : served.failure;
    return failed(failure, afterMs, `${name} ${REASONS[failure] ?? failure}`);
  }
}

const REASONS: Readonly<Partial<Record<RequestFailure, string>>> = {
  refused: 'has no process that listens on the port',
  'no-answer': 'takes the connection and says nothing',
  reset: 'ended in the middle of the answer',
  empty: 'closed the connection without an answer',
  'not-http': 'does not speak HTTP on the port',
};

const API_CERTIFICATE: ServerCertificate = {
  names: ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'],
  issuer: 'kubernetes',
  selfSigned: false,
};

function refusal(end: End, address: string, port: number): { readonly failure: 'refused' | 'timeout'; readonly why: string } {
  if (end.kind === 'outside') return { failure: 'timeout', why: `the host ${address} does not answer on port ${port}` };
  const who =
    end.kind === 'pod' ? `no process in Pod ${end.pod.metadata.namespace ?? ''}/${end.pod.metadata.name ?? ''}` : `nothing at ${address}`;
  return { failure: 'refused', why: `${who} listens on port ${port}` };
}

function later(responded: Responded, ms: number): Responded {
  return { ...responded, afterMs: responded.afterMs + ms };
}

function failed(failure: RequestFailure, afterMs: number, why: string): Responded {
  return { ok: false, failure, afterMs, why };
}

/** What a load balancer asks a node: whether it has endpoints of its own. */
function health({ service, healthy, localEndpoints }: Extract<End, { kind: 'healthCheck' }>['route']): HttpResponse {
  const { namespace, name } = splitKey(service);
  const body = JSON.stringify({ service: { namespace, name }, localEndpoints, serviceProxyHealthy: true }, undefined, '\t');
  const { headers, ...response } = textResponse(healthy ? 200 : 503, body, 'application/json');
  const more = { 'x-content-type-options': 'nosniff', 'x-load-balancing-endpoint-weight': String(localEndpoints) };
  return { ...response, headers: { ...headers, ...more } };
}

/** A host of the world outside: there is a page, and a certificate that everybody trusts. */
function outside(
  { port, address }: Extract<End, { kind: 'outside' }>,
  tls: boolean,
  { headers, path, serverName }: HttpRequest & { readonly serverName: string },
  afterMs: number,
): Responded {
  if (port !== 80 && port !== 443) return failed('not-http', afterMs, `the host ${address} speaks no HTTP on port ${port}`);
  if (tls !== (port === 443)) return failed(tls ? 'not-tls' : 'tls-expected', afterMs, `port ${port} is for ${tls ? 'http' : 'https'}`);
  const host = (headers['host'] ?? address).split(':')[0] ?? address;
  const body = `<!doctype html>\n<html><head><title>${host}</title></head><body><p>${host}${path}</p></body></html>\n`;
  const certificate = tls ? { certificate: { names: [serverName], issuer: 'a public authority', selfSigned: false } } : {};
  return { ok: true, response: textResponse(200, body, 'text/html; charset=utf-8'), afterMs, ...certificate };
}
