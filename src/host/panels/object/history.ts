/**
 * How one object came to be as it is: its writes, found one from the other.
 * Invariant: costs a search for each write of the object, never a walk over the history of others.
 * Counterpart: none; etcd forgets what a watch has been told.
 */
import type { KubeObject } from '../../../apimachinery/meta/resource.ts';
import type { Revision } from '../../../apiserver/storage/revision.ts';
import type { Store } from '../../../apiserver/storage/store.ts';
import { changesOf, telling, type FieldChange } from './changes.ts';

export type HistoryStore = Pick<Store, 'at'>;

/** More writes of one object nobody reads. */
const MOST = 300;

/** The object's writes that history still holds, newest first. */
export function writesOf(store: HistoryStore, resource: string, object: KubeObject): readonly Revision[] {
  const found: Revision[] = [];
  let version = object.metadata.resourceVersion;
  while (version !== undefined && found.length < MOST) {
    const entry = store.at(Number(version), resource);
    if (entry === undefined) break;
    found.push(entry);
    version = entry.previous?.metadata.resourceVersion;
  }
  return found;
}

const known = new WeakMap<Revision, readonly FieldChange[]>();
const worthTelling = new WeakMap<Revision, readonly FieldChange[]>();

/** What a write changed; worked out once. */
export function changesBy(entry: Revision): readonly FieldChange[] {
  let changes = known.get(entry);
  if (changes === undefined) known.set(entry, (changes = changesOf(entry.previous, entry.object)));
  return changes;
}

/** What of it is worth a line, see `telling`. */
export function toldChanges(entry: Revision): readonly FieldChange[] {
  let changes = worthTelling.get(entry);
  if (changes === undefined) worthTelling.set(entry, (changes = telling(changesBy(entry))));
  return changes;
}

/** Whether a change is one of a field, of a part of it, or of something that holds it. */
export function touches(changed: string, field: string): boolean {
  return changed === field || isBelow(changed, field) || isBelow(field, changed);
}

function isBelow(path: string, above: string): boolean {
  return path.startsWith(above) && (path[above.length] === '.' || path[above.length] === '[');
}
