/**
 * DNS as the processes of a Pod use it: questions to a server over the network, and the C library's search for a name.
 * Invariant: a question goes the same way as any packet, so rules, policies and machines that are down are felt.
 * Counterpart: the resolver of a C library, and CoreDNS at the other end.
 */
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { DnsMessage, Lookup, Queried, RecordType, Resolver } from '../../runtime/network.ts';
import { isAddress } from '../addresses.ts';
import type { Origin, Reach, Wire } from '../wire.ts';
import { answerFromZone, type ZoneWorld } from './clusterZone.ts';
import { candidates, resolverOf, type DnsSettings } from './resolver.ts';

/** A resolver asks each server so long before it gives up on it, twice. */
const TIMEOUT_MS = 5_000;
const ATTEMPTS = 2;
const ANSWER_MS = 1;
const DNS_PORT = 53;

export interface DnsEnvironment {
  readonly wire: Wire;
  readonly zone: ZoneWorld;
  readonly settings: DnsSettings;
  /** Whether something in the Pod listens for DNS. */
  readonly listens: (pod: Pod, port: number) => boolean;
  /** Whether the cluster's DNS runs as Pods behind a Service; else it is there without them. */
  readonly isService: (address: string) => boolean;
  /** Whether the cluster's DNS, where it is no Pods, is down. */
  readonly isDown: () => boolean;
}

/** CoreDNS to policies, where it is no Pods. */
const CORE_DNS: Pod = {
  metadata: { name: 'coredns', namespace: 'kube-system', uid: 'coredns', labels: { 'k8s-app': 'kube-dns' } },
};

export class DnsClient {
  private readonly environment: DnsEnvironment;

  constructor(environment: DnsEnvironment) {
    this.environment = environment;
  }

  resolver(pod: Pod): Resolver {
    return resolverOf(pod, this.environment.settings);
  }

  lookup(pod: Pod, name: string): Lookup {
    if (isAddress(name)) return { ok: true, addresses: [name], canonicalName: name, afterMs: 0 };
    const host = name.toLowerCase();
    const known = hostsFile(pod, this.environment.settings.domain)(host.replace(/\.$/, ''));
    if (known.length > 0) return { ok: true, addresses: known, canonicalName: host, afterMs: 0 };
    return this.search(this.resolver(pod), host, (server, each, type) => this.ask({ kind: 'pod', pod }, server, each, type));
  }

  /** What a client on a node of the cluster finds that asks the cluster's DNS for a whole name. */
  lookupInside(name: string): Lookup {
    if (isAddress(name)) return { ok: true, addresses: [name], canonicalName: name, afterMs: 0 };
    const { zone, settings, isService, isDown } = this.environment;
    if (!isService(settings.address) && isDown())
      return { ok: false, failure: 'try-again', afterMs: TIMEOUT_MS * ATTEMPTS, why: 'the DNS of the cluster is down' };
    const addresses = answerFromZone(zone, name.toLowerCase(), 'A')
      .answers.filter(({ type }) => type === 'A')
      .map(({ data }) => data);
    if (addresses.length === 0) return { ok: false, failure: 'not-found', afterMs: ANSWER_MS, why: `no server knows ${name}` };
    return { ok: true, addresses, canonicalName: name, afterMs: ANSWER_MS };
  }

  /** What a client outside of the cluster finds. */
  lookupOutside(name: string): Lookup {
    if (isAddress(name)) return { ok: true, addresses: [name], canonicalName: name, afterMs: 0 };
    const answers = this.environment.zone.forward(name.toLowerCase(), 'A').answers;
    if (answers.length === 0) return { ok: false, failure: 'not-found', afterMs: 0, why: `no server outside knows ${name}` };
    return { ok: true, addresses: answers.map(({ data }) => data), canonicalName: name, afterMs: 0 };
  }

  query(
    pod: Pod,
    name: string,
    type: RecordType,
    { search = false, server }: { readonly search?: boolean; readonly server?: string } = {},
  ): Queried {
    const resolver = this.resolver(pod);
    const address = server ?? resolver.nameservers[0] ?? '';
    const names = search ? candidates(name.toLowerCase(), resolver) : [name.toLowerCase().replace(/\.$/, '')];
    let spentMs = 0;
    for (const [index, each] of names.entries()) {
      const asked = this.ask({ kind: 'pod', pod }, address, each, type);
      spentMs += asked.afterMs;
      const isLast = index === names.length - 1;
      if (!asked.ok || isLast || asked.message.answers.length > 0) return { ...asked, afterMs: spentMs };
    }
    return { ok: false, failure: 'unreachable', server: address, afterMs: spentMs, why: 'there is no name to ask for' };
  }

