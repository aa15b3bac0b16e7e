import type { Service, ServicePort } from '../../api/schema/types/core/v1.ts';
import type { Endpoint, EndpointSlice } from '../../api/schema/types/discovery/v1.ts';
import type { IPFamily } from '../../apimachinery/net/ip.ts';
import type { Protocol } from '../../runtime/network.ts';

/** What a kube-proxy knows of one Service. The objects are those of the store. */
export interface Inputs {
  readonly service: Service;
  readonly slices: readonly EndpointSlice[];
}

/** One place a connection can go to. */
export interface EndpointRule {
  readonly address: string;
  readonly port: number;
  /** `namespace/name`, where it is a Pod's. */
  readonly pod: string | undefined;
  readonly nodeName: string | undefined;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly forZones: readonly string[];
  readonly forNodes: readonly string[];
}

/** One port of a Service, and where it leads. */
export interface PortRule {
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly nodePort: number | undefined;
  readonly endpoints: readonly EndpointRule[];
}

/** A pure memo: objects of the store are replaced, never changed. */
const memo = new WeakMap<Inputs, Partial<Record<IPFamily, readonly PortRule[]>>>();

/** The ports of a Service with their endpoints of one family: each family has rules of its own. */
export function portRules(inputs: Inputs, family: IPFamily): readonly PortRule[] {
  let rules = memo.get(inputs);
  if (rules === undefined) memo.set(inputs, (rules = {}));
  return (rules[family] ??= build(inputs, family));
}

/** Whether a kube-proxy has anything to do with it: headless Services and mere aliases it leaves alone. */
export function isProxied({ spec = {} }: Service): boolean {
  return spec.type !== 'ExternalName' && (spec.clusterIP ?? '') !== '' && spec.clusterIP !== 'None';
}

/** The addresses under which a Service is reached from a node: its own, external ones, those of its balancer. */
export function serviceAddresses({ spec = {}, status = {} }: Service): {
  readonly cluster: readonly string[];
  readonly external: readonly string[];
  readonly balancer: readonly string[];
} {
  const cluster = spec.clusterIPs ?? (spec.clusterIP === undefined ? [] : [spec.clusterIP]);
  // A balancer that is a proxy of its own keeps the node from taking a short cut.
  const virtual = (status.loadBalancer?.ingress ?? []).filter(({ ip, ipMode = 'VIP' }) => ip !== undefined && ipMode === 'VIP');
  return {
    cluster,
    external: spec.externalIPs ?? [],
    balancer: spec.type === 'LoadBalancer' ? virtual.flatMap(({ ip }) => ip ?? []) : [],
  };
}

function build({ service, slices: all }: Inputs, family: IPFamily): readonly PortRule[] {
  const slices = all.filter(({ addressType }) => addressType === family);
  return (service.spec?.ports ?? []).map((port) => {
    const protocol = port.protocol ?? 'TCP';
    return { name: port.name ?? '', protocol, port: port.port, nodePort: port.nodePort, endpoints: endpointsOf(slices, port, protocol) };
  });
}

function endpointsOf(slices: readonly EndpointSlice[], port: ServicePort, protocol: Protocol): readonly EndpointRule[] {
  const found: EndpointRule[] = [];
  const seen = new Set<string>();
  for (const { endpoints = [], ports = [], metadata } of slices) {
    if (metadata.deletionTimestamp !== undefined) continue;
    const target = ports.find((each) => (each.name ?? '') === (port.name ?? '') && (each.protocol ?? 'TCP') === protocol);
    if (target?.port === undefined) continue;
    for (const endpoint of endpoints) {
      const [address] = endpoint.addresses;
      if (address === undefined || seen.has(`${address} ${target.port}`)) continue;
      seen.add(`${address} ${target.port}`);
      found.push(endpointRule(endpoint, address, target.port));
    }
  }
  return found;
}

function endpointRule({ conditions = {}, nodeName, hints, targetRef }: Endpoint, address: string, port: number): EndpointRule {
  const ready = conditions.ready ?? true;
  return {
    address,
    port,
    pod: targetRef?.kind === 'Pod' ? `${targetRef.namespace ?? ''}/${targetRef.name ?? ''}` : undefined,
    nodeName,
    ready,
    serving: conditions.serving ?? ready,
    terminating: conditions.terminating ?? false,
    forZones: (hints?.forZones ?? []).map(({ name }) => name),
    forNodes: (hints?.forNodes ?? []).map(({ name }) => name),
  };
}
