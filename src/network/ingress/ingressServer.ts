/**
 * What the controller of Ingresses answers requests with: routes by host and path, certificates, and the Pods behind a Service.
 * Invariant: goes to the Pods themselves, past the addresses of Services; reads the Ingresses as they are now.
 * Counterpart: the nginx of github.com/kubernetes/ingress-nginx.
 */
import { fnv1a } from '../../base/fnv.ts';
import { parseCertificate, type Certificate } from '../../api/certificates/certificate.ts';
import { INGRESS_NGINX, isClaimedBy } from '../../api/networking/ingress/claim.ts';
import { ENDPOINTSLICES, INGRESSCLASSES, INGRESSES, SECRETS, SERVICES } from '../../api/schema/resources.ts';
import type { Pod, Service } from '../../api/schema/types/core/v1.ts';
import type { Ingress, IngressServiceBackend } from '../../api/schema/types/networking/v1.ts';
import { isHostOf } from '../../apimachinery/net/hostPattern.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import { familyOf } from '../../apimachinery/net/ip.ts';
import type { Client } from '../../client/client.ts';
import { INDEX_SERVICE } from '../../apiserver/serviceIndex.ts';
import { reasonPhrase, textResponse, type HttpRequest, type HttpResponse } from '../../runtime/http.ts';
import type { HttpTarget, Lookup, Responded, ServerCertificate } from '../../runtime/network.ts';
import { INDEX_INGRESS_HOST } from '../indexes.ts';
import { portRules, type EndpointRule } from '../proxy/serviceRule.ts';
import type { Origin } from '../wire.ts';
import { routeOf, type IngressRoute } from './routes.ts';

/** The controller, to NetworkPolicies. */
export const INGRESS_POD: Pod = {
  metadata: {
    name: 'ingress-nginx-controller',
    namespace: 'ingress-nginx',
    uid: 'ingress-nginx-controller',
    labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
  },
};

/** How long it waits for a connection and for an answer, and how many Pods it tries. */
const CONNECT_TIMEOUT_MS = 5_000;
const READ_TIMEOUT_MS = 60_000;
const TRIES = 3;
const OWN_MS = 1;
const SSL_REDIRECT = 'nginx.ingress.kubernetes.io/ssl-redirect';
const FORCE_SSL_REDIRECT = 'nginx.ingress.kubernetes.io/force-ssl-redirect';
const BACKEND_PROTOCOL = 'nginx.ingress.kubernetes.io/backend-protocol';
const UPSTREAM_VHOST = 'nginx.ingress.kubernetes.io/upstream-vhost';
const TLS_PROTOCOLS: ReadonlySet<string> = new Set(['GRPCS', 'HTTPS']);

const FAKE_CERTIFICATE: ServerCertificate = {
  names: ['ingress.local'],
  issuer: 'Kubernetes Ingress Controller Fake Certificate',
  selfSigned: true,
};

export interface IngressEnvironment {
  readonly client: Client;
  readonly nowMs: () => number;
  /** Where packets to the controller go. */
  readonly address: string;
  readonly isDown: () => boolean;
  /** A request from the controller to a Pod, or to a host that a Service of type ExternalName names. */
  readonly send: (origin: Origin, target: HttpTarget, request: HttpRequest) => Responded;
  /** What the controller's resolver says of such a host. */
  readonly lookup: (name: string) => Lookup;
}

/** The Pods behind a route; or the code that is answered without any. */
export type Upstreams =
  | { readonly ok: true; readonly endpoints: readonly EndpointRule[]; readonly service: string }
  /** A host that a Service of type ExternalName names. */
  | { readonly ok: true; readonly host: string; readonly port: number; readonly service: string }
  | { readonly ok: false; readonly code: 404 | 503; readonly why: string };

export class IngressServer {
  readonly origin: Origin;
  private readonly environment: IngressEnvironment;
  /** The Ingresses that are this controller's, and the lists of which that holds; a request must not sort them all. */
  private chosen: { readonly ingresses: readonly Ingress[]; readonly classes: unknown; readonly claimed: readonly Ingress[] } | undefined;

  constructor(environment: IngressEnvironment) {
    this.environment = environment;
    this.origin = { kind: 'virtual', pod: INGRESS_POD, address: environment.address };
  }

  /** Somebody has installed the controller, and it runs. */
  get runs(): boolean {
    return (
      this.environment.client.list(INGRESSCLASSES).some(({ spec }) => spec?.controller === INGRESS_NGINX) && !this.environment.isDown()
    );
  }

