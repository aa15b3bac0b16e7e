import type { Json } from '../../base/json.ts';

/**
 * Nodes that wait for their taint: who came first goes first.
 * Nodes of one instant have no order in the real controller, which looks at them in parallel; here the last of them goes first.
 * Invariant: adding, taking and removing cost the same however many wait; 5,000 nodes are asked about at every look.
 * Counterpart: the heap of RateLimitedTimedQueue.
 */
export class WaitingNodes {
  /** Since when each node waits, milliseconds since 1970. */
  private readonly since = new Map<string, number>();
  /** By time, in the order of time. A node that does not wait any more is still in its group, until its turn comes. */
  private readonly groups = new Map<number, string[]>();

  get size(): number {
    return this.since.size;
  }

  add(node: string, now: number): void {
    if (this.since.has(node)) return;
    this.since.set(node, now);
    const group = this.groups.get(now);
    if (group === undefined) this.groups.set(now, [node]);
    else group.push(node);
  }

  remove(node: string): void {
    this.since.delete(node);
    if (this.since.size === 0) this.groups.clear();
  }

  take(): string | undefined {
    for (const [time, group] of this.groups) {
      for (let node = group.pop(); node !== undefined; node = group.pop()) {
        if (this.since.get(node) !== time) continue;
        this.remove(node);
        return node;
      }
      this.groups.delete(time);
    }
    return undefined;
  }

  checkpoint(): Json {
    return [...this.groups].map(([time, group]) => [time, group.filter((node) => this.since.get(node) === time)]);
  }

  restore(state: Json): void {
    this.since.clear();
    this.groups.clear();
    for (const [time, group] of state as unknown as readonly [number, readonly string[]][]) for (const node of group) this.add(node, time);
  }
}
