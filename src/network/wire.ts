/**
 * The way of a connection from one side to the other: Services' rules on the nodes it crosses, balancers, NetworkPolicies, machines.
 * Invariant: asks and decides, changes nothing but the sessions that kube-proxies remember.
 * Counterpart: the kernels of the nodes, the network plugin and the routers between them.
 */
import { fnv1a } from '../base/fnv.ts';
import { ENDPOINTSLICES, NAMESPACES, NETWORKPOLICIES, NODES, PODS, SERVICES } from '../api/schema/resources.ts';
import type { Namespace, Node, Pod, Service } from '../api/schema/types/core/v1.ts';
import type { NetworkPolicy } from '../api/schema/types/networking/v1.ts';
import { keyOf } from '../apimachinery/meta/resource.ts';
import type { Client } from '../client/client.ts';
import type { ConnectFailure, Protocol, Servers } from '../runtime/network.ts';
import { inBlock, isLoopback } from './addresses.ts';
import { isInService, type Targets } from './balancer/targets.ts';
import { OUTSIDE_BLOCK } from './dns/outside.ts';
import {
  INDEX_BALANCER,
  INDEX_ENDPOINT_ADDRESS,
  INDEX_HOST_PORTS,
  INDEX_NODE_ADDRESS,
  INDEX_POD_ADDRESS,
  INDEX_SERVICE_ADDRESS,
} from './indexes.ts';
import { evaluate, type PolicyWorld } from './policy/evaluate.ts';
import { explain, type Side, type Verdict } from './policy/verdict.ts';
import type { Packet, Proxier, Route } from './proxy/proxier.ts';

/** Who opens a connection. */
export type Origin =
  | { readonly kind: 'pod'; readonly pod: Pod }
  /** A client somewhere outside of the cluster. */
  | { readonly kind: 'outside'; readonly address: string }
  /** A part of the cluster that is not a Pod of the store, but is to policies as if it were. Without a node it runs on one that is up. */
  | { readonly kind: 'virtual'; readonly pod: Pod; readonly address: string; readonly node?: string };

export interface Destination {
  readonly address: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** Where a connection ends. */
export type End =
  | { readonly kind: 'pod'; readonly pod: Pod; readonly port: number }
  | { readonly kind: 'node'; readonly node: Node; readonly port: number }
  | { readonly kind: 'healthCheck'; readonly route: Extract<Route, { to: 'healthCheck' }> }
  | { readonly kind: 'api' }
  | { readonly kind: 'ingress'; readonly port: number }
  | { readonly kind: 'outside'; readonly address: string; readonly port: number };

export type Reach =
  | { readonly ok: true; readonly end: End; readonly afterMs: number }
  | {
      readonly ok: false;
      readonly failure: ConnectFailure;
      readonly afterMs: number;
      readonly why: string;
      /** What is behind the failure, where the client cannot tell. */
      readonly cause?: 'NoEndpoints' | 'Policy';
    };

export interface WireEnvironment {
  readonly client: Client;
  readonly proxier: Proxier;
  readonly targets: Targets;
  readonly nowMs: () => number;
  readonly servers: () => Servers;
  /** Where the controller of Ingresses is reached from everywhere. */
  readonly ingressAddress: string;
  /** The block of all Pods. */
  readonly podNetwork: string;
}

const NEAR_MS = 1;
const OTHER_ZONE_MS = 2;
const OUTSIDE_MS = 20;
/** A machine that asks its own network for an address that nobody has gives up then. */
const NO_NEIGHBOUR_MS = 3_000;
const MAX_HOPS = 4;
/** So often a node is drawn for a balancer before all are looked at. */
const MAX_DRAWS = 8;
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';
const API_PORT = 'https';

export class Wire implements PolicyWorld {
  private readonly environment: WireEnvironment;

  constructor(environment: WireEnvironment) {
    this.environment = environment;
  }

  reach(origin: Origin, destination: Destination): Reach {
    const { address, port, protocol } = destination;
    const own = origin.kind === 'pod' ? origin.pod : undefined;
    if (own !== undefined && (isLoopback(address) || isOwnAddress(own, address))) return this.inOwnPod(own, port);
    const node = own === undefined ? this.placeOf(origin, destination) : (own.spec?.nodeName ?? '');
    if (own === undefined && node === '') return this.onward(origin, destination, '', 0);
    const toNode = this.nodeAt(address)?.metadata.name === node;
    const route = this.environment.proxier.route({ node, client: sideOf(origin).address, local: true, address, port, protocol, toNode });
    return this.follow(origin, destination, route, node, 0);
  }

