/**
 * Where the requests of a Load go now: which share to which Pod, which share nowhere, and why.
 * Invariant: reads only; the shares add up to one, or to nothing if nobody sends.
 * Counterpart: the clients, their resolvers and all the network between them and the Pods.
 */
import { fnv1a } from '../../base/fnv.ts';
import { NODES, PODS, SERVICES } from '../../api/schema/resources.ts';
import type { Pod, Service } from '../../api/schema/types/core/v1.ts';
import type { FailureCause, Load, LoadClients, LoadService } from '../../api/kubepad/load/types.ts';
import { parseTarget, type UrlTarget } from '../../api/kubepad/load/url.ts';
import { fromLabelSelector } from '../../apimachinery/labels/selector.ts';
import { splitKey } from '../../apimachinery/meta/resource.ts';
import type { Client } from '../../client/client.ts';
import { podsSelected } from '../../client/selection.ts';
import type { Lookup, Servers } from '../../runtime/network.ts';
import type { DnsClient } from '../dns/client.ts';
import type { IngressServer } from '../ingress/ingressServer.ts';
import { explain } from '../policy/verdict.ts';
import type { Proxier } from '../proxy/proxier.ts';
import type { EndpointRule } from '../proxy/serviceRule.ts';
import { sideOf, type Origin, type Reach, type Wire } from '../wire.ts';

export interface Flow {
  readonly pod: Pod;
  readonly port: number;
  share: number;
  /** There and back, milliseconds. */
  readonly wayMs: number;
}

export interface Plan {
  readonly path: string;
  readonly flows: readonly Flow[];
  readonly lost: ReadonlyMap<FailureCause, { share: number; why: string }>;
  /** Somebody in between tries the next Pod where one does not answer. */
  readonly retries: boolean;
}

export interface PlanEnvironment {
  readonly client: Client;
  readonly proxier: Proxier;
  readonly wire: Wire;
  readonly dns: DnsClient;
  readonly ingress: IngressServer;
  readonly ingressAddress: string;
  readonly servers: () => Servers;
  readonly domain: string;
}

const DEFAULT_CLIENTS = 100;
/** Senders that are looked at; more send like these. */
const MAX_SENDERS = 64;
const INSIDE_MS = 1;
const OUTSIDE_MS = 20;
export const LOAD_LABEL = 'kubepad.dev/load';

interface Sender {
  readonly node: string;
  readonly origin: Origin;
  /** Who asks DNS for it, where it is a Pod. */
  readonly pod: Pod | undefined;
}

/** What comes together while a plan is made. */
class Draft {
  readonly flows = new Map<string, Flow>();
  readonly lost = new Map<FailureCause, { share: number; why: string }>();

  lose(cause: FailureCause, share: number, why: string): void {
    const known = this.lost.get(cause);
    if (known === undefined) this.lost.set(cause, { share, why });
    else known.share += share;
  }

  send(pod: Pod, port: number, share: number, wayMs: number): void {
    const key = `${pod.metadata.uid ?? ''} ${port}`;
    const known = this.flows.get(key);
    if (known === undefined) this.flows.set(key, { pod, port, share, wayMs });
    else known.share += share;
  }

  plan(path: string, retries = false): Plan {
    return { path, flows: [...this.flows.values()], lost: this.lost, retries };
  }
}

export class Planner {
  private readonly environment: PlanEnvironment;

  constructor(environment: PlanEnvironment) {
    this.environment = environment;
  }

  plan({ metadata, spec }: Load): Plan {
    const { target = {}, clients = {} } = spec ?? {};
    const name = metadata.name ?? '';
    if (target.service !== undefined)
      return this.toService(target.service, this.senders(name, clients, target.service.namespace ?? 'default'));
    const url = parseTarget(target.url ?? '');
    if (url === undefined) return new Draft().plan('/');
    return this.toUrl(url, name, clients);
  }

  private toService({ namespace = 'default', name, port, path = '/' }: LoadService, senders: readonly Sender[]): Plan {
    const { client, proxier, domain } = this.environment;
    const draft = new Draft();
    const service = client.get(SERVICES, namespace, name);
    const number = port ?? service?.spec?.ports?.[0]?.port ?? 80;
    const fullName = `${name}.${namespace}.svc.${domain}`;
    const share = 1 / Math.max(1, senders.length);
    /** Equal lists of endpoints are one: what they get is worked out once. */
    const groups = new Map<readonly EndpointRule[], { share: number; readonly senders: Sender[] }>();
    for (const sender of senders) {
      const found = this.lookup(sender, fullName);
      if (!found.ok) draft.lose('DNS', share, found.why);
      else if (service === undefined || isHeadless(service)) this.toAddresses(draft, sender, found.addresses, number, share);
      else {
        const choice = proxier.choice(sender.node, `${namespace}/${name}`, number, 'TCP');
        if (choice === undefined) draft.lose('Timeout', share, `Service ${namespace}/${name} has no port ${number}`);
        else if (!choice.ok)
          draft.lose(choice.how === 'reject' ? 'NoEndpoints' : 'Timeout', share, `Service ${namespace}/${name} ${choice.why}`);
        else add(groups, choice.endpoints, sender, share);
      }
    }
    for (const [endpoints, group] of groups) this.toEndpoints(draft, endpoints, group.senders, group.share, service);
    return draft.plan(path);
  }

