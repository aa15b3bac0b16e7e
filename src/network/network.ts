/**
 * The network of the cluster: what a Pod's processes and clients outside reach, and how.
 * Invariant: an answer follows from the objects, the time and what kube-proxies have not seen yet; nothing is polled, nothing waits here.
 * Counterpart: kube-proxy, CoreDNS, a network plugin with NetworkPolicies, and an Ingress controller's data plane.
 */
import type { Json, JsonObject } from '../base/json.ts';
import { isActive } from '../api/kubepad/fault/match.ts';
import { addressOfPrivateName, privateDomain } from '../api/kubepad/nodepool/region.ts';
import type { Load } from '../api/kubepad/load/types.ts';
import { FAULTS } from '../api/kubepad/types.ts';
import { ENDPOINTSLICES, NODES, PODS, SERVICES } from '../api/schema/resources.ts';
import type { Pod, Service } from '../api/schema/types/core/v1.ts';
import type { ApiServer } from '../apiserver/apiServer.ts';
import { Client } from '../client/client.ts';
import { WatchCursor } from '../client/watchCursor.ts';
import type { HttpRequest } from '../runtime/http.ts';
import type {
  Connected,
  HttpTarget,
  Lookup,
  Network,
  Protocol,
  Queried,
  RecordType,
  Resolver,
  Responded,
  Servers,
  Target,
} from '../runtime/network.ts';
import type { Component } from '../sim/component.ts';
import type { Simulation } from '../sim/simulation.ts';
import { askApiServer } from './apiServer.ts';
import { Targets, type TargetHealth } from './balancer/targets.ts';
import { DnsClient } from './dns/client.ts';
import type { ZoneWorld } from './dns/clusterZone.ts';
import { answerOutside } from './dns/outside.ts';
import { addNetworkIndexes, INDEX_SERVICE_ADDRESS } from './indexes.ts';
import { IngressServer } from './ingress/ingressServer.ts';
import { aimOf, type LoadAim } from './load/aim.ts';
import { Planner, type Plan, type PlanEnvironment } from './load/plan.ts';
import { Requests } from './requests.ts';
import { overview, type PolicyLine } from './policy/overview.ts';
import { explain, type Verdict } from './policy/verdict.ts';
import { Proxier } from './proxy/proxier.ts';
import { sideOf, Wire, type Origin } from './wire.ts';

const NAME = 'network';
const DOMAIN = 'cluster.local';
const DEFAULT_SERVICE_RANGE = '10.96.0.0/12';
/** More are not read by anybody. */
const MAX_POLICY_LINES = 30;
const DEFAULT_POD_NETWORK = '10.244.0.0/16';
/** What machines ask for names: the host of a local cluster, or the resolver of a cloud's network. */
const LOCAL_RESOLVER: Resolver = { nameservers: ['172.18.0.1'], searches: [], options: ['edns0', 'trust-ad'] };
const CLOUD_RESOLVER = '192.168.0.2';

export interface NetworkEnvironment {
  readonly simulation: Simulation;
  readonly api: ApiServer;
  /** What the kubelets know; asked for when the first connection is made. */
  readonly servers: () => Servers;
  /** The region of the cloud that it is in, if it is in one. */
  readonly cloudRegion?: string | undefined;
  /** Where packets to the controller of Ingresses go. */
  readonly ingressAddress: string;
  readonly serviceClusterIpRange?: string | undefined;
  readonly clusterCidr?: string | undefined;
}

export function createNetwork(environment: NetworkEnvironment): ClusterNetwork {
  return new ClusterNetwork(environment);
}

export class ClusterNetwork implements Component, Network {
  readonly name = NAME;
  private readonly client: Client;
  private readonly cursor: WatchCursor;
  private readonly proxier: Proxier;
  private readonly targets: Targets;
  private readonly wire: Wire;
  private readonly dns: DnsClient;
  private readonly requests: Requests;
  private readonly ingress: IngressServer;
  private readonly loadEnvironment: PlanEnvironment;
  private readonly planner: Planner;

  constructor({ simulation, api, servers, cloudRegion, ingressAddress, serviceClusterIpRange, clusterCidr }: NetworkEnvironment) {
    addNetworkIndexes(api);
    const client = (this.client = new Client(api, `system:kubepad:${NAME}`, ['system:masters', 'system:authenticated'], NAME));
    this.cursor = new WatchCursor(api.store, NAME, [FAULTS, SERVICES, ENDPOINTSLICES]);
    const nowMs = (): number => simulation.now();
    const proxier = (this.proxier = new Proxier(client, nowMs, (key, before, after) => this.targets.observe(key, before, after)));
    this.targets = new Targets({
      client,
      nowMs,
      servers,
      localEndpoints: (node, service) => proxier.localEndpoints(node, service),
      hasEndpoints: (service) => proxier.hasEndpoints(service),
    });
    const podNetwork = clusterCidr ?? DEFAULT_POD_NETWORK;
    const { targets } = this;
    this.wire = new Wire({ client, proxier, targets, nowMs, servers, ingressAddress, podNetwork });
    const address = dnsAddress(serviceClusterIpRange ?? DEFAULT_SERVICE_RANGE);
    const zone: ZoneWorld = {
      client,
      domain: DOMAIN,
      address,
      forward: (name, type) => answerOutside((host) => this.machineNamed(host) ?? this.ingress.published(host), name, type),
    };
    this.dns = new DnsClient({
      wire: this.wire,
      zone,
      settings: { address, domain: DOMAIN, node: machineResolver(cloudRegion) },
      listens: (pod, port) => servers().listens(pod, port, 'UDP') === 'open',
      isService: (server) => client.byIndex(SERVICES, INDEX_SERVICE_ADDRESS, server).length > 0,
      isDown: () => this.isDown('coredns'),
    });
    this.requests = new Requests({ wire: this.wire, servers, ingress: () => this.ingress, api: (request) => askApiServer(api, request) });
    this.ingress = new IngressServer({
      client,
      nowMs,
      address: ingressAddress,
      isDown: () => this.isDown('ingress-nginx-controller'),
      send: (origin, target, request) => this.requests.request(origin, target, request),
      lookup: (name) => this.dns.lookupInside(name),
    });
    const { wire, dns, ingress } = this;
    this.loadEnvironment = { client, proxier, wire, dns, ingress, ingressAddress, servers, domain: DOMAIN };
    this.planner = new Planner(this.loadEnvironment);
  }