  /** On which node a part of the cluster meets the rules of Services, where it has to do with them. */
  private placeOf(origin: Origin, destination: Destination): string {
    if (origin.kind !== 'virtual') return '';
    const services = this.environment.client.byIndex(SERVICES, INDEX_SERVICE_ADDRESS, destination.address);
    if (services.length === 0) return '';
    return origin.node ?? this.pickNode(origin, destination)?.metadata.name ?? '';
  }

  /** To a part that is not a Pod of the store, but is to policies as if it were. */
  toVirtual(origin: Origin, part: Pod, { address, port, protocol }: Destination): Reach {
    const verdict = this.verdict(sideOf(origin), { address, pod: part }, port, protocol);
    return verdict.allowed ? { ok: true, end: { kind: 'outside', address, port }, afterMs: NEAR_MS } : denied(verdict);
  }

  /** To a machine outside of the cluster that is known to be there. */
  leave(origin: Origin, destination: Destination): Reach {
    return this.open(origin, destination, { kind: 'outside', address: destination.address, port: destination.port }, OUTSIDE_MS);
  }

  /** What the policies say of a connection between two Pods, or a Pod and an address; for explanations, too. */
  verdict(from: Side, to: Side, port: number, protocol: Protocol): Verdict {
    return evaluate(this, { from, to, port, protocol });
  }

  policies(namespace: string): readonly NetworkPolicy[] {
    return this.environment.client.list(NETWORKPOLICIES, namespace);
  }

  /** Namespaces of parts that are not there as objects have the label that every namespace has. */
  namespace(name: string): Namespace {
    const labels = { 'kubernetes.io/metadata.name': name };
    return this.environment.client.get(NAMESPACES, '', name) ?? { metadata: { name, labels } };
  }

  /** The Pod that has an address of its own. */
  podAt(address: string): Pod | undefined {
    const pods = this.environment.client.byIndex(PODS, INDEX_POD_ADDRESS, address);
    // Where a node has more Pods than addresses, several share one; the newest has the route.
    return pods.toSorted((a, b) => (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''))[0];
  }

  nodeAt(address: string): Node | undefined {
    return this.environment.client.byIndex(NODES, INDEX_NODE_ADDRESS, address)[0];
  }

  /** Whether packets get from one machine to another. The empty name is the world outside. */
  between(from: string, to: string): Reach | undefined {
    const state = (name: string): 'up' | 'down' | 'cut' => (name === '' ? 'up' : this.environment.servers().machine(name));
    if (state(to) === 'down') return lost(`node ${to} is down`);
    if (from === to) return undefined;
    for (const name of [from, to]) if (state(name) !== 'up') return lost(`node ${name} is cut off from the network`);
    return undefined;
  }

  private follow(origin: Origin, destination: Destination, route: Route, node: string, hops: number): Reach {
    switch (route.to) {
      case 'pass':
        return this.onward(origin, destination, node, hops);
      case 'reject':
        return { ok: false, failure: 'refused', afterMs: NEAR_MS, why: route.why, cause: 'NoEndpoints' };
      case 'drop':
        return lost(route.why);
      case 'healthCheck':
        return { ok: true, end: { kind: 'healthCheck', route }, afterMs: NEAR_MS };
      case 'endpoint':
        return this.onward(origin, { ...destination, address: route.endpoint.address, port: route.endpoint.port }, node, hops);
    }
  }

  /** @param node where the packet is now; empty: outside */
  private onward(origin: Origin, destination: Destination, node: string, hops: number): Reach {
    const { address, port } = destination;
    if (hops > MAX_HOPS) return lost('the packet goes round in circles');
    const pod = origin.kind === 'outside' && node === '' ? undefined : this.podAt(address);
    if (pod !== undefined) return this.toPod(origin, pod, destination, node);
    const machine = this.nodeAt(address);
    if (machine !== undefined) return this.toNode(origin, machine, destination, node, hops);
    if (address === this.environment.ingressAddress) return this.open(origin, destination, { kind: 'ingress', port }, NEAR_MS);
    if (this.isApiServer(address, port)) return this.open(origin, destination, { kind: 'api' }, NEAR_MS);
    const balanced = this.environment.client.byIndex(SERVICES, INDEX_BALANCER, address);
    if (balanced.length > 0) return this.throughBalancer(origin, balanced, destination, hops);
    const virtual = node === '' ? this.environment.client.byIndex(SERVICES, INDEX_SERVICE_ADDRESS, address) : [];
    const announced = virtual.find(({ spec }) => spec?.clusterIPs?.includes(address) !== true);
    if (announced !== undefined) return this.enter(origin, destination, hops);
    if (inBlock(address, OUTSIDE_BLOCK) || !isPrivate(address)) {
      return this.open(origin, destination, { kind: 'outside', address, port }, OUTSIDE_MS);
    }
    if (origin.kind !== 'outside' && inBlock(address, this.environment.podNetwork))
      return { ok: false, failure: 'unreachable', afterMs: NO_NEIGHBOUR_MS, why: `no Pod has the address ${address}` };
    return lost(`nothing answers at ${address}`);
  }