  private toEndpoints(
    draft: Draft,
    endpoints: readonly EndpointRule[],
    senders: readonly Sender[],
    share: number,
    service: Service | undefined,
  ): void {
    const sticky = service?.spec?.sessionAffinity === 'ClientIP' ? stickyShares(endpoints, senders) : undefined;
    const bySender = this.perSender(senders);
    for (const [index, endpoint] of endpoints.entries()) {
      const part = share * (sticky?.[index] ?? 1 / endpoints.length);
      if (part > 0) this.toEndpoint(draft, endpoint, bySender, part, INSIDE_MS);
    }
  }

  /** Senders that policies see alike, as one. */
  private perSender(senders: readonly Sender[]): readonly { readonly sender: Sender; readonly share: number }[] {
    const kinds = new Map<string, { readonly sender: Sender; count: number }>();
    for (const sender of senders) {
      const { pod } = sideOf(sender.origin);
      const key = pod === undefined ? sender.node : `${pod.metadata.namespace ?? ''} ${JSON.stringify(pod.metadata.labels ?? {})}`;
      const known = kinds.get(key);
      if (known === undefined) kinds.set(key, { sender, count: 1 });
      else known.count++;
    }
    return [...kinds.values()].map(({ sender, count }) => ({ sender, share: count / senders.length }));
  }

  private toEndpoint(
    draft: Draft,
    { address, port, pod: key }: EndpointRule,
    senders: readonly { readonly sender: Sender; readonly share: number }[],
    share: number,
    wayMs: number,
  ): void {
    const { client, wire } = this.environment;
    const { namespace, name } = splitKey(key ?? '');
    const pod = key === undefined ? wire.podAt(address) : client.get(PODS, namespace, name);
    const isThere = pod !== undefined && hasAddress(pod, address) && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';
    if (!isThere) return draft.lose('Unreachable', share, `no Pod has the address ${address}`);
    for (const { sender, share: part } of senders) {
      const cut = wire.between(sender.node, pod.spec?.nodeName ?? '');
      if (cut !== undefined && !cut.ok) {
        draft.lose('Timeout', share * part, cut.why);
        continue;
      }
      const verdict = wire.verdict(sideOf(sender.origin), { address, pod }, port, 'TCP');
      if (verdict.allowed) draft.send(pod, port, share * part, wayMs);
      else draft.lose('Policy', share * part, explain(verdict));
    }
  }

  private toUrl({ host, port, tls, path }: UrlTarget, name: string, clients: LoadClients): Plan {
    const draft = new Draft();
    const { ingressAddress, ingress } = this.environment;
    const senders = clients.pods === undefined ? this.outside(clients.count ?? DEFAULT_CLIENTS) : this.senders(name, clients, 'default');
    const share = 1 / Math.max(1, senders.length);
    let isIngress = false;
    for (const sender of senders) {
      const found = this.lookup(sender, host);
      if (!found.ok) draft.lose('DNS', share, found.why);
      else if (found.addresses[0] === ingressAddress && clients.pods === undefined) isIngress = true;
      else this.toAddresses(draft, sender, found.addresses, port, share);
    }
    if (!isIngress) return draft.plan(path);
    if (!ingress.runs || port !== (tls ? 443 : 80)) draft.lose('Refused', 1, 'no Ingress controller listens there');
    else this.throughIngress(draft, host, path);
    return draft.plan(path, true);
  }

  private throughIngress(draft: Draft, host: string, path: string): void {
    const { ingress } = this.environment;
    const upstreams = ingress.upstreamsOf(host, path.split('?')[0] ?? path);
    if (!upstreams.ok) return draft.lose(upstreams.code === 404 ? 'ClientError' : 'ServerError', 1, upstreams.why);
    const sender = { sender: { node: '', origin: ingress.origin, pod: undefined }, share: 1 };
    if ('host' in upstreams) {
      const found = this.environment.dns.lookupInside(upstreams.host);
      if (found.ok) this.toAddresses(draft, sender.sender, found.addresses, upstreams.port, 1);
      else draft.lose('ServerError', 1, found.why);
      return;
    }
    for (const endpoint of upstreams.endpoints) this.toEndpoint(draft, endpoint, [sender], 1 / upstreams.endpoints.length, OUTSIDE_MS);
  }

