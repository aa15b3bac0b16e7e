/**
 * kube-proxy: where a connection to an address of a Service goes, on each node.
 * Invariant: rules follow from the objects as the node's kube-proxy has seen them; the memory is what it has not seen yet, and which
 * client goes where while a session lasts.
 * Counterpart: k8s.io/kubernetes/pkg/proxy with its iptables mode.
 */
import type { Json, JsonObject } from '../../base/json.ts';
import { fnv1a } from '../../base/fnv.ts';
import { concernsNode, isActive, ZONE_LABEL } from '../../api/kubepad/fault/match.ts';
import { FAULTS, type Fault } from '../../api/kubepad/types.ts';
import { ENDPOINTSLICES, NODES, SERVICES } from '../../api/schema/resources.ts';
import type { Node, Service } from '../../api/schema/types/core/v1.ts';
import type { EndpointSlice } from '../../api/schema/types/discovery/v1.ts';
import { keyOf, splitKey, type KubeObject } from '../../apimachinery/meta/resource.ts';
import { familyOf } from '../../apimachinery/net/ip.ts';
import { INDEX_SERVICE } from '../../apiserver/serviceIndex.ts';
import type { Client } from '../../client/client.ts';
import type { Change, WatchCursor } from '../../client/watchCursor.ts';
import type { Protocol } from '../../runtime/network.ts';
import { inAnyBlock } from '../addresses.ts';
import { INDEX_NODE_PORT, INDEX_SERVICE_ADDRESS } from '../indexes.ts';
import { isProxied, portRules, serviceAddresses, type EndpointRule, type Inputs, type PortRule } from './serviceRule.ts';
import { Sessions } from './sessions.ts';
import { SyncState } from './syncState.ts';
import { categorize, type NodePlace } from './topology.ts';

/** A connection as it arrives at a node's rules. */
export interface Packet {
  /** The node whose rules are asked. */
  readonly node: string;
  readonly client: string;
  /** It starts on this node, in a Pod or on the machine. */
  readonly local: boolean;
  readonly address: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** The address is one of the node's own. */
  readonly toNode: boolean;
}

/** `pass`: no Service's business. `reject` is answered, `drop` is not. */
export type Route =
  | { readonly to: 'pass' }
  | { readonly to: 'endpoint'; readonly endpoint: EndpointRule; readonly service: string }
  | { readonly to: 'healthCheck'; readonly service: string; readonly healthy: boolean; readonly localEndpoints: number }
  | { readonly to: 'reject' | 'drop'; readonly service: string; readonly why: string };

/** Which endpoints may be used for a port of a Service; for those that send many requests at once. */
export type Choice =
  | { readonly ok: true; readonly endpoints: readonly EndpointRule[] }
  | { readonly ok: false; readonly how: 'reject' | 'drop'; readonly why: string };

/** A Service with its endpoints before a change and after it; undefined: it is not there. */
export type OnChange = (key: string, before: Inputs | undefined, after: Inputs | undefined) => void;

const PASS: Route = { to: 'pass' };

export class Proxier {
  private readonly client: Client;
  private readonly nowMs: () => number;
  private readonly sync = new SyncState();
  private readonly sessions = new Sessions();
  /** Faults by which a kube-proxy hears nothing of the API server. Derived. */
  private faults: readonly Fault[] = [];
  private readonly inputs = new Map<string, Inputs>();
  private readonly onChange: OnChange;

  /** @param onChange told of each Service that changed, or whose endpoints did */
  constructor(client: Client, nowMs: () => number, onChange: OnChange) {
    this.client = client;
    this.nowMs = nowMs;
    this.onChange = onChange;
  }

  /** Takes in what was written since the last time. */
  observe(cursor: WatchCursor): void {
    if (cursor.poll(FAULTS).length > 0) this.lookForFaults();
    const relisted = cursor.relisted(SERVICES) || cursor.relisted(ENDPOINTSLICES);
    const services = cursor.poll(SERVICES);
    const slices = cursor.poll(ENDPOINTSLICES);
    if (relisted) this.inputs.clear();
    else this.takeIn(services, slices);
  }

  /** Where a connection goes by the rules of one node. */
  route(packet: Packet): Route {
    for (const { key, inputs } of this.servicesAt(packet)) {
      const route = this.through(key, inputs, packet);
      if (route !== undefined) return route;
    }
    return PASS;
  }

  /** The endpoints that a node uses for a Service from inside the cluster. */
  choice(node: string, key: string, port: number, protocol: Protocol): Choice | undefined {
    const inputs = this.view(node, key);
    const rule =
      inputs === undefined
        ? undefined
        : portRules(inputs, familyOf(inputs.service.spec?.clusterIP ?? '') ?? 'IPv4').find(
            (each) => each.port === port && each.protocol === protocol,
          );
    if (inputs === undefined || rule === undefined) return undefined;
    return choose(rule, inputs.service.spec?.internalTrafficPolicy === 'Local', this.place(node));
  }