  private toPod(origin: Origin, pod: Pod, destination: Destination, node: string): Reach {
    const { port, protocol } = destination;
    const target = pod.spec?.nodeName ?? '';
    const cut = this.between(node, target);
    if (cut !== undefined) return cut;
    const verdict = this.verdict(sideOf(origin), { address: destination.address, pod }, port, protocol);
    if (!verdict.allowed) return denied(verdict);
    const afterMs = origin.kind === 'virtual' ? NEAR_MS : this.distance(node, target);
    return { ok: true, end: { kind: 'pod', pod, port }, afterMs };
  }

  /** Rules of the machine first (node ports), then Pods that take a port of it, then the machine itself. */
  private toNode(origin: Origin, machine: Node, destination: Destination, node: string, hops: number): Reach {
    const name = machine.metadata.name ?? '';
    const cut = this.between(node, name);
    if (cut !== undefined) return cut;
    const { port, protocol } = destination;
    const outgoing = this.verdict(sideOf(origin), { address: destination.address, node: name }, port, protocol);
    if (!outgoing.allowed) return denied(outgoing);
    if (node !== name) {
      const packet: Packet = { node: name, client: sideOf(origin).address, local: false, ...destination, toNode: true };
      const route = this.environment.proxier.route(packet);
      if (route.to !== 'pass') return this.follow(origin, destination, route, name, hops + 1);
    }
    const afterMs = this.distance(node, name);
    const mapped = this.hostPort(name, port, protocol);
    if (mapped !== undefined) return { ok: true, end: { kind: 'pod', ...mapped }, afterMs };
    return this.isApiServer(destination.address, port)
      ? { ok: true, end: { kind: 'api' }, afterMs }
      : { ok: true, end: { kind: 'node', node: machine, port }, afterMs };
  }

  private hostPort(node: string, port: number, protocol: Protocol): { readonly pod: Pod; readonly port: number } | undefined {
    const pods = this.environment.client.byIndex(PODS, INDEX_HOST_PORTS, node).filter(({ status }) => status?.phase === 'Running');
    for (const pod of pods) {
      if (pod.spec?.hostNetwork === true) {
        if (this.environment.servers().listens(pod, port, protocol) !== 'refused') return { pod, port };
        continue;
      }
      for (const { ports = [] } of pod.spec?.containers ?? []) {
        const found = ports.find((each) => each.hostPort === port && (each.protocol ?? 'TCP') === protocol);
        if (found !== undefined) return { pod, port: found.containerPort };
      }
    }
    return undefined;
  }

  /** A balancer of the cloud sends to a node port of a machine that is well, or that has endpoints where they must be local. */
  private throughBalancer(origin: Origin, services: readonly Service[], destination: Destination, hops: number): Reach {
    const { port, protocol } = destination;
    for (const service of services) {
      const nodePort = service.spec?.ports?.find((each) => each.port === port && (each.protocol ?? 'TCP') === protocol)?.nodePort;
      if (nodePort === undefined) continue;
      const target = this.pickTarget(origin, destination, service);
      if (target === undefined) return lost(`the load balancer of Service ${keyOf(service)} has no healthy target`);
      const address = target.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';
      const arrived = this.toNode(origin, target, { address, port: nodePort, protocol }, '', hops + 1);
      return { ...arrived, afterMs: arrived.afterMs + OUTSIDE_MS };
    }
    return lost('the load balancer does not listen on this port');
  }

  /** A virtual address (of a bare-metal balancer, an external one) that some machine answers for. */
  private enter(origin: Origin, destination: Destination, hops: number): Reach {
    const target = this.pickNode(origin, destination);
    const node = target?.metadata.name;
    if (node === undefined) return lost('no node announces the address');
    const packet = { node, client: sideOf(origin).address, local: false, ...destination, toNode: false };
    return this.follow(origin, destination, this.environment.proxier.route(packet), node, hops + 1);
  }