  /** Any address, as one connection of the sender finds its way there. */
  private toAddresses(draft: Draft, { origin }: Sender, addresses: readonly string[], port: number, share: number): void {
    const part = share / addresses.length;
    for (const address of addresses) {
      const reach = this.environment.wire.reach(origin, { address, port, protocol: 'TCP' });
      if (!reach.ok) draft.lose(causeOf(reach), part, reach.why);
      else if (reach.end.kind === 'pod') draft.send(reach.end.pod, reach.end.port, part, Math.max(INSIDE_MS, reach.afterMs));
      else if (reach.end.kind === 'healthCheck' || reach.end.kind === 'api') draft.lose('ClientError', part, 'it is no server of a Pod');
      else draft.lose('Refused', part, `nothing of the cluster listens at ${address}:${port}`);
    }
  }

  private lookup({ pod, origin }: Sender, host: string): Lookup {
    const { dns } = this.environment;
    if (origin.kind === 'outside') return dns.lookupOutside(host);
    // The whole name, so that the search list is not tried.
    return pod === undefined ? dns.lookupInside(host) : dns.lookup(pod, host.includes('.') ? `${host}.` : host);
  }

  /** The Pods that send, or clients on the nodes that are to policies Pods of the target's namespace. */
  private senders(name: string, { pods }: LoadClients, namespace: string): readonly Sender[] {
    const { client, servers } = this.environment;
    if (pods !== undefined) {
      const selector = fromLabelSelector(pods.selector ?? {});
      const all = podsSelected(client, pods.namespace ?? 'default', selector).filter(({ status }) => status?.phase === 'Running');
      return some(all).map((pod) => ({ node: pod.spec?.nodeName ?? '', origin: { kind: 'pod', pod }, pod }));
    }
    const pod: Pod = { metadata: { name, namespace, uid: `load/${name}`, labels: { [LOAD_LABEL]: name } } };
    const nodes = client.list(NODES).filter(({ metadata }) => servers().machine(metadata.name ?? '') === 'up');
    return some(nodes).map(({ metadata }) => ({
      node: metadata.name ?? '',
      origin: { kind: 'virtual', pod, address: '', node: metadata.name ?? '' },
      pod: undefined,
    }));
  }

  private outside(count: number): readonly Sender[] {
    const addresses = Array.from({ length: Math.min(count, MAX_SENDERS) }, (_, index) => `203.0.113.${1 + index}`);
    return addresses.map((address) => ({ node: '', origin: { kind: 'outside', address }, pod: undefined }));
  }
}

/** Some of many, evenly taken. */
function some<T>(all: readonly T[]): readonly T[] {
  if (all.length <= MAX_SENDERS) return all;
  return Array.from({ length: MAX_SENDERS }, (_, index) => all[Math.floor((index * all.length) / MAX_SENDERS)]).flatMap(
    (each) => each ?? [],
  );
}

function add<S>(
  groups: Map<readonly EndpointRule[], { share: number; readonly senders: S[] }>,
  key: readonly EndpointRule[],
  sender: S,
  share: number,
): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, { share, senders: [sender] });
  else {
    known.share += share;
    known.senders.push(sender);
  }
}

/** Each client keeps to one endpoint: those of a hundred clients are not spread evenly. */
function stickyShares(endpoints: readonly EndpointRule[], senders: readonly Sender[]): readonly number[] {
  const shares = new Array<number>(endpoints.length).fill(0);
  const each = Math.max(1, Math.ceil(DEFAULT_CLIENTS / senders.length));
  for (const { node } of senders) {
    for (let client = 0; client < each; client++) {
      const hash = fnv1a(`${node} ${client}`);
      const index = ((hash ^ (hash >>> 15)) >>> 0) % endpoints.length;
      shares[index] = (shares[index] ?? 0) + 1 / (each * senders.length);
    }
  }
  return shares;
}

function hasAddress({ status }: Pod, address: string): boolean {
  return status?.podIP === address || (status?.podIPs ?? []).some(({ ip }) => ip === address);
}

function causeOf({ failure, cause }: Extract<Reach, { ok: false }>): FailureCause {
  if (cause !== undefined) return cause;
  return failure === 'refused' ? 'Refused' : failure === 'timeout' ? 'Timeout' : 'Unreachable';
}

function isHeadless({ spec = {} }: Service): boolean {
  return spec.clusterIP === 'None' || spec.type === 'ExternalName';
}
