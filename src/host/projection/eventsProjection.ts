/**
 * The cluster's story: its Event objects, oldest first, newest last.
 * Invariant: one row per Event object, at the place of its last occurrence. Counterpart: `kubectl events`.
 */
import type { Event } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import type { Revision } from '../../apiserver/storage/revision.ts';
import type { EventRow, EventsQuery } from '../protocol/view.ts';
import { eventSource, parseEventFilter, type EventTest } from './filter.ts';
import type { ObjectSource } from './groups.ts';

export class EventsProjection {
  private readonly source: ObjectSource;
  private test: EventTest | undefined;
  private filter = '';
  /** Follows every write in place; undefined until someone asks. */
  private sorted: Event[] | undefined;

  constructor(source: ObjectSource) {
    this.source = source;
  }

  get objects(): number {
    return this.source.count('events');
  }

  get total(): number {
    return this.events().length;
  }

  setQuery(query: EventsQuery): void {
    if (query.filter === this.filter) return;
    this.filter = query.filter;
    this.test = parseEventFilter(query.filter);
    this.sorted = undefined;
  }

  revision({ resource, type, object, previous }: Revision): void {
    const { sorted } = this;
    if (resource !== 'events' || sorted === undefined) return;
    const old = previous as Event | undefined;
    const at = old === undefined ? undefined : placeOf(sorted, old);
    if (at !== undefined && sorted[at] === old) sorted.splice(at, 1);
    const event = object as Event;
    // Nearly always at the end: the newest event is the last.
    if (type !== 'DELETED' && this.passes(event)) sorted.splice(placeOf(sorted, event), 0, event);
  }

  row(index: number): EventRow | undefined {
    const event = this.events()[index];
    return event === undefined ? undefined : eventRow(event);
  }

  locate(key: string): number | undefined {
    const event = this.source.get('events', key.replace(/^e\//, '')) as Event | undefined;
    if (event === undefined) return undefined;
    const at = placeOf(this.events(), event);
    return this.events()[at] === event ? at : undefined;
  }

  find(prefix: string, after: number): { readonly index: number; readonly key: string } | undefined {
    const events = this.events();
    for (let step = 1; step <= events.length; step++) {
      const index = (after + step) % events.length;
      const event = events[index];
      if (event?.reason?.toLowerCase().startsWith(prefix.toLowerCase()) === true) return { index, key: `e/${keyOf(event)}` };
    }
    return undefined;
  }

  private passes(event: Event): boolean {
    return this.test === undefined || this.test(event);
  }

  private events(): readonly Event[] {
    this.sorted ??= (this.source.list('events') as readonly Event[]).filter((event) => this.passes(event)).sort(compare);
    return this.sorted;
  }
}

/**
 * By the second, then by the write: some components report whole seconds and others microseconds, so that finer times would
 * put what happened first (Scheduled, at 0.4 s) behind what followed from it (Started, at 0 s).
 */
function compare(a: Event, b: Event): number {
  return Math.floor(lastAt(a) / 1000) - Math.floor(lastAt(b) / 1000) || version(a) - version(b);
}

/** Where the event stands, or would stand. */
function placeOf(sorted: readonly Event[], event: Event): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(sorted[middle] as Event, event) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The row of an Event. */
export function eventRow(event: Event): EventRow {
  const { apiVersion, kind, namespace, name } = event.involvedObject;
  const last = lastAt(event);
  return {
    type: 'event',
    key: `e/${keyOf(event)}`,
    ref: { apiVersion: 'v1', kind: 'Event', namespace: event.metadata.namespace ?? '', name: event.metadata.name ?? '' },
    about: { apiVersion: apiVersion ?? '', kind: kind ?? '', namespace: namespace ?? '', name: name ?? '' },
    firstAt: timeOf(event.firstTimestamp) ?? last,
    lastAt: last,
    count: event.series?.count ?? event.count ?? 1,
    severity: event.type === 'Warning' ? 'Warning' : 'Normal',
    reason: event.reason ?? '',
    message: (event.message ?? '').trim(),
    from: eventSource(event),
  };
}

const times = new WeakMap<Event, number>();

/** Virtual milliseconds since 1970 of the last occurrence. */
function lastAt(event: Event): number {
  let time = times.get(event);
  if (time === undefined) {
    time =
      timeOf(event.series?.lastObservedTime) ??
      timeOf(event.lastTimestamp) ??
      timeOf(event.eventTime) ??
      timeOf(event.metadata.creationTimestamp) ??
      0;
    times.set(event, time);
  }
  return time;
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : parseTime(text);
}

function version(event: Event): number {
  return Number(event.metadata.resourceVersion ?? 0);
}
