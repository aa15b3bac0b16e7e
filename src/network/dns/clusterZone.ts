/**
 * The zone of the cluster, as CoreDNS serves it: Services, their endpoints and ports, Pods by address, and the way back.
 * Invariant: an answer follows from the Services and EndpointSlices as they are now. Only ready endpoints have records.
 * Counterpart: the `kubernetes` plugin of CoreDNS; github.com/kubernetes/dns/blob/master/docs/specification.md.
 */
import { ENDPOINTSLICES, NAMESPACES, SERVICES } from '../../api/schema/resources.ts';
import type { Service, ServicePort } from '../../api/schema/types/core/v1.ts';
import type { Endpoint } from '../../api/schema/types/discovery/v1.ts';
import { familyOf } from '../../apimachinery/net/ip.ts';
import type { Client } from '../../client/client.ts';
import { INDEX_SERVICE } from '../../apiserver/serviceIndex.ts';
import type { DnsMessage, DnsRecord, RecordType } from '../../runtime/network.ts';
import { addressesIn, addressOfDashes, hostOf, isReverse, NODATA, NOTHING, readyEndpoints, type Found } from './records.ts';
import { reverse } from './reverse.ts';

export const TTL_SECONDS = 30;

export interface ZoneWorld {
  readonly client: Client;
  /** `cluster.local` */
  readonly domain: string;
  /** Where CoreDNS itself is reached. */
  readonly address: string;
  /** What another server says of a name outside. */
  readonly forward: (name: string, type: RecordType) => DnsMessage;
}

/** Whether the name is for the cluster's own server to answer. */
export function isInZone(name: string, { domain }: Pick<ZoneWorld, 'domain'>): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** @param name in lower case, without the dot at the end */
export function answerFromZone(world: ZoneWorld, name: string, type: RecordType): DnsMessage {
  const question = { name: `${name}.`, type };
  if (isReverse(name)) {
    const found = reverse(world, name);
    if (found.length === 0) return world.forward(name, type);
    const answers = type === 'PTR' ? found.map((data) => record(name, 'PTR', data)) : [];
    return { status: 'NOERROR', authoritative: true, question, answers, authority: [], additional: [] };
  }
  if (!isInZone(name, world)) return world.forward(name, type);
  const { exists, answers, additional = [] } = find(world, name, type);
  const authority = answers.length === 0 ? [soa(world.domain)] : [];
  return { status: exists ? 'NOERROR' : 'NXDOMAIN', authoritative: true, question, answers, authority, additional };
}

function find(world: ZoneWorld, name: string, type: RecordType): Found {
  const { domain } = world;
  if (name === domain) return apex(domain, type);
  const labels = name.slice(0, -domain.length - 1).split('.');
  if (name === `dns-version.${domain}`) return { exists: true, answers: type === 'TXT' ? [record(name, 'TXT', '"1.1.0"')] : [] };
  if (name === `ns.dns.${domain}`) return { exists: true, answers: addressesIn(name, [world.address], type) };
  const kind = labels.at(-1);
  const namespace = labels.at(-2);
  if (kind !== 'svc' && kind !== 'pod') return NOTHING;
  if (namespace === undefined) return NODATA;
  if (world.client.get(NAMESPACES, '', namespace) === undefined) return NOTHING;
  if (labels.length === 2) return NODATA;
  if (kind === 'pod') return labels.length === 3 ? podRecord(name, labels[0] ?? '', type) : NOTHING;
  return serviceRecords(world, name, labels.slice(0, -2), namespace, type);
}

/** `10-1-2-3.default.pod.cluster.local`: any address, as long as the namespace is there (`pods insecure`). */
function podRecord(name: string, label: string, type: RecordType): Found {
  const address = addressOfDashes(label);
  return address === undefined ? NOTHING : { exists: true, answers: addressesIn(name, [address], type) };
}

/** @param labels what stands before `NAMESPACE.svc.cluster.local`: `service`, `host.service`, `_port._protocol.service` */
function serviceRecords(world: ZoneWorld, name: string, labels: readonly string[], namespace: string, type: RecordType): Found {
  const service = world.client.get(SERVICES, namespace, labels.at(-1) ?? '');
  if (service === undefined || labels.length > 3) return NOTHING;
  const { spec = {} } = service;
  if (spec.type === 'ExternalName') return labels.length === 1 ? alias(world, name, spec.externalName ?? '', type) : NOTHING;
  const [first = '', second = ''] = labels;
  if (labels.length === 3) {
    if (!first.startsWith('_') || !second.startsWith('_')) return NOTHING;
    return portRecords(
      world,
      service,
      (port) => `_${port.name ?? ''}` === first && `_${(port.protocol ?? 'TCP').toLowerCase()}` === second,
      name,
      type,
    );
  }
  if (labels.length === 2) {
    const hosts = endpointsOf(world, service).filter((endpoint) => hostOf(endpoint) === first);
    return hosts.length === 0
      ? NOTHING
      : {
          exists: true,
          answers: addressesIn(
            name,
            hosts.flatMap(({ addresses }) => addresses),
            type,
          ),
        };
  }
  if (type === 'SRV') return portRecords(world, service, () => true, name, type);
  if (!isHeadless(service)) return { exists: true, answers: addressesIn(name, spec.clusterIPs ?? [spec.clusterIP ?? ''], type) };
  const addresses = endpointsOf(world, service).flatMap((endpoint) => endpoint.addresses);
  // Without an endpoint there is no record of that name at all.
  return addresses.length === 0 ? NOTHING : { exists: true, answers: addressesIn(name, addresses, type) };
}

