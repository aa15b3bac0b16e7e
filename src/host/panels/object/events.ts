/** The Events about one object, found by an index that is made when somebody first asks. Counterpart: `kubectl events --for`. */
import type { Event } from '../../../api/schema/types/core/v1.ts';
import type { Store } from '../../../apiserver/storage/store.ts';
import { eventRow } from '../../projection/eventsProjection.ts';
import type { EventRow, ObjectRef } from '../../protocol/view.ts';

const MOST = 200;
const INDEX = 'panels/about';

const indexed = new WeakSet<Pick<Store, 'addIndex'>>();

/** The last one first. */
export function eventsAbout(store: Pick<Store, 'addIndex' | 'byIndex'>, ref: ObjectRef): readonly EventRow[] {
  if (!indexed.has(store)) {
    indexed.add(store);
    store.addIndex('events', INDEX, (event) => [aboutKey((event as Event).involvedObject)]);
  }
  const events = store.byIndex('events', INDEX, aboutKey(ref)) as readonly Event[];
  return events
    .map(eventRow)
    .toSorted((a, b) => b.lastAt - a.lastAt || (a.key < b.key ? 1 : -1))
    .slice(0, MOST);
}

/** Whatever version of its kind an Event names. */
export function aboutKey({ kind = '', namespace = '', name = '' }: Partial<ObjectRef>): string {
  return `${kind} ${namespace}/${name}`;
}