  /** The addresses of a host that an Ingress has rules for: none as long as none of them has an address. Undefined: nobody's host. */
  published(host: string): readonly string[] | undefined {
    const named = [host, host.includes('.') ? `*${host.slice(host.indexOf('.'))}` : ''].filter((name) => name !== '');
    const found = named.flatMap((name) => this.environment.client.byIndex(INGRESSES, INDEX_INGRESS_HOST, name));
    if (found.length === 0) return undefined;
    return found.some(({ status }) => (status?.loadBalancer?.ingress ?? []).length > 0) ? [this.environment.address] : [];
  }

  /** @param serverName whom a client of TLS asks for; undefined: it speaks plain HTTP */
  serve(request: HttpRequest, serverName: string | undefined): Responded {
    const host = hostOf(request);
    const tls = serverName !== undefined;
    const certificate = tls ? { certificate: this.certificate(serverName.toLowerCase()) ?? FAKE_CERTIFICATE } : {};
    const answer = (response: HttpResponse, afterMs = OWN_MS): Responded => ({ ok: true, response, afterMs, ...certificate });
    const [route = '/'] = request.path.split('?');
    const found = routeOf(this.claimed(), host, route);
    if (found === undefined) return answer(page(404));
    if (!tls && this.redirects(found.ingress, host)) return answer(redirect(`https://${host}${request.path}`));
    const upstreams = this.upstreams(found);
    if (!upstreams.ok) return answer(page(upstreams.code));
    const query = request.path.slice(route.length);
    const annotations = found.ingress.metadata.annotations ?? {};
    const [vhost, protocol = 'HTTP'] = [annotations[UPSTREAM_VHOST], annotations[BACKEND_PROTOCOL]];
    const headers = vhost === undefined ? request.headers : { ...request.headers, host: vhost };
    const targets = this.targetsOf(upstreams).map((target) => ({ ...target, tls: TLS_PROTOCOLS.has(protocol.toUpperCase()) }));
    return this.pass(targets, { ...request, headers, path: `${found.path}${query}` }, answer);
  }

  /** Where a request would go. */
  upstreamsOf(host: string, path: string): Upstreams {
    const found = routeOf(this.claimed(), host, path);
    return found === undefined ? { ok: false, code: 404, why: `no Ingress has a rule for ${host}${path}` } : this.upstreams(found);
  }

  /** The Ingress that takes a request up and the Service that it names, whether that is there or not; undefined: nobody's. */
  routed(host: string, path: string): { readonly ingress: string; readonly service: string | undefined } | undefined {
    const found = routeOf(this.claimed(), host, path);
    if (found === undefined) return undefined;
    const name = found.backend.service?.name;
    const namespace = found.ingress.metadata.namespace ?? '';
    return { ingress: keyOf(found.ingress), service: name === undefined ? undefined : `${namespace}/${name}` };
  }

  /** Where the controller can connect to; a host whose name nobody knows is nowhere. */
  private targetsOf(upstreams: Extract<Upstreams, { ok: true }>): readonly HttpTarget[] {
    if ('endpoints' in upstreams) return upstreams.endpoints.map(({ address, port }) => ({ address, port }));
    const found = this.environment.lookup(upstreams.host);
    return found.ok ? found.addresses.map((address) => ({ address, port: upstreams.port })) : [];
  }

  private pass(
    targets: readonly HttpTarget[],
    request: HttpRequest,
    answer: (response: HttpResponse, afterMs: number) => Responded,
  ): Responded {
    let spentMs = OWN_MS;
    let code: 502 | 504 = 502;
    const first = fnv1a(`${this.environment.nowMs()} ${request.path}`) % Math.max(1, targets.length);
    for (let tried = 0; tried < Math.min(TRIES, targets.length); tried++) {
      const target = targets[(first + tried) % targets.length];
      if (target === undefined) break;
      const sent = this.environment.send(this.origin, target, request);
      if (sent.ok) return answer(sent.response, spentMs + sent.afterMs);
      // A server that speaks TLS says so, and that is an answer.
      if (sent.failure === 'tls-expected') return answer(page(400), spentMs + sent.afterMs);
      code = sent.failure === 'timeout' || sent.failure === 'no-answer' ? 504 : 502;
      spentMs += sent.failure === 'timeout' ? CONNECT_TIMEOUT_MS : sent.failure === 'no-answer' ? READ_TIMEOUT_MS : sent.afterMs;
    }
    return answer(page(code), spentMs);
  }

