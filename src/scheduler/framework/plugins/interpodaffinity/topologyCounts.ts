import type { Node } from '../../../../api/schema/types/core/v1.ts';

/** Amounts by topology domain: `zone=a` > how many; small ones, such as the changes of a what-if. */
export class TopologyCounts {
  private readonly counts = new Map<string, number>();

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

  /** Over all domains of a key. */
  total(topologyKey: string): number {
    let sum = 0;
    for (const [domain, amount] of this.counts) if (domain.startsWith(`${topologyKey}\0`)) sum += amount;
    return sum;
  }

  clone(): TopologyCounts {
    const copy = new TopologyCounts();
    for (const [domain, amount] of this.counts) copy.counts.set(domain, amount);
    return copy;
  }
}
