/**
 * What of a map is shown when a person asks for a part of it.
 * Invariant: what matches is shown with all that leads to it and all that it leads to, never alone. Counterpart: none.
 */
import type { ObjectRef } from '../../protocol/view.ts';
import { isWrong, type Graph, type Item } from './graph.ts';
import type { MapQuery } from './model.ts';

/** @param placeOf what stands for a node */
export function selected(graph: Graph, { filter, problems, focus }: MapQuery, placeOf: (node: string) => string): Graph {
  let found = graph;
  if (focus !== undefined) {
    const node = focus.kind === 'Node' ? `node ${placeOf(focus.name)}` : undefined;
    found = around(found, ({ key, ref }) => key === node || isSame(ref, focus));
  }
  const words = filter
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length > 0) found = around(found, ({ name, namespace, kind }) => matches(`${kind} ${namespace}/${name}`.toLowerCase(), words));
  if (problems) found = wrong(found);
  return found;
}

function wrong(graph: Graph): Graph {
  const ends = new Set(
    [...graph.links()].filter(({ tone, flow }) => isWrong(tone) || flow.failing > 0).flatMap(({ from, to }) => [from, to]),
  );
  return around(graph, ({ key, tone }) => isWrong(tone) || ends.has(key));
}

function around(graph: Graph, isWanted: (item: Item) => boolean): Graph {
  const seeds = [...graph.items.values()].filter(isWanted).map(({ key }) => key);
  const up = new Map<string, string[]>();
  const down = new Map<string, string[]>();
  for (const { from, to } of graph.links()) {
    push(down, from, to);
    push(up, to, from);
  }
  // A group that is open is its Pods.
  for (const { key, parent } of graph.items.values()) if (parent !== undefined) push(down, parent, key);
  const kept = new Set(seeds);
  for (const [ways, start] of [
    [up, withMembers(graph, seeds)],
    [down, seeds],
  ] as const)
    for (const key of reach(ways, start)) kept.add(key);
  for (const key of [...kept]) {
    const parent = graph.items.get(key)?.parent;
    if (parent !== undefined) kept.add(parent);
  }
  return graph.only(kept);
}

/** What leads to an open group leads to its Pods. */
function withMembers(graph: Graph, keys: readonly string[]): readonly string[] {
  const wanted = new Set(keys);
  return [...keys, ...[...graph.items.values()].filter(({ parent }) => parent !== undefined && wanted.has(parent)).map(({ key }) => key)];
}

function reach(ways: ReadonlyMap<string, readonly string[]>, start: readonly string[]): ReadonlySet<string> {
  const found = new Set(start);
  const waiting = [...start];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    for (const next of ways.get(key) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      waiting.push(next);
    }
  }
  return found;
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

function matches(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

function isSame(ref: ObjectRef | undefined, other: ObjectRef): boolean {
  return ref?.kind === other.kind && ref.namespace === other.namespace && ref.name === other.name;
}
