/**
 * Makes few boxes of many: by their namespaces first, then the least important ones into one.
 * Invariant: a picture has at most `MAX_OF_COLUMN` boxes a column, open groups of Pods aside; nothing is left out without being counted.
 * Counterpart: none.
 */
import { Graph, isWrong, NO_FLOW, sum, worse, type Item } from './graph.ts';
import type { Column } from './model.ts';
import { many } from './place.ts';

export const MAX_OF_COLUMN = 36;

interface Folded {
  readonly graph: Graph;
  /** Items that stand for several. */
  readonly count: number;
}

export function folded(graph: Graph): Folded {
  const homes = new Map<string, string>();
  const made = new Map<string, Item>();
  const sizes = new Map<string, number>();
  for (const [column, items] of byColumn(graph)) {
    if (items.length <= MAX_OF_COLUMN) continue;
    const groups = groupBy(items, ({ namespace }) => namespace);
    // Things without namespaces, or as many namespaces as things: only the rest can be one.
    const bySpace =
      groups.size > 1 || !groups.has('')
        ? [...groups.values()].map((all) => fold(column, all))
        : items.map((item) => [item, [item]] as const);
    for (const [item, all] of bounded(column, bySpace)) {
      if (all.length === 1) continue;
      made.set(item.key, item);
      sizes.set(item.key, all.length);
      for (const { key } of all) homes.set(key, item.key);
    }
  }
  if (made.size === 0) return { graph, count: 0 };
  return { graph: moved(graph, homes, made), count: made.size };
}

type Fold = readonly [item: Item, all: readonly Item[]];

function bounded(column: Column, folds: readonly Fold[]): readonly Fold[] {
  if (folds.length <= MAX_OF_COLUMN) return folds;
  const sorted = folds.toSorted(
    ([a, of], [b, others]) => Number(isWrong(b.tone)) - Number(isWrong(a.tone)) || others.length - of.length || (a.key < b.key ? -1 : 1),
  );
  const rest = sorted.slice(MAX_OF_COLUMN - 1).flatMap(([, all]) => all);
  return [...sorted.slice(0, MAX_OF_COLUMN - 1), [merged(column, rest, `more ${column}`, `${rest.length} more`, ''), rest]];
}

function fold(column: Column, all: readonly Item[]): Fold {
  const [first] = all;
  if (all.length === 1 && first !== undefined) return [first, all];
  const namespace = first?.namespace ?? '';
  return [merged(column, all, `fold ${column} ${namespace}`, namespace, namespace), all];
}

const WORDS: Readonly<Record<Column, readonly [string, string]>> = {
  client: ['Load', 'Loads'],
  ingress: ['Ingress', 'Ingresses'],
  service: ['Service', 'Services'],
  endpoints: ['Service’s endpoints', 'Services’ endpoints'],
  pods: ['group of Pods', 'groups of Pods'],
  node: ['node', 'nodes'],
};

function merged(column: Column, all: readonly Item[], key: string, name: string, namespace: string): Item {
  const wrong = all.filter(({ tone }) => isWrong(tone));
  return {
    key,
    column,
    kind: 'Namespace',
    name,
    namespace,
    ref: undefined,
    tone: all.reduce((tone, item) => worse(tone, item.tone), all[0]?.tone ?? 'idle'),
    status: `${many(all.length, ...WORDS[column])}${wrong.length === 0 ? '' : `, ${wrong.length} with problems`}`,
    why: wrong[0]?.why ?? '',
    flow: all.reduce((flow, item) => sum(flow, item.flow), NO_FLOW),
    expanded: undefined,
    parent: undefined,
  };
}

/** Links of what was folded are those of what stands for it. */
function moved(graph: Graph, homes: ReadonlyMap<string, string>, made: ReadonlyMap<string, Item>): Graph {
  const next = new Graph();
  for (const [key, item] of graph.items)
    if (!homes.has(key) && !(item.parent !== undefined && homes.has(item.parent))) next.items.set(key, item);
  for (const [key, item] of made) next.items.set(key, item);
  const homeOf = (key: string): string => {
    const parent = graph.items.get(key)?.parent;
    return homes.get(parent ?? key) ?? key;
  };
  for (const link of graph.links()) {
    const from = homeOf(link.from);
    const to = homeOf(link.to);
    if (!next.items.has(from) || !next.items.has(to) || from === to) continue;
    const isFolded = from !== link.from || to !== link.to;
    next.link({ from, to, tone: link.tone, flow: link.flow, text: isFolded ? '' : link.text });
  }
  return next;
}

function byColumn(graph: Graph): ReadonlyMap<Column, readonly Item[]> {
  return groupBy(
    [...graph.items.values()].filter(({ parent }) => parent === undefined),
    ({ column }) => column,
  );
}

function groupBy<T, K>(all: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of all) {
    const key = keyOf(item);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [item]);
    else known.push(item);
  }
  return groups;
}
