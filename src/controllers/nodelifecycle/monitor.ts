import type { Json } from '../../base/json.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { checkHealth, readyCondition, type NodeHealth } from './health.ts';
import { markPodsNotReady } from './pods.ts';
import { hasTaint, swapNoExecute, TAINT_NOT_READY, TAINT_UNREACHABLE } from './taints.ts';
import { computeState, zoneOf, Zones, type ZoneState } from './zones.ts';

/** Nodes with this label do not count when it is judged how much of a zone is down. */
const EXCLUDED_LABEL = 'node.kubernetes.io/exclude-disruption';

/**
 * The look at all nodes that comes every monitor period: notices silence, tells Pods and people, and decides which nodes
 * wait for the taint NoExecute. A look at a healthy node is a few comparisons and writes nothing.
 */
export class Monitor {
  private readonly context: ControllerContext;
  private readonly health = new Map<string, NodeHealth>();
  private readonly known = new Map<string, string>();
  private readonly zones = new Zones();

  constructor(context: ControllerContext) {
    this.context = context;
  }

  look(): void {
    const { client } = this.context;
    const nodes = client.list(NODES);
    this.noteComingAndGoing(nodes);
    const counts = new Map<string, { ready: number; notReady: number }>();
    for (const node of nodes) {
      const { before, after, node: current } = checkHealth(this.context, node, this.health);
      if (node.metadata.labels?.[EXCLUDED_LABEL] === undefined) count(counts, zoneOf(node), after === 'True');
      if (after === undefined) continue;
      this.judgeTaint(current, after);
      if (after === 'True' || before !== 'True') continue;
      this.record(current, 'NodeNotReady', `Node ${current.metadata.name ?? ''} status is now: NodeNotReady`);
      markPodsNotReady(this.context, client.podsOnNode(current.metadata.name ?? ''));
    }
    this.handleDisruption(counts, nodes);
  }

  /** Taints as many waiting nodes as the zones' limits allow now. */
  taintWaiting(): void {
    const now = this.context.now();
    for (const zone of this.zones.names()) {
      for (let name = this.zones.take(zone, now); name !== undefined; name = this.zones.take(zone, now)) {
        const node = this.context.client.get(NODES, '', name);
        const status = node === undefined ? undefined : readyCondition(node)?.status;
        if (node === undefined) continue;
        if (status === 'False') swapNoExecute(this.context, node, TAINT_NOT_READY, [TAINT_UNREACHABLE]);
        else if (status === 'Unknown') swapNoExecute(this.context, node, TAINT_UNREACHABLE, [TAINT_NOT_READY]);
      }
    }
  }

  nextTaintAt(): number | undefined {
    return this.zones.nextAt(this.context.now());
  }

  /** A Pod that is bound to a silent node is not ready either. */
  podAssigned(pod: Pod, nodeName: string): void {
    const ready = this.health.get(nodeName)?.ready;
    if (ready !== undefined && ready !== 'True') markPodsNotReady(this.context, [pod]);
  }

  checkpoint(): Json {
    return {
      health: [...this.health].map(([name, { probedAt, heartbeat, hasReady, renewTime, ready }]) => [
        name,
        { probedAt, heartbeat: heartbeat ?? null, hasReady, renewTime: renewTime ?? null, ready: ready ?? null },
      ]),
      known: [...this.known],
      zones: this.zones.checkpoint(),
    };
  }

  restore(state: Json): void {
    const memory = state as {
      readonly health: readonly [
        string,
        { probedAt: number; heartbeat: string | null; hasReady: boolean; renewTime: string | null; ready: string | null },
      ][];
      readonly known: readonly [string, string][];
      readonly zones: Json;
    };
    this.health.clear();
    for (const [name, { heartbeat, renewTime, ready, ...rest }] of memory.health) {
      this.health.set(name, { ...rest, heartbeat: heartbeat ?? undefined, renewTime: renewTime ?? undefined, ready: ready ?? undefined });
    }
    this.known.clear();
    for (const [name, uid] of memory.known) this.known.set(name, uid);
    this.zones.restore(memory.zones);
  }