  private upstreams({ ingress, backend }: IngressRoute): Upstreams {
    const namespace = ingress.metadata.namespace ?? '';
    const named = backend.service;
    const service = named === undefined ? undefined : this.environment.client.get(SERVICES, namespace, named.name);
    if (named === undefined || service === undefined)
      return { ok: false, code: 503, why: `Service ${namespace}/${named?.name ?? ''} does not exist` };
    const key = `${namespace}/${named.name}`;
    if (service.spec?.type === 'ExternalName')
      return { ok: true, host: service.spec.externalName ?? '', port: externalPort(service, named), service: key };
    const slices = this.environment.client.byIndex(ENDPOINTSLICES, INDEX_SERVICE, key);
    const rule = portRules({ service, slices }, familyOf(service.spec?.clusterIP ?? '') ?? 'IPv4').find(({ name, port }) =>
      isPort(named, service, name, port),
    );
    const endpoints = (rule?.endpoints ?? []).filter(({ ready }) => ready);
    return endpoints.length === 0
      ? { ok: false, code: 503, why: `Service ${key} has no endpoints` }
      : { ok: true, endpoints, service: key };
  }

  /** The Ingresses of the controller's class, oldest first. */
  private claimed(): readonly Ingress[] {
    const { client } = this.environment;
    const ingresses = client.list(INGRESSES);
    const classes = client.list(INGRESSCLASSES);
    // The store hands out the same list until an object of it changes.
    if (this.chosen?.ingresses === ingresses && this.chosen.classes === classes) return this.chosen.claimed;
    const claimed = ingresses
      .filter((ingress) => isClaimedBy(INGRESS_NGINX, ingress, (name) => client.get(INGRESSCLASSES, '', name)))
      .toSorted((a, b) => (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''));
    this.chosen = { ingresses, classes, claimed };
    return claimed;
  }

  /** A host that any Ingress with `tls` has rules for has a certificate: at worst the controller's own. */
  private redirects({ metadata }: Ingress, host: string): boolean {
    if (metadata.annotations?.[FORCE_SSL_REDIRECT] === 'true') return true;
    if (metadata.annotations?.[SSL_REDIRECT] === 'false') return false;
    return this.claimed().some(
      ({ spec }) => (spec?.tls ?? []).length > 0 && spec?.rules?.some((rule) => isHostOf(rule.host ?? '', host)) === true,
    );
  }

  /** The certificate of an Ingress for the host that the client asks for (SNI), if its Secret holds one that is for that host. */
  private certificate(host: string): ServerCertificate | undefined {
    for (const { metadata, spec } of this.claimed()) {
      if (spec?.rules?.some((rule) => isHostOf(rule.host ?? '', host)) !== true) continue;
      const entries = spec.tls ?? [];
      // The first entry that names the host decides; without one any certificate that is for the host does.
      const named = entries.find(({ hosts = [] }) => hosts.some((each) => isHostOf(each, host)));
      for (const { secretName = '' } of named === undefined ? entries : [named]) {
        const certificate = this.certificateIn(metadata.namespace ?? '', secretName);
        if (certificate?.names.some((name) => isHostOf(name, host)) === true)
          return { names: certificate.names, issuer: certificate.issuer, selfSigned: certificate.isSelfSigned };
      }
    }
    return undefined;
  }

  private certificateIn(namespace: string, name: string): Certificate | undefined {
    const data = this.environment.client.get(SECRETS, namespace, name)?.data;
    if ((data?.['tls.key'] ?? '') === '') return undefined;
    return parseCertificate(data?.['tls.crt'] ?? '');
  }
}

function isPort({ port }: IngressServiceBackend, service: Service, name: string, number: number): boolean {
  if (port?.name !== undefined) return port.name === name;
  return port?.number === undefined ? (service.spec?.ports ?? []).length === 1 : port.number === number;
}

/** Where the port of the alias that the backend names leads, else that number itself. */
function externalPort({ spec }: Service, { port }: IngressServiceBackend): number {
  const listed = spec?.ports?.find((each) => (port?.name === undefined ? each.port === port?.number : each.name === port.name));
  return (typeof listed?.targetPort === 'number' ? listed.targetPort : listed?.port) ?? port?.number ?? 80;
}

function hostOf({ headers }: HttpRequest): string {
  return (headers['host'] ?? '').toLowerCase().replace(/:\d+$/, '');
}

function redirect(location: string): HttpResponse {
  const response = page(308);
  return { ...response, headers: { ...response.headers, location } };
}

function page(code: number): HttpResponse {
  const title = `${code} ${code === 503 ? 'Service Temporarily Unavailable' : code === 504 ? 'Gateway Time-out' : reasonPhrase(code)}`;
  const lines = [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '<hr><center>nginx</center>',
    '</body>',
    '</html>',
    '',
  ];
  return textResponse(code, lines.join('\r\n'), 'text/html');
}
