/**
 * Objects of a cluster that somebody wrote to files: `kubectl get … -o yaml` or `-o json`, lists and single ones.
 * Invariant: what a file holds beside objects is passed over by the import, not here. Counterpart: the resource builder of kubectl.
 */
import { loadAll } from 'js-yaml';
import { isRecord } from '../../manifest/recognise.ts';

/** @throws Error if the text is no YAML */
export function objectsOfText(text: string): readonly unknown[] {
  return documentsOf(text).flatMap(flatten);
}

function documentsOf(text: string): readonly unknown[] {
  // Much of what kubectl writes is large, and JSON is read ten times as fast.
  if (/^\s*[{[]/.test(text)) {
    try {
      return [JSON.parse(text)];
    } catch {
      // Several objects in a row, or YAML in braces.
    }
  }
  return loadAll(text);
}

function flatten(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(flatten);
  if (!isRecord(value)) return [];
  const { items, kind } = value;
  return Array.isArray(items) && typeof kind === 'string' && kind.endsWith('List') ? items.flatMap(flatten) : [value];
}