/** SRV: of a Service with an address its own name, of a headless one the name of each endpoint. */
function portRecords(world: ZoneWorld, service: Service, wanted: (port: ServicePort) => boolean, name: string, type: RecordType): Found {
  const { metadata, spec = {} } = service;
  const base = `${metadata.name ?? ''}.${metadata.namespace ?? ''}.svc.${world.domain}`;
  const ports = (spec.ports ?? []).filter(wanted);
  const hosts = isHeadless(service)
    ? targetsOf(world, service, ports, base)
    : ports.map(({ port }) => ({ host: base, port, addresses: spec.clusterIPs ?? [] }));
  if (hosts.length === 0) return NOTHING;
  if (type !== 'SRV') return { exists: true, answers: addressesIn(name, [...new Set(hosts.flatMap(({ addresses }) => addresses))], type) };
  const weight = Math.max(1, Math.floor(100 / hosts.length));
  const additional = new Map(hosts.map(({ host, addresses }) => [host, addresses]));
  return {
    exists: true,
    answers: hosts.map(({ host, port }) => record(name, 'SRV', `0 ${weight} ${port} ${host}.`)),
    additional: [...additional].flatMap(([host, addresses]) => [
      ...addressesIn(host, addresses, 'A'),
      ...addressesIn(host, addresses, 'AAAA'),
    ]),
  };
}

interface Host {
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
}

function targetsOf({ client }: ZoneWorld, { metadata }: Service, ports: readonly ServicePort[], base: string): readonly Host[] {
  const slices = client.byIndex(ENDPOINTSLICES, INDEX_SERVICE, `${metadata.namespace ?? ''}/${metadata.name ?? ''}`);
  return ports.flatMap((port) =>
    slices.flatMap((slice) => {
      const target = slice.ports?.find(
        (each) => (each.name ?? '') === (port.name ?? '') && (each.protocol ?? 'TCP') === (port.protocol ?? 'TCP'),
      );
      const number = target?.port;
      if (number === undefined) return [];
      return readyEndpoints(slice).map((endpoint) => ({
        host: `${hostOf(endpoint)}.${base}`,
        port: number,
        addresses: endpoint.addresses,
      }));
    }),
  );
}

/** A CNAME; and, as CoreDNS asks on, what stands behind it. */
function alias(world: ZoneWorld, name: string, target: string, type: RecordType): Found {
  const host = target.toLowerCase().replace(/\.$/, '');
  const own = record(name, 'CNAME', `${host}.`);
  if (type === 'CNAME') return { exists: true, answers: [own] };
  if (type !== 'A' && type !== 'AAAA') return { exists: true, answers: [] };
  const behind = isInZone(host, world) ? find(world, host, type).answers : world.forward(host, type).answers;
  return { exists: true, answers: [own, ...behind] };
}

function apex(domain: string, type: RecordType): Found {
  if (type === 'SOA') return { exists: true, answers: [soa(domain)] };
  return type === 'NS' ? { exists: true, answers: [record(domain, 'NS', `ns.dns.${domain}.`)] } : NODATA;
}

function soa(domain: string): DnsRecord {
  return record(domain, 'SOA', `ns.dns.${domain}. hostmaster.${domain}. 1 7200 1800 86400 ${TTL_SECONDS}`);
}

function record(name: string, type: RecordType, data: string): DnsRecord {
  return { name: `${name}.`, type, ttlSeconds: TTL_SECONDS, data };
}

function endpointsOf({ client }: ZoneWorld, { metadata }: Service): readonly Endpoint[] {
  return client.byIndex(ENDPOINTSLICES, INDEX_SERVICE, `${metadata.namespace ?? ''}/${metadata.name ?? ''}`).flatMap(readyEndpoints);
}

function isHeadless({ spec = {} }: Service): boolean {
  return spec.clusterIP === 'None' || familyOf(spec.clusterIP ?? '') === undefined;
}
