/**
 * Where the objects of the cluster are written in the files of the workspace.
 * Invariant: a file that was edited after it was applied is found all the same, and said to be another. Counterpart: none.
 */
import { locate, parsePath } from '../../manifest/locate.ts';
import { readDocument } from '../../manifest/yaml/document.ts';
import { isRecord } from '../../manifest/recognise.ts';
import type { IndexedObject, WorkspaceIndex } from '../../manifest/references/workspaceIndex.ts';
import { sameNamespace } from '../../manifest/references/workspaceIndex.ts';
import type { SourceFinder } from '../panels/object/causes.ts';
import type { SourceModel } from '../panels/object/model.ts';
import type { ObjectRef } from '../protocol/view.ts';

/** The first of several files that hold the same object: the cluster does not know which was applied. */
export function sourceFinder(index: WorkspaceIndex): SourceFinder {
  return (ref, changes) => {
    const [written] = [...index.named(groupKind(ref), ref.name)].filter(({ facts }) => sameNamespace(facts.namespace, ref.namespace));
    return written === undefined ? undefined : placeIn(written, changes);
  };
}

function placeIn({ uri, line, text }: IndexedObject, changes: Parameters<SourceFinder>[1]): SourceModel {
  const document = readDocument(text);
  const found = changes.map(({ path, to }) => ({ to, place: locate(document, parsePath(path)) })).find(({ place }) => place.complete);
  if (found === undefined) return { uri, line: line + locate(document, parsePath('metadata.name')).key.start.line, same: true };
  const { place, to } = found;
  return { uri, line: line + place.key.start.line, same: to === undefined || isSame(place.node, to) };
}

/** A map or a list is not compared: what it holds may have been completed by defaults. */
function isSame(node: unknown, to: string): boolean {
  const value = isRecord(node) ? node['value'] : undefined;
  return value === undefined || value === null || typeof value === 'object' || String(value as string | number | boolean) === to;
}

function groupKind({ apiVersion, kind }: ObjectRef): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? kind : `${kind}.${apiVersion.slice(0, slash)}`;
}
