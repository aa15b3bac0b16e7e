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
  /** By their ends: first where they come from. A large cluster has thousands, so no key is put together for each. */
  private readonly ways = new Map<string, Map<string, Link>>();

  item(item: Omit<Item, 'why' | 'expanded' | 'parent' | 'flow'> & Partial<Item>): Item {
    const { key, column, kind, name, namespace, ref, tone, status, why = '', flow = NO_FLOW, expanded, parent } = item;
    const whole: Item = { key, column, kind, name, namespace, ref, tone, status, why, flow, expanded, parent };
    this.items.set(key, whole);
    return whole;
  }

  /** Two links of the same ends are one: it is as good as the better of them, and says what both say. */
  link({ from, to, tone, text, flow = NO_FLOW }: Omit<Link, 'flow'> & Partial<Link>): void {
    let ways = this.ways.get(from);
    if (ways === undefined) this.ways.set(from, (ways = new Map()));
    const known = ways.get(to);
    if (known === undefined) {
      ways.set(to, { from, to, tone, text, flow });
      return;
    }
    known.flow = sum(known.flow, flow);
    if (RANK[tone] < RANK[known.tone]) known.tone = tone;
    if (text !== '' && !known.text.includes(text)) known.text = known.text === '' ? text : `${known.text}, ${text}`;
  }

  hasLink(from: string, to: string): boolean {
    return this.ways.get(from)?.has(to) === true;
  }

  *links(): Iterable<Link> {
    for (const ways of this.ways.values()) yield* ways.values();
  }

  /** Only these items and the links between them; open groups with what is in them. */
  only(keys: ReadonlySet<string>): Graph {
    const graph = new Graph();
    for (const [key, item] of this.items) if (keys.has(key)) graph.items.set(key, item);
    for (const link of this.links()) if (keys.has(link.from) && keys.has(link.to)) graph.link(link);
    return graph;
  }
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
