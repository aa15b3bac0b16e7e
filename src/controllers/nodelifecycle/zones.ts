import type { Json } from '../../base/json.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { WaitingNodes } from './waitingNodes.ts';

export type ZoneState = 'Initial' | 'Normal' | 'PartialDisruption' | 'FullDisruption';

/** Nodes per second that may be tainted NoExecute in one zone, and in a large zone that is in trouble. */
const QPS = 0.1;
const SECONDARY_QPS = 0.01;
const LARGE_ZONE = 50;
const UNHEALTHY_SHARE = 0.55;

interface Zone {
  state: ZoneState;
  qps: number;
  tokens: number;
  filledAt: number;
  /** Nodes to be tainted. */
  readonly waiting: WaitingNodes;
}

/**
 * Limits how fast the nodes of a zone get their NoExecute taint, so that a fault of the network does not empty a zone.
 * One node at once, then one every 10 s. In a zone of which more than 55 % (and more than two nodes) are down: none, or one
 * every 100 s if the zone has more than 50 nodes. If every node of every zone is down, none anywhere.
 * Worked example: two of four nodes of a zone fall silent: the first is tainted at once, the second 10 s later.
 * Counterpart: RateLimitedTimedQueue and ComputeZoneState.
 */
export class Zones {
  private readonly zones = new Map<string, Zone>();

  names(): readonly string[] {
    return [...this.zones.keys()];
  }

  state(name: string): ZoneState {
    return this.zone(name, 0).state;
  }

  setState(name: string, state: ZoneState, size: number, now: number): void {
    const zone = this.zone(name, now);
    zone.state = state;
    if (state === 'PartialDisruption') setQps(zone, size > LARGE_ZONE ? SECONDARY_QPS : 0, now);
    else setQps(zone, QPS, now);
  }

  /** Nothing is tainted any more: the fault is the control plane's rather than every node's. */
  halt(name: string, now: number): void {
    const zone = this.zone(name, now);
    zone.state = 'FullDisruption';
    setQps(zone, 0, now);
  }

  forget(name: string): void {
    this.zones.delete(name);
  }

  add(name: string, node: string, now: number): void {
    this.zone(name, now).waiting.add(node, now);
  }

  remove(name: string, node: string): void {
    this.zones.get(name)?.waiting.remove(node);
  }

  /** The next node that may be tainted now, if there is one; it counts as tainted. */
  take(name: string, now: number): string | undefined {
    const zone = this.zone(name, now);
    if (zone.waiting.size === 0 || zone.qps === 0) return undefined;
    refill(zone, now);
    if (zone.tokens < 1) return undefined;
    zone.tokens -= 1;
    return zone.waiting.take();
  }

  /** When the next node can be taken, milliseconds since 1970; undefined if none waits or none may be. */
  nextAt(now: number): number | undefined {
    const times = [...this.zones.values()]
      .filter(({ waiting, qps }) => waiting.size > 0 && qps > 0)
      .map((zone) => {
        refill(zone, now);
        return zone.tokens >= 1 ? now : now + Math.ceil(((1 - zone.tokens) / zone.qps) * 1000);
      });
    return times.length === 0 ? undefined : Math.min(...times);
  }

  checkpoint(): Json {
    return [...this.zones].map(([name, zone]) => [name, { ...zone, waiting: zone.waiting.checkpoint() }]);
  }

  restore(state: Json): void {
    this.zones.clear();
    for (const [name, zone] of state as unknown as readonly [string, Omit<Zone, 'waiting'> & { readonly waiting: Json }][]) {
      const waiting = new WaitingNodes();
      waiting.restore(zone.waiting);
      this.zones.set(name, { ...zone, waiting });
    }
  }

  private zone(name: string, now: number): Zone {
    let zone = this.zones.get(name);
    if (zone === undefined)
      this.zones.set(name, (zone = { state: 'Initial', qps: QPS, tokens: 1, filledAt: now, waiting: new WaitingNodes() }));
    return zone;
  }
}

/** `region:\0:zone`; empty for a node that says neither. */
export function zoneOf(node: Node): string {
  const labels = node.metadata.labels ?? {};
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? '';
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? '';
  return zone === '' && region === '' ? '' : `${region}:\0:${zone}`;
}

export function computeState(ready: number, notReady: number): ZoneState {
  if (ready === 0 && notReady > 0) return 'FullDisruption';
  if (notReady > 2 && notReady / (notReady + ready) >= UNHEALTHY_SHARE) return 'PartialDisruption';
  return 'Normal';
}

function setQps(zone: Zone, qps: number, now: number): void {
  if (zone.qps === qps) return;
  refill(zone, now);
  // A new limiter starts full, unless the old one was empty.
  zone.tokens = zone.tokens >= 1 || zone.qps === 0 ? 1 : 0;
  zone.qps = qps;
  zone.filledAt = now;
}

function refill(zone: Zone, now: number): void {
  zone.tokens = Math.min(1, zone.tokens + ((now - zone.filledAt) / 1000) * zone.qps);
  zone.filledAt = now;
}