  private pickNode(origin: Origin, destination: Destination): Node | undefined {
    return draw(
      this.environment.client.list(NODES),
      this.flowOf(origin, destination),
      ({ metadata }) => metadata.labels?.[EXCLUDED] === undefined && this.environment.servers().machine(metadata.name ?? '') === 'up',
    );
  }

  private pickTarget(origin: Origin, destination: Destination, service: Service): Node | undefined {
    const isLocal = service.spec?.externalTrafficPolicy === 'Local';
    const nodes = isLocal ? this.nodesOf(service) : this.environment.client.list(NODES);
    return draw(nodes, this.flowOf(origin, destination), (node) => {
      const health = this.environment.targets.health(service, node);
      return health !== undefined && isInService(health);
    });
  }

  /** What tells connections apart: a client opens each from another port, so the time stands for that. */
  private flowOf(origin: Origin, { port, protocol }: Destination): string {
    return `${sideOf(origin).address} ${port} ${protocol} ${this.environment.nowMs()}`;
  }

  /** Those that may have an endpoint of their own, or had one when the balancer last asked; by name. */
  private nodesOf(service: Service): readonly Node[] {
    const { client, proxier, targets } = this.environment;
    const key = keyOf(service);
    return [...new Set([...proxier.nodesWithEndpoints(key), ...targets.changedNodes(key)])]
      .toSorted()
      .flatMap((name) => client.get(NODES, '', name) ?? []);
  }

  /** Leaves the network of Pods: only what goes out of a Pod can be denied. */
  private open(origin: Origin, { address, port, protocol }: Destination, end: End, afterMs: number): Reach {
    const verdict = this.verdict(sideOf(origin), { address }, port, protocol);
    return verdict.allowed ? { ok: true, end, afterMs } : denied(verdict);
  }

  private inOwnPod(pod: Pod, port: number): Reach {
    return { ok: true, end: { kind: 'pod', pod, port }, afterMs: 0 };
  }

  private isApiServer(address: string, port: number): boolean {
    return this.environment.client
      .byIndex(ENDPOINTSLICES, INDEX_ENDPOINT_ADDRESS, address)
      .some(
        ({ metadata, ports }) =>
          metadata.namespace === 'default' &&
          metadata.name === 'kubernetes' &&
          ports?.some((each) => each.name === API_PORT && each.port === port),
      );
  }

  private distance(from: string, to: string): number {
    if (from === '') return OUTSIDE_MS;
    if (from === to) return NEAR_MS;
    const zone = (name: string): string | undefined =>
      this.environment.client.get(NODES, '', name)?.metadata.labels?.['topology.kubernetes.io/zone'];
    return zone(from) === zone(to) ? NEAR_MS : OTHER_ZONE_MS;
  }
}

/** Chance that follows from the connection decides; of thousands of nodes only some are looked at, unless few may be it. */
function draw(nodes: readonly Node[], chance: string, isTarget: (node: Node) => boolean): Node | undefined {
  for (let turn = 0; turn < MAX_DRAWS; turn++) {
    const drawn = oneOf(nodes, turn === 0 ? chance : `${chance} ${turn}`);
    if (drawn !== undefined && isTarget(drawn)) return drawn;
  }
  return oneOf(nodes.filter(isTarget), chance);
}

function oneOf<T>(all: readonly T[], chance: string): T | undefined {
  const hash = fnv1a(chance);
  return all[((hash ^ (hash >>> 15)) >>> 0) % Math.max(1, all.length)];
}

/** The side of a connection that opens it, as policies see it. Pods of the host's network are their machine. */
export function sideOf(origin: Origin): Side {
  if (origin.kind === 'outside') return { address: origin.address };
  if (origin.kind === 'virtual') return { address: origin.address, pod: origin.pod };
  const { pod } = origin;
  const address = pod.status?.podIP ?? '';
  return pod.spec?.hostNetwork === true ? { address, node: pod.spec.nodeName } : { address, pod };
}

function denied(verdict: Verdict): Reach {
  return { ...lost(explain(verdict)), cause: 'Policy' };
}

function lost(why: string): Reach & { readonly ok: false } {
  return { ok: false, failure: 'timeout', afterMs: 0, why };
}

function isOwnAddress({ spec, status }: Pod, address: string): boolean {
  if (spec?.hostNetwork === true || address === '') return false;
  return status?.podIP === address || (status?.podIPs ?? []).some(({ ip }) => ip === address);
}

const PRIVATE_BLOCKS = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
  '0.0.0.0/8',
];

function isPrivate(address: string): boolean {
  return PRIVATE_BLOCKS.some((block) => inBlock(address, block));
}