  private search(resolver: Resolver, name: string, ask: (server: string, name: string, type: RecordType) => Queried): Lookup {
    let spentMs = 0;
    let failed: string | undefined;
    for (const candidate of candidates(name, resolver)) {
      const addresses: string[] = [];
      let canonicalName = candidate;
      for (const type of ['A', 'AAAA'] as const) {
        const asked = this.askAll(resolver.nameservers, candidate, type, ask);
        // Both are asked for at once.
        if (type === 'A') spentMs += asked.afterMs;
        if (!asked.ok || asked.message.status === 'SERVFAIL' || asked.message.status === 'REFUSED') {
          failed ??= asked.ok ? `the server answered ${asked.message.status}` : asked.why;
          continue;
        }
        canonicalName = asked.message.answers.findLast((record) => record.type === 'CNAME')?.data.replace(/\.$/, '') ?? canonicalName;
        addresses.push(...asked.message.answers.filter((record) => record.type === type).map(({ data }) => data));
      }
      if (addresses.length > 0) return { ok: true, addresses, canonicalName, afterMs: spentMs };
      // Without an answer the library does not know whether the name is there: it says so at the first.
      if (failed !== undefined) return { ok: false, failure: 'try-again', afterMs: spentMs, why: failed };
    }
    return { ok: false, failure: 'not-found', afterMs: spentMs, why: `no server knows ${name}` };
  }

  /** One server after the other, until one answers. */
  private askAll(
    servers: readonly string[],
    name: string,
    type: RecordType,
    ask: (server: string, name: string, type: RecordType) => Queried,
  ): Queried {
    let spentMs = 0;
    let last: Queried = { ok: false, failure: 'unreachable', server: '', afterMs: 0, why: 'there is no nameserver' };
    for (const server of servers) {
      last = ask(server, name, type);
      spentMs += last.afterMs;
      if (last.ok && last.message.status !== 'SERVFAIL' && last.message.status !== 'REFUSED') break;
    }
    return { ...last, afterMs: spentMs };
  }

  private ask(origin: Origin, server: string, name: string, type: RecordType): Queried {
    const { settings, zone, isDown, isService } = this.environment;
    const answered = (message: DnsMessage, afterMs: number): Queried => ({ ok: true, server, message, afterMs: afterMs + ANSWER_MS });
    const failed = (reach: Extract<Reach, { ok: false }>): Queried => {
      const afterMs = reach.failure === 'timeout' ? TIMEOUT_MS * ATTEMPTS : reach.afterMs;
      return { ok: false, failure: reach.failure, server, afterMs, why: reach.why };
    };
    if (settings.node.nameservers.includes(server)) {
      const way = this.environment.wire.leave(origin, { address: server, port: DNS_PORT, protocol: 'UDP' });
      return way.ok ? answered(zone.forward(name, type), 0) : failed(way);
    }
    if (server === settings.address && !isService(server)) {
      const way = this.environment.wire.toVirtual(origin, CORE_DNS, { address: server, port: DNS_PORT, protocol: 'UDP' });
      if (!way.ok) return failed(way);
      if (isDown()) return failed({ ok: false, failure: 'timeout', afterMs: 0, why: 'the DNS of the cluster is down' });
      return answered(answerFromZone(zone, name, type), way.afterMs);
    }
    const way = this.environment.wire.reach(origin, { address: server, port: DNS_PORT, protocol: 'UDP' });
    if (!way.ok) return failed(way);
    if (way.end.kind === 'outside') return answered(zone.forward(name, type), way.afterMs);
    if (way.end.kind === 'pod' && this.environment.listens(way.end.pod, way.end.port))
      return answered(answerFromZone(zone, name, type), way.afterMs);
    return failed({ ok: false, failure: 'refused', afterMs: way.afterMs, why: `nothing answers DNS at ${server}` });
  }
}

/** What the kubelet writes into /etc/hosts, as a function from names to addresses. */
function hostsFile({ metadata, spec, status }: Pod, domain: string): (name: string) => readonly string[] {
  return (name) => {
    if (name === 'localhost') return ['127.0.0.1', '::1'];
    const own = spec?.hostname ?? metadata.name ?? '';
    const full = spec?.subdomain === undefined ? own : `${own}.${spec.subdomain}.${metadata.namespace ?? ''}.svc.${domain}`;
    const addresses = (spec?.hostAliases ?? [])
      .filter(({ hostnames }) => hostnames?.some((each) => each.toLowerCase() === name) === true)
      .map(({ ip }) => ip);
    if (spec?.hostNetwork === true) return addresses;
    return (name === own || name === full) && (status?.podIP ?? '') !== '' ? [status?.podIP ?? '', ...addresses] : addresses;
  };
}