  /** The nodes that may have an endpoint of a Service of their own, by what any of them knows. */
  nodesWithEndpoints(key: string): ReadonlySet<string> {
    const slices = [...this.slicesOf(key), ...this.sync.former(key).flatMap((inputs) => inputs.slices)];
    return new Set(slices.flatMap(({ endpoints }) => (endpoints ?? []).flatMap(({ nodeName }) => nodeName ?? [])));
  }

  /** How many ready endpoints of a Service a node has itself, as its kube-proxy knows: what it answers balancers with. */
  localEndpoints(node: string, key: string): number {
    const inputs = this.view(node, key);
    return inputs === undefined ? 0 : countLocal(portRules(inputs, familyOf(inputs.service.spec?.clusterIP ?? '') ?? 'IPv4'), node);
  }

  /** Whether a Service has an endpoint that takes connections, on any node. */
  hasEndpoints(key: string): boolean {
    const service = this.service(key);
    if (service === undefined) return false;
    const rules = portRules({ service, slices: this.slicesOf(key) }, familyOf(service.spec?.clusterIP ?? '') ?? 'IPv4');
    return rules[0]?.endpoints.some(({ ready, serving, terminating }) => ready || (serving && terminating)) === true;
  }

  checkpoint(): JsonObject {
    const nowMs = this.nowMs();
    return { sync: this.sync.checkpoint(nowMs), sessions: this.sessions.checkpoint(nowMs) };
  }

  restore(memory: Json): void {
    const state = (memory ?? {}) as JsonObject;
    this.sync.restore(state['sync'] ?? null);
    this.sessions.restore(state['sessions'] ?? null);
    this.inputs.clear();
    this.faults = stopping(this.client.list(FAULTS));
  }

  private lookForFaults(): void {
    this.faults = stopping(this.client.list(FAULTS));
    this.sync.stopped(this.faults.map(({ metadata }) => metadata.uid ?? ''));
  }

  /** Notes what each changed Service was before the first of these changes. */
  private takeIn(services: readonly Change[], slices: readonly Change[]): void {
    const formerService = new Map<string, Service | null>();
    const formerSlices = new Map<string, Map<string, EndpointSlice | null>>();
    for (const { key, previous } of services)
      if (!formerService.has(key)) formerService.set(key, (previous as Service | undefined) ?? null);
    for (const { key, object, previous } of slices) {
      const owner = serviceOf(object) ?? serviceOf(previous);
      if (owner === undefined) continue;
      let former = formerSlices.get(owner);
      if (former === undefined) formerSlices.set(owner, (former = new Map()));
      if (!former.has(key)) former.set(key, (previous as EndpointSlice | undefined) ?? null);
    }
    for (const key of new Set([...formerService.keys(), ...formerSlices.keys()])) {
      const service = formerService.has(key) ? formerService.get(key) : this.service(key);
      const former = formerSlices.get(key);
      const unchanged = this.slicesOf(key).filter((slice) => former?.has(keyOf(slice)) !== true);
      const changed = [...(former?.values() ?? [])].flatMap((slice) => slice ?? []);
      const before = service === null || service === undefined ? null : { service, slices: [...unchanged, ...changed] };
      this.inputs.delete(key);
      this.sync.changed(key, before, this.nowMs());
      const now = this.service(key);
      this.onChange(key, before ?? undefined, now === undefined ? undefined : { service: now, slices: this.slicesOf(key) });
    }
  }

  private servicesAt({ node, address, port, toNode }: Packet): readonly { readonly key: string; readonly inputs: Inputs }[] {
    const index = toNode ? INDEX_NODE_PORT : INDEX_SERVICE_ADDRESS;
    const named = this.client.byIndex(SERVICES, index, toNode ? String(port) : address).map(keyOf);
    const keys = new Set([...named, ...this.sync.doubtful()]);
    return [...keys].flatMap((key) => {
      const inputs = this.view(node, key);
      return inputs === undefined || !isProxied(inputs.service) ? [] : [{ key, inputs }];
    });
  }

  /** What a node's kube-proxy knows of a Service. */
  private view(node: string, key: string): Inputs | undefined {
    const believed = this.sync.believed(key, this.faultsOf(node), this.nowMs());
    if (believed !== undefined) return believed ?? undefined;
    let inputs = this.inputs.get(key);
    if (inputs !== undefined) return inputs;
    const service = this.service(key);
    if (service === undefined) return undefined;
    this.inputs.set(key, (inputs = { service, slices: this.slicesOf(key) }));
    return inputs;
  }

  private faultsOf(name: string): readonly string[] {
    if (this.faults.length === 0) return [];
    const node = this.client.get(NODES, '', name);
    return node === undefined ? [] : this.faults.filter((fault) => concernsNode(fault, node)).map(({ metadata }) => metadata.uid ?? '');
  }

