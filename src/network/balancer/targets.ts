/**
 * The targets of a cloud's load balancer: which nodes it sends to, and why not to the others.
 * Invariant: a balancer learns by health checks only, so it goes on sending to a node for a while after that has failed, and begins a while
 * after it is well again. Memory is when the nodes of a Service got or lost endpoints of their own; all else follows from the objects.
 * Counterpart: Elastic Load Balancing with the health checks that cloud-provider-aws sets up.
 */
import type { Json } from '../../base/json.ts';
import { isNodeReady } from '../../api/core/node/readiness.ts';
import { concernsNode, isActive } from '../../api/kubepad/fault/match.ts';
import { isTerminated } from '../../api/kubepad/nodepool/label.ts';
import { FAULTS } from '../../api/kubepad/types.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node, Service } from '../../api/schema/types/core/v1.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import type { Client } from '../../client/client.ts';
import type { Servers } from '../../runtime/network.ts';
import type { Inputs } from '../proxy/serviceRule.ts';

/** A check every ten seconds; six failures in a row take a target out, two successes put it back. */
const CHECK_MS = 10_000;
const FAILED_MS = 6 * CHECK_MS;
const HEALTHY_MS = 2 * CHECK_MS;
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';
const LEAVING = 'ToBeDeletedByClusterAutoscaler';

/** `draining`: it gets nothing new. `unnoticed`: it gets requests, although it answers none. */
export type TargetState = 'healthy' | 'unhealthy' | 'initial' | 'draining' | 'unnoticed';

export interface TargetHealth {
  readonly node: string;
  readonly state: TargetState;
  readonly why: string;
}

export interface TargetsEnvironment {
  readonly client: Client;
  readonly nowMs: () => number;
  readonly servers: () => Servers;
  /** How many ready endpoints of its own a node has, as its kube-proxy knows: what it answers the health check with. */
  readonly localEndpoints: (node: string, service: string) => number;
  readonly hasEndpoints: (service: string) => boolean;
}

export class Targets {
  private readonly environment: TargetsEnvironment;
  /** Service > node > when it got its first own endpoint or lost the last one. What no check can tell any more is forgotten. */
  private readonly changes = new Map<string, Map<string, number>>();

  constructor(environment: TargetsEnvironment) {
    this.environment = environment;
  }

  /** Takes note of the nodes that got or lost endpoints of a Service whose balancer asks for those. */
  observe(key: string, before: Inputs | undefined, after: Inputs | undefined): void {
    if (after === undefined || !isLocal(after.service)) {
      this.changes.delete(key);
      return;
    }
    // Before it has an address there is no balancer that checks anything.
    if (before === undefined || (after.service.status?.loadBalancer?.ingress ?? []).length === 0) return;
    const nowMs = this.environment.nowMs();
    const [had, has] = [nodesOf(before), nodesOf(after)];
    const known = this.changes.get(key) ?? new Map<string, number>();
    for (const [node, at] of known) if (nowMs - at >= FAILED_MS) known.delete(node);
    for (const node of new Set([...had, ...has])) if (had.has(node) !== has.has(node)) known.set(node, nowMs);
    if (known.size === 0) this.changes.delete(key);
    else this.changes.set(key, known);
  }

  /** The nodes whose state a balancer may not have noticed yet. */
  changedNodes(service: string): Iterable<string> {
    return this.changes.get(service)?.keys() ?? [];
  }

  /** Undefined: the balancer does not know the node. */
  health(service: Service, node: Node): TargetHealth | undefined {
    const name = node.metadata.name ?? '';
    if (node.metadata.labels?.[EXCLUDED] !== undefined || isTerminated(node)) return undefined;
    const told = (state: TargetState, why: string): TargetHealth => ({ node: name, state, why });
    if (node.spec?.taints?.some(({ key }) => key === LEAVING) === true) return told('draining', 'the autoscaler takes the node away');
    const off = this.offSince(node);
    if (off !== undefined) return this.failing(told, off, 'the machine does not answer health checks');
    return isLocal(service) ? this.localHealth(service, name, told) : this.anyHealth(service, told);
  }

  /** All nodes that the balancer knows. */
  of(service: Service): readonly TargetHealth[] {
    return this.environment.client.list(NODES).flatMap((node) => this.health(service, node) ?? []);
  }

  checkpoint(): Json {
    return [...this.changes].map(([key, nodes]) => [key, [...nodes]]);
  }

  restore(state: Json): void {
    this.changes.clear();
    for (const [key, nodes] of (state ?? []) as unknown as readonly [string, readonly [string, number][]][])
      this.changes.set(key, new Map(nodes));
  }

  private localHealth(service: Service, node: string, told: (state: TargetState, why: string) => TargetHealth): TargetHealth {
    const key = keyOf(service);
    const count = this.environment.localEndpoints(node, key);
    const changedAt = this.changes.get(key)?.get(node);
    const port = service.spec?.healthCheckNodePort ?? 0;
    if (count === 0) return this.failing(told, changedAt ?? Number.NEGATIVE_INFINITY, `port ${port} answers 503: no local endpoints`);
    const isNew = changedAt !== undefined && this.environment.nowMs() - changedAt < HEALTHY_MS;
    const text = `port ${port} answers 200: ${count} local endpoint${count === 1 ? '' : 's'}`;
    return isNew ? told('initial', `${text}, not often enough yet`) : told('healthy', text);
  }

  /** The check is a connection to the first node port: every node takes it, as long as the Service has endpoints anywhere. */
  private anyHealth(service: Service, told: (state: TargetState, why: string) => TargetHealth): TargetHealth {
    const port = service.spec?.ports?.[0]?.nodePort ?? 0;
    return this.environment.hasEndpoints(keyOf(service))
      ? told('healthy', `port ${port} takes connections`)
      : told('unhealthy', `port ${port} refuses connections: the Service has no endpoints`);
  }

  private failing(told: (state: TargetState, why: string) => TargetHealth, sinceMs: number, why: string): TargetHealth {
    const isNew = this.environment.nowMs() - sinceMs < FAILED_MS;
    return isNew ? told('unnoticed', `${why}, not often enough yet`) : told('unhealthy', why);
  }

  /** Since when a machine cannot be reached; undefined: it can. */
  private offSince(node: Node): number | undefined {
    const { client, servers } = this.environment;
    if (servers().machine(node.metadata.name ?? '') === 'up') return undefined;
    const times = client
      .list(FAULTS)
      .filter((fault) => isActive(fault) && concernsNode(fault, node))
      .map(({ status }) => parseTime(status?.activeSince ?? ''));
    // Off for another reason, or since before anybody looked.
    if (times.length === 0) return isNodeReady(node) ? this.environment.nowMs() : Number.NEGATIVE_INFINITY;
    return Math.min(...times);
  }
}

/** Whether the balancer sends new connections there. */
export function isInService({ state }: TargetHealth): boolean {
  return state === 'healthy' || state === 'unnoticed';
}

function isLocal({ spec }: Service): boolean {
  return spec?.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
}

/** The nodes with a ready endpoint. */
function nodesOf({ slices }: Inputs): ReadonlySet<string> {
  const nodes = new Set<string>();
  for (const { endpoints } of slices)
    for (const { conditions, nodeName } of endpoints ?? []) if (nodeName !== undefined && conditions?.ready !== false) nodes.add(nodeName);
  return nodes;
}
