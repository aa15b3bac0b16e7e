import type { Node } from '../../../api/schema/types/core/v1.ts';

/** Which nodes' Pods count, told by a text that is equal for equal rules; absent: all nodes that have the topology key. */
export interface Eligibility {
  readonly key: string;
  readonly eligible: (node: Node) => boolean;
}

/** Changes of a what-if, by value of the topology key. */
export type DomainDeltas = ReadonlyMap<string, number>;

/**
 * How many of a counter's Pods each domain of one topology key holds, kept up to date Pod by Pod.
 * Promised: `least` and `of` cost the same with 3 domains and with 5,000.
 */
export class DomainCounts {
  readonly topologyKey: string;
  private readonly eligibility: Eligibility | undefined;
  /** A domain counts as one while it has an eligible node, even without Pods. */
  private readonly domains = new Map<string, { nodes: number; pods: number }>();
  /** Number of Pods > number of domains that hold as many. */
  private readonly histogram: number[] = [];
  private lowest = 0;
  private sum = 0;

  constructor(topologyKey: string, eligibility?: Eligibility) {
    this.topologyKey = topologyKey;
    this.eligibility = eligibility;
  }

  /** Domains with an eligible node. */
  get size(): number {
    return this.domains.size;
  }

  /** Pods in all domains. */
  get total(): number {
    return this.sum;
  }

  /** Pods in the node's domain; 0 where the node lacks the key. */
  at(node: Node): number {
    const value = node.metadata.labels?.[this.topologyKey];
    return value === undefined ? 0 : this.of(value);
  }

  /** Pods in the domain of that value. */
  of(value: string): number {
    return this.domains.get(value)?.pods ?? 0;
  }

  /** Pods in the emptiest domain; infinite where there is none. */
  least(deltas?: DomainDeltas): number {
    if (this.domains.size === 0) return deltas === undefined || deltas.size === 0 ? Number.POSITIVE_INFINITY : Math.min(...deltas.values());
    if (deltas === undefined || deltas.size === 0) return this.lowest;
    let least = Number.POSITIVE_INFINITY;
    const moved = new Map<number, number>();
    for (const [value, delta] of deltas) {
      const domain = this.domains.get(value);
      if (domain !== undefined) moved.set(domain.pods, (moved.get(domain.pods) ?? 0) + 1);
      least = Math.min(least, (domain?.pods ?? 0) + delta);
    }
    for (let pods = this.lowest; pods < this.histogram.length && pods < least; pods++) {
      if ((this.histogram[pods] ?? 0) > (moved.get(pods) ?? 0)) return pods;
    }
    return least;
  }

  /** A node came (1) or went (-1) with so many Pods that count. */
  countNode(node: Node, pods: number, sign: 1 | -1): void {
    const value = this.domainOf(node);
    if (value === undefined) return;
    let domain = this.domains.get(value);
    if (domain === undefined) {
      this.domains.set(value, (domain = { nodes: 0, pods: 0 }));
      this.record(0, 1);
    }
    domain.nodes += sign;
    if (pods !== 0) this.move(domain, sign * pods);
    if (domain.nodes > 0) return;
    this.record(domain.pods, -1);
    this.domains.delete(value);
  }

  /** A Pod that counts came to the node (1) or went (-1). */
  countPod(node: Node, sign: 1 | -1): void {
    const value = this.domainOf(node);
    const domain = value === undefined ? undefined : this.domains.get(value);
    if (domain !== undefined) this.move(domain, sign);
  }

  private domainOf(node: Node): string | undefined {
    const value = node.metadata.labels?.[this.topologyKey];
    return value === undefined || this.eligibility?.eligible(node) === false ? undefined : value;
  }

  private move(domain: { pods: number }, by: number): void {
    this.record(domain.pods + by, 1);
    this.record(domain.pods, -1);
    domain.pods += by;
    this.sum += by;
  }

  private record(pods: number, by: 1 | -1): void {
    const { histogram } = this;
    while (histogram.length <= pods) histogram.push(0);
    histogram[pods] = (histogram[pods] ?? 0) + by;
    if (by === 1 && pods < this.lowest) this.lowest = pods;
    while (this.lowest < histogram.length && histogram[this.lowest] === 0) this.lowest++;
  }
}
