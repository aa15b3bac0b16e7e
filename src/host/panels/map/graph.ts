/**
 * Boxes and lines while the map is worked out.
 * Invariant: a link's ends are items of the graph or are dropped with it. Counterpart: none.
 */
import type { ObjectRef, Tone } from '../../protocol/view.ts';
import type { Column, FlowModel } from './model.ts';

export interface Item {
  readonly key: string;
  readonly column: Column;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly ref: ObjectRef | undefined;
  tone: Tone;
  status: string;
  why: string;
  flow: FlowModel;
  readonly expanded: boolean | undefined;
  /** The open group that it is in. */
  readonly parent: string | undefined;
}

export interface Link {
  readonly from: string;
  readonly to: string;
  tone: Tone;
  text: string;
  flow: FlowModel;
}

export const NO_FLOW: FlowModel = { perSecond: 0, failing: 0 };

export class Graph {
  readonly items = new Map<string, Item>();
  readonly links = new Map<string, Link>();

  item(item: Omit<Item, 'why' | 'expanded' | 'parent' | 'flow'> & Partial<Item>): Item {
    const whole: Item = { why: '', flow: NO_FLOW, expanded: undefined, parent: undefined, ...item };
    this.items.set(item.key, whole);
    return whole;
  }

  /** Two links of the same ends are one: it is as good as the better of them, and says what both say. */
  link({ flow = NO_FLOW, ...link }: Omit<Link, 'flow'> & Partial<Link>): void {
    const key = linkKey(link);
    const known = this.links.get(key);
    if (known === undefined) {
      this.links.set(key, { flow, ...link });
      return;
    }
    known.flow = sum(known.flow, flow);
    if (RANK[link.tone] < RANK[known.tone]) known.tone = link.tone;
    if (link.text !== '' && !known.text.includes(link.text)) known.text = known.text === '' ? link.text : `${known.text}, ${link.text}`;
  }

  /** Only these items and the links between them; open groups with what is in them. */
  only(keys: ReadonlySet<string>): Graph {
    const graph = new Graph();
    for (const [key, item] of this.items) if (keys.has(key)) graph.items.set(key, item);
    for (const [key, link] of this.links) if (keys.has(link.from) && keys.has(link.to)) graph.links.set(key, link);
    return graph;
  }
}

export function linkKey({ from, to }: Pick<Link, 'from' | 'to'>): string {
  return `${from} > ${to}`;
}

/** The better first. */
const RANK: Readonly<Record<Tone, number>> = { ok: 0, info: 1, busy: 2, idle: 3, warn: 4, error: 5 };

/** The worse of two, for what stands for both. */
export function worse(a: Tone, b: Tone): Tone {
  return SEVERITY[a] >= SEVERITY[b] ? a : b;
}

const SEVERITY: Readonly<Record<Tone, number>> = { idle: 0, ok: 1, info: 2, busy: 3, warn: 4, error: 5 };

export function sum(a: FlowModel, b: FlowModel): FlowModel {
  return a === NO_FLOW ? b : b === NO_FLOW ? a : { perSecond: a.perSecond + b.perSecond, failing: a.failing + b.failing };
}

export function isWrong(tone: Tone): boolean {
  return tone === 'error' || tone === 'warn';
}