  private through(key: string, inputs: Inputs, packet: Packet): Route | undefined {
    const { service } = inputs;
    const { spec = {} } = service;
    const place = this.place(packet.node);
    const rules = portRules(inputs, familyOf(packet.address) ?? 'IPv4');
    if (packet.toNode && spec.healthCheckNodePort === packet.port) {
      const localEndpoints = countLocal(rules, packet.node);
      return { to: 'healthCheck', service: key, healthy: localEndpoints > 0, localEndpoints };
    }
    const { cluster, external, balancer } = serviceAddresses(service);
    const rule = rules.find(
      ({ protocol, port, nodePort }) => protocol === packet.protocol && (packet.toNode ? nodePort : port) === packet.port,
    );
    const isInternal = !packet.toNode && cluster.includes(packet.address);
    const isBalancer = !packet.toNode && balancer.includes(packet.address);
    if (rule === undefined || !(packet.toNode || isInternal || isBalancer || external.includes(packet.address))) return undefined;
    if (isBalancer && isForbidden(service, packet)) return { to: 'drop', service: key, why: `loadBalancerSourceRanges of Service ${key}` };
    // What starts on a node is subject to no external policy: it takes the short cut.
    const stays = isInternal ? spec.internalTrafficPolicy === 'Local' : spec.externalTrafficPolicy === 'Local' && !packet.local;
    const choice = choose(rule, stays, place);
    if (!choice.ok) return { to: choice.how, service: key, why: `Service ${key} ${choice.why}` };
    return { to: 'endpoint', service: key, endpoint: this.pick(key, service, rule, choice.endpoints, packet) };
  }

  private pick(key: string, { spec = {} }: Service, rule: PortRule, endpoints: readonly EndpointRule[], packet: Packet): EndpointRule {
    const { client, node } = packet;
    const nowMs = this.nowMs();
    const hash = fnv1a(`${client} ${key} ${rule.port} ${nowMs}`);
    const chosen = endpoints[((hash ^ (hash >>> 15)) >>> 0) % endpoints.length];
    if (chosen === undefined) throw new Error(`no endpoint to choose from for ${key}`);
    if (spec.sessionAffinity !== 'ClientIP') return chosen;
    const timeoutMs = (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800) * 1000;
    return this.sessions.stick(`${node} ${key} ${rule.port} ${rule.protocol} ${client}`, chosen, endpoints, nowMs, timeoutMs);
  }

  private place(name: string): NodePlace {
    const node = this.client.get<Node>(NODES, '', name);
    return { name, zone: node?.metadata.labels?.[ZONE_LABEL] };
  }

  private service(key: string): Service | undefined {
    const { namespace, name } = splitKey(key);
    return this.client.get(SERVICES, namespace, name);
  }

  private slicesOf(key: string): readonly EndpointSlice[] {
    return this.client.byIndex(ENDPOINTSLICES, INDEX_SERVICE, key);
  }
}

/** The endpoints that are used, or what becomes of a connection where there are none. */
export function choose(rule: PortRule, staysOnNode: boolean, place: NodePlace): Choice {
  const { cluster, local, usable } = categorize(rule.endpoints, place);
  if (!usable) return { ok: false, how: 'reject', why: 'has no endpoints' };
  const endpoints = staysOnNode ? local : cluster;
  return endpoints.length > 0 ? { ok: true, endpoints } : { ok: false, how: 'drop', why: `has no local endpoints on node ${place.name}` };
}

/** Those that end count no more, although the node still sends to them: so a balancer turns away while they can serve. */
function countLocal(rules: readonly PortRule[], node: string): number {
  const local = rules.flatMap(({ endpoints }) => endpoints.filter(({ ready, nodeName }) => ready && nodeName === node));
  return new Set(local.map(({ address }) => address)).size;
}

function isForbidden({ spec = {} }: Service, { client }: Packet): boolean {
  const ranges = spec.loadBalancerSourceRanges ?? [];
  return ranges.length > 0 && !inAnyBlock(client, ranges);
}

/** Faults by which kube-proxies hear nothing of the API server, the oldest first. */
function stopping(faults: readonly Fault[]): readonly Fault[] {
  const stops = ({ type, target }: NonNullable<Fault['spec']>): boolean =>
    type === 'Partition' || (type === 'ComponentDown' && target?.component === 'kube-proxy');
  return faults
    .filter((fault) => fault.spec !== undefined && stops(fault.spec) && isActive(fault))
    .toSorted((a, b) => (a.status?.activeSince ?? '').localeCompare(b.status?.activeSince ?? ''));
}

function serviceOf(slice: KubeObject | undefined): string | undefined {
  const name = slice?.metadata.labels?.['kubernetes.io/service-name'];
  return name === undefined ? undefined : `${slice?.metadata.namespace ?? ''}/${name}`;
}
