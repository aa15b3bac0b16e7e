/**
 * What object a document is while a person types in it.
 * Invariant: a document that does not read at the moment is the object that its tree says; nothing more is read off the tree.
 * Counterpart: none; kubectl refuses what does not read.
 */
import { isMap, isScalar } from 'yaml';
import type { YamlDocument } from '../yaml/document.ts';
import { headOf, type ObjectHead } from '../recognise.ts';

export function documentHead(document: YamlDocument): ObjectHead | undefined {
  return headOf(document.value ?? headValue(document));
}

/** The head of a document as plain data: `apiVersion`, `kind`, who it is, and whether there is a spec; undefined if it is no map. */
export function headValue({ root }: YamlDocument): Readonly<Record<string, unknown>> | undefined {
  if (!isMap(root)) return undefined;
  const metadata = root.get('metadata');
  return {
    ...scalarsOf(root, ['apiVersion', 'kind']),
    ...(isMap(metadata) ? { metadata: scalarsOf(metadata, ['name', 'namespace', 'generateName']) } : {}),
    ...(isMap(root.get('spec')) ? { spec: {} } : {}),
  };
}

function scalarsOf(map: { get(key: string, keepScalar: true): unknown }, names: readonly string[]): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const node = map.get(name, true);
    if (isScalar(node)) found[name] = node.value;
  }
  return found;
}
