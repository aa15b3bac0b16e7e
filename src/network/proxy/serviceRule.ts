import type { Service, ServicePort } from '../../api/schema/types/core/v1.ts';
import type { Endpoint, EndpointSlice } from '../../api/schema/types/discovery/v1.ts';
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

const memo = new WeakMap<Inputs, readonly PortRule[]>();

/** The ports of a Service with their endpoints. A pure memo: objects of the store are replaced, never changed. */
export function portRules(inputs: Inputs): readonly PortRule[] {
  let rules = memo.get(inputs);
  if (rules === undefined) memo.set(inputs, (rules = build(inputs)));
  return rules;
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

function build({ service, slices }: Inputs): readonly PortRule[] {
  return (service.spec?.ports ?? []).map((port) => {
    const protocol = port.protocol ?? 'TCP';
    return { name: port.name ?? '', protocol, port: port.port, nodePort: port.nodePort, endpoints: endpointsOf(slices, port, protocol) };
  });
}

function endpointsOf(slices: readonly EndpointSlice[], port: ServicePort, protocol: Protocol): readonly EndpointRule[] {
  const found: EndpointRule[] = [];
  const seen = new Set<string>();
  for (const { endpoints = [], ports = [], addressType, metadata } of slices) {
    if (addressType === 'FQDN' || metadata.deletionTimestamp !== undefined) continue;
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
