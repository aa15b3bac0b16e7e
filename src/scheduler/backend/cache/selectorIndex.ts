import type { Selector } from '../../../apimachinery/labels/selector.ts';
import type { Pod } from '../../../api/schema/types/core/v1.ts';

/** Whom an entry of the index speaks of: Pods of these namespaces (undefined: of any) that the selector may match. */
export interface Scope {
  readonly namespaces: readonly string[] | undefined;
  readonly selector: Selector;
}

/**
 * Finds, for a Pod, the selectors that may match it, without asking each of them: an entry lies under the namespace and the
 * first label that its selector asks for by value. Who gets a candidate still asks the whole selector.
 */
export class SelectorIndex<T> {
  private readonly buckets = new Map<string, Set<T>>();

  add(scope: Scope, entry: T): void {
    for (const key of bucketsOf(scope)) {
      const bucket = this.buckets.get(key);
      if (bucket === undefined) this.buckets.set(key, new Set([entry]));
      else bucket.add(entry);
    }
  }

  delete(scope: Scope, entry: T): void {
    for (const key of bucketsOf(scope)) {
      const bucket = this.buckets.get(key);
      bucket?.delete(entry);
      if (bucket?.size === 0) this.buckets.delete(key);
    }
  }

  /** Calls `visit` with every entry that may match the Pod, each once. */
  candidates(pod: Pod, visit: (entry: T) => void): void {
    if (this.buckets.size === 0) return;
    const { namespace = '', labels } = pod.metadata;
    for (const place of [namespace, ANYWHERE]) {
      this.buckets.get(place)?.forEach(visit);
      if (labels === undefined) continue;
      for (const key of Object.keys(labels)) this.buckets.get(`${place}\0${key}\0${labels[key] ?? ''}`)?.forEach(visit);
    }
  }

  clear(): void {
    this.buckets.clear();
  }
}

/** No namespace has this name. */
const ANYWHERE = '*';

function bucketsOf({ namespaces, selector }: Scope): readonly string[] {
  const exact = selector.find(({ operator, values }) => (operator === '=' || operator === 'in') && values.length === 1);
  const label = exact === undefined ? '' : `\0${exact.key}\0${exact.values[0] ?? ''}`;
  return (namespaces ?? [ANYWHERE]).map((namespace) => `${namespace}${label}`);
}