  private noteComingAndGoing(nodes: readonly Node[]): void {
    const present = new Set<string>();
    for (const node of nodes) {
      const name = node.metadata.name ?? '';
      present.add(name);
      if (this.known.has(name)) continue;
      this.known.set(name, node.metadata.uid ?? '');
      this.record(node, 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
    }
    for (const [name, uid] of [...this.known]) {
      if (present.has(name)) continue;
      this.known.delete(name);
      this.context.events.event(
        { apiVersion: 'v1', kind: 'Node', name, uid },
        'Normal',
        'RemovingNode',
        `Node ${name} event: Removing Node ${name} from Controller`,
      );
    }
  }

  /** A ready node loses both NoExecute taints at once; one that is not waits its turn, unless it only changes from one kind to the other. */
  private judgeTaint(node: Node, status: string): void {
    if (status === 'True') {
      this.markReachable(node);
      return;
    }
    const [wanted, other] = status === 'False' ? [TAINT_NOT_READY, TAINT_UNREACHABLE] : [TAINT_UNREACHABLE, TAINT_NOT_READY];
    if (hasTaint(node, other, 'NoExecute')) swapNoExecute(this.context, node, wanted, [other]);
    else if (!hasTaint(node, wanted, 'NoExecute')) this.zones.add(zoneOf(node), node.metadata.name ?? '', this.context.now());
  }

  private markReachable(node: Node): void {
    this.zones.remove(zoneOf(node), node.metadata.name ?? '');
    if (hasTaint(node, TAINT_NOT_READY, 'NoExecute') || hasTaint(node, TAINT_UNREACHABLE, 'NoExecute')) {
      swapNoExecute(this.context, node, undefined, [TAINT_NOT_READY, TAINT_UNREACHABLE]);
    }
  }

  /** Sets each zone's pace by how much of it is down. With every node of every zone down nothing is tainted, and taints are taken back. */
  private handleDisruption(
    counts: ReadonlyMap<string, { readonly ready: number; readonly notReady: number }>,
    nodes: readonly Node[],
  ): void {
    const now = this.context.now();
    for (const zone of this.zones.names()) if (!counts.has(zone)) this.zones.forget(zone);
    const before = [...counts.keys()].map((zone) => this.zones.state(zone));
    const states = new Map<string, ZoneState>([...counts].map(([zone, { ready, notReady }]) => [zone, computeState(ready, notReady)]));
    const allWereDown = before.length > 0 && before.every((state) => state === 'FullDisruption');
    const allAreDown = states.size > 0 && [...states.values()].every((state) => state === 'FullDisruption');
    if (allAreDown && allWereDown) return;
    if (allAreDown) {
      for (const node of nodes) this.markReachable(this.context.client.get(NODES, '', node.metadata.name ?? '') ?? node);
      for (const zone of states.keys()) this.zones.halt(zone, now);
      return;
    }
    // A control plane that sees nodes again gives all of them time to be heard.
    if (allWereDown) for (const health of this.health.values()) health.probedAt = now;
    for (const [zone, state] of states) {
      if (!allWereDown && this.zones.state(zone) === state) continue;
      const { ready = 0, notReady = 0 } = counts.get(zone) ?? {};
      this.zones.setState(zone, state, ready + notReady, now);
    }
  }

  private record(node: Node, reason: string, message: string): void {
    const { name = '', uid = '' } = node.metadata;
    this.context.events.event({ apiVersion: 'v1', kind: 'Node', name, uid }, 'Normal', reason, message);
  }
}

function count(counts: Map<string, { ready: number; notReady: number }>, zone: string, ready: boolean): void {
  let entry = counts.get(zone);
  if (entry === undefined) counts.set(zone, (entry = { ready: 0, notReady: 0 }));
  if (ready) entry.ready++;
  else entry.notReady++;
}