  start(): void {
    this.proxier.observe(this.cursor);
  }

  /** Services or endpoints changed: from now on the nodes take their time to hear of it. */
  handle(): void {
    this.proxier.observe(this.cursor);
  }

  checkpoint(): JsonObject {
    return { cursor: this.cursor.checkpoint(), proxier: this.proxier.checkpoint(), targets: this.targets.checkpoint() };
  }

  restore(memory: Json): void {
    const state = memory as JsonObject;
    this.cursor.restore(state['cursor'] ?? {});
    this.proxier.restore(state['proxier'] ?? null);
    this.targets.restore(state['targets'] ?? null);
  }

  /** Where a node is reached. */
  addressOfNode(name: string): string | undefined {
    return this.client.get(NODES, '', name)?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  }

  resolver(pod: Pod): Resolver {
    return this.dns.resolver(pod);
  }

  lookup(pod: Pod, name: string): Lookup {
    this.proxier.observe(this.cursor);
    return this.dns.lookup(pod, name);
  }

  query(pod: Pod, name: string, type: RecordType, options?: { readonly search?: boolean; readonly server?: string }): Queried {
    this.proxier.observe(this.cursor);
    return this.dns.query(pod, name, type, options);
  }

  connect(pod: Pod, target: Target): Connected {
    this.proxier.observe(this.cursor);
    return this.requests.connect({ kind: 'pod', pod }, target);
  }

  request(pod: Pod, target: HttpTarget, request: HttpRequest): Responded {
    return this.requestFrom({ kind: 'pod', pod }, target, request);
  }

  /** Where the requests of a Load go now. */
  planOf(load: Load): Plan {
    this.proxier.observe(this.cursor);
    return this.planner.plan(load);
  }

  /** What a Load leads to, by name. */
  aimOf(load: Load): LoadAim {
    return aimOf(load, this.loadEnvironment);
  }

  /** A name as a client outside of the cluster finds it. */
  lookupOutside(name: string): Lookup {
    return this.dns.lookupOutside(name);
  }

  /** What the NetworkPolicies say of a connection between two Pods, and why. */
  policyVerdict(from: Pod, to: Pod, port: number, protocol: Protocol = 'TCP'): Verdict & { readonly text: string } {
    const verdict = this.wire.verdict(sideOf({ kind: 'pod', pod: from }), sideOf({ kind: 'pod', pod: to }), port, protocol);
    return { ...verdict, text: explain(verdict) };
  }

  /** The nodes that the balancer of a Service knows, and how they are to it. Empty: it has none. */
  balancerTargets(service: Service): readonly TargetHealth[] {
    const hasBalancer = (service.status?.loadBalancer?.ingress ?? []).some(({ hostname }) => hostname !== undefined);
    return service.spec?.type === 'LoadBalancer' && hasBalancer ? this.targets.of(service) : [];
  }

  /** What the NetworkPolicies say of the connections between a Pod and the others of its namespace. */
  policiesOn(pod: Pod): readonly PolicyLine[] {
    const namespace = pod.metadata.namespace ?? '';
    // Without a policy in the namespace none has a say on its Pods.
    if (pod.spec?.hostNetwork === true || this.wire.policies(namespace).length === 0) return [];
    return overview(this.wire, pod, this.client.list(PODS, namespace), MAX_POLICY_LINES);
  }

  /** As `request`, for clients that are no Pods. */
  requestFrom(origin: Origin, target: HttpTarget, request: HttpRequest): Responded {
    this.proxier.observe(this.cursor);
    return this.requests.request(origin, target, request);
  }

  /** The address of the machine that the cloud calls so. */
  private machineNamed(host: string): readonly string[] | undefined {
    const address = addressOfPrivateName(host);
    return address === undefined || this.wire.nodeAt(address) === undefined ? undefined : [address];
  }

  private isDown(component: string): boolean {
    return this.client.list(FAULTS).some((fault) => isActive(fault) && fault.spec?.target?.component === component);
  }
}

function machineResolver(region: string | undefined): Resolver {
  return region === undefined ? LOCAL_RESOLVER : { nameservers: [CLOUD_RESOLVER], searches: [privateDomain(region)], options: [] };
}

/** The tenth address of the Services' block, as kubeadm has it: 10.96.0.10. */
function dnsAddress(range: string): string {
  const [first = ''] = range.split('/');
  return `${first.split('.').slice(0, 3).join('.')}.${Number(first.split('.')[3] ?? 0) + 10}`;
}
