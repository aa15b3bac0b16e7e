/** The selectors of the targets of all autoscalers, found by the Pods that they select. Counterpart: the BiMultimap of the real controller. */
import { parseSelector } from '../../apimachinery/labels/parse.ts';
import { matches, type Selector } from '../../apimachinery/labels/selector.ts';
import { splitKey, type KubeObject } from '../../apimachinery/meta/resource.ts';

interface Entry {
  readonly text: string;
  readonly selector: Selector;
  readonly anchor: string;
  /** Autoscalers are told in the order in which they were first looked at. */
  readonly place: number;
}

export class TargetSelectors {
  private readonly entries = new Map<string, Entry>();
  /** By namespace and a label that must be there (or none), the keys of autoscalers. */
  private readonly byAnchor = new Map<string, Set<string>>();
  private next = 0;

  /** @param key of the autoscaler */
  set(key: string, text: string): void {
    const known = this.entries.get(key);
    if (known?.text === text) return;
    const parsed = parseSelector(text);
    if ('error' in parsed) return;
    if (known !== undefined) this.delete(key);
    const anchor = anchorOf(splitKey(key).namespace, parsed.selector);
    this.entries.set(key, { text, selector: parsed.selector, anchor, place: known?.place ?? this.next++ });
    const keys = this.byAnchor.get(anchor);
    if (keys === undefined) this.byAnchor.set(anchor, new Set([key]));
    else keys.add(key);
  }

  delete(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    const keys = this.byAnchor.get(entry.anchor);
    keys?.delete(key);
    if (keys?.size === 0) this.byAnchor.delete(entry.anchor);
  }

  /** The autoscalers whose targets select any of these Pods of one namespace. */
  selecting(namespace: string, pods: readonly KubeObject[]): readonly string[] {
    const anchors = new Set([anchorOf(namespace, [])]);
    for (const { metadata } of pods) {
      for (const [key, value] of Object.entries(metadata.labels ?? {})) anchors.add(labelAnchor(namespace, key, value));
    }
    const found: (readonly [string, Entry])[] = [];
    for (const anchor of anchors) {
      for (const key of this.byAnchor.get(anchor) ?? []) {
        const entry = this.entries.get(key);
        if (entry !== undefined && pods.some(({ metadata }) => matches(entry.selector, metadata.labels))) found.push([key, entry]);
      }
    }
    return found.sort(([, left], [, right]) => left.place - right.place).map(([key]) => key);
  }

  checkpoint(): readonly (readonly [string, string])[] {
    const all = [...this.entries].sort(([, left], [, right]) => left.place - right.place);
    return all.map(([key, { text }]) => [key, text]);
  }

  restore(memory: readonly (readonly [string, string])[]): void {
    this.entries.clear();
    this.byAnchor.clear();
    for (const [key, text] of memory) this.set(key, text);
  }
}

/** One of the labels that must be there is enough to be found by. */
function anchorOf(namespace: string, selector: Selector): string {
  const one = selector.find(({ operator, values }) => operator === '=' || (operator === 'in' && values.length === 1));
  return one === undefined ? `${namespace}/` : labelAnchor(namespace, one.key, one.values[0] ?? '');
}

function labelAnchor(namespace: string, key: string, value: string): string {
  return `${namespace}/${key}=${value}`;
}
