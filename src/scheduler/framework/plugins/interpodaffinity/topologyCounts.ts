import type { Node } from '../../../../api/schema/types/core/v1.ts';

/** Amounts by topology domain: `zone=a` > how many. */
export class TopologyCounts {
  private readonly counts = new Map<string, number>();

  get isEmpty(): boolean {
    return this.counts.size === 0;
  }

  /** Adds to the domain that the node is in; a node without the label is in none. */
  add(node: Node, topologyKey: string, amount: number): void {
    const value = node.metadata.labels?.[topologyKey];
    if (value === undefined) return;
    const domain = `${topologyKey}\0${value}`;
    const sum = (this.counts.get(domain) ?? 0) + amount;
    if (sum === 0) this.counts.delete(domain);
    else this.counts.set(domain, sum);
  }

  /** 0 where the node lacks the label. */
  get(node: Node, topologyKey: string): number {
    const value = node.metadata.labels?.[topologyKey];
    return value === undefined ? 0 : (this.counts.get(`${topologyKey}\0${value}`) ?? 0);
  }

  /** Whether the node is in any domain that has an amount. */
  touches(node: Node): boolean {
    for (const domain of this.counts.keys()) {
      const [key = '', value] = domain.split('\0');
      if (node.metadata.labels?.[key] === value) return true;
    }
    return false;
  }

  /** The keys of all domains, each once. */
  keys(): readonly string[] {
    return [...new Set([...this.counts.keys()].map((domain) => domain.slice(0, domain.indexOf('\0'))))];
  }

  clone(): TopologyCounts {
    const copy = new TopologyCounts();
    for (const [domain, amount] of this.counts) copy.counts.set(domain, amount);
    return copy;
  }
}
