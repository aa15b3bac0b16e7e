import type { Pod } from '../../../api/schema/types/core/v1.ts';
import type { NodeInfo } from '../../framework/nodeInfo.ts';
import { DomainCounts, type Eligibility } from './domainCounts.ts';
import { SelectorIndex, type Scope } from './selectorIndex.ts';

/** Which Pods a counter counts. */
export interface PodSelection {
  /** Equal for equal selections. */
  readonly key: string;
  /** No Pod outside of it is selected. */
  readonly scope: Scope;
  readonly matches: (pod: Pod) => boolean;
}

/** The number of selected Pods on each node, and in each domain of the topology keys that were asked for. */
export class PodCounter {
  readonly selection: PodSelection;
  private perNode = new Int32Array(64);
  private readonly domains = new Map<string, DomainCounts>();
  private readonly nodes: () => Iterable<NodeInfo>;

  constructor(selection: PodSelection, nodes: () => Iterable<NodeInfo>) {
    this.selection = selection;
    this.nodes = nodes;
    for (const info of nodes()) for (const pod of info.pods.values()) if (selection.matches(pod)) this.add(info, 1);
  }

  on(info: NodeInfo): number {
    return this.perNode[info.slot] ?? 0;
  }

  byDomain(topologyKey: string, eligibility?: Eligibility): DomainCounts {
    const key = eligibility === undefined ? topologyKey : `${topologyKey}\0${eligibility.key}`;
    let counts = this.domains.get(key);
    if (counts === undefined) {
      counts = new DomainCounts(topologyKey, eligibility);
      for (const info of this.nodes()) counts.countNode(info.node, this.on(info), 1);
      this.domains.set(key, counts);
    }
    return counts;
  }

  countPod(pod: Pod, info: NodeInfo, sign: 1 | -1): void {
    if (!this.selection.matches(pod)) return;
    this.add(info, sign);
    for (const counts of this.domains.values()) counts.countPod(info.node, sign);
  }

  /** A node came or went; its Pods are counted one by one beside. */
  countNode(info: NodeInfo, sign: 1 | -1): void {
    for (const counts of this.domains.values()) counts.countNode(info.node, this.on(info), sign);
  }

  private add({ slot }: NodeInfo, by: number): void {
    if (slot >= this.perNode.length) {
      const grown = new Int32Array(Math.max(slot + 1, this.perNode.length * 2));
      grown.set(this.perNode);
      this.perNode = grown;
    }
    this.perNode[slot] = (this.perNode[slot] ?? 0) + by;
  }
}

/** About as many numbers are kept in all counters together: 16 MB. */
const MAX_NUMBERS = 4_000_000;
const MIN_COUNTERS = 64;

/**
 * The counters that scheduling asked for lately. A counter is made by looking at all Pods once; from then on every change of
 * a Pod reaches the counters that may care, found by namespace and label. Those not asked for longest go when there are too many.
 */
export class PodCounters {
  private readonly counters = new Map<string, PodCounter>();
  private readonly index = new SelectorIndex<PodCounter>();
  private readonly nodes: () => ReadonlyMap<string, NodeInfo>;

  constructor(nodes: () => ReadonlyMap<string, NodeInfo>) {
    this.nodes = nodes;
  }

  get(selection: PodSelection): PodCounter {
    const { key } = selection;
    let counter = this.counters.get(key);
    if (counter === undefined) {
      counter = new PodCounter(selection, () => this.nodes().values());
      this.index.add(selection.scope, counter);
    } else this.counters.delete(key);
    this.counters.set(key, counter);
    if (this.counters.size > Math.max(MIN_COUNTERS, MAX_NUMBERS / Math.max(1, this.nodes().size))) this.forgetOldest();
    return counter;
  }

  countPod(pod: Pod, info: NodeInfo, sign: 1 | -1): void {
    this.index.candidates(pod, (counter) => counter.countPod(pod, info, sign));
  }

  countNode(info: NodeInfo, sign: 1 | -1): void {
    for (const counter of this.counters.values()) counter.countNode(info, sign);
  }

  clear(): void {
    this.counters.clear();
    this.index.clear();
  }

  private forgetOldest(): void {
    const oldest = this.counters.entries().next();
    if (oldest.done === true) return;
    const [key, counter] = oldest.value;
    this.counters.delete(key);
    this.index.delete(counter.selection.scope, counter);
  }
}
