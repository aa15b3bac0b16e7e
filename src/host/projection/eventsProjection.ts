/**
 * The cluster's story: its Event objects, oldest first, newest last.
 * Invariant: one row per Event object, at the place of its last occurrence. Counterpart: `kubectl events`.
 */
import type { Event } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import type { Revision } from '../../apiserver/storage/revision.ts';
import type { EventRow, EventsQuery } from '../viewProtocol.ts';
import { eventSource, parseEventFilter, type EventTest } from './filter.ts';
import type { ObjectSource } from './groups.ts';

export class EventsProjection {
  private readonly source: ObjectSource;
  private test: EventTest | undefined;
  private filter = '';
  private sorted: readonly Event[] | undefined;
  private positions: ReadonlyMap<string, number> | undefined;

  constructor(source: ObjectSource) {
    this.source = source;
  }

  get objects(): number {
    return this.source.list('events').length;
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

  revision(entry: Revision): void {
    if (entry.resource === 'events') this.sorted = undefined;
  }

  row(index: number): EventRow | undefined {
    const event = this.events()[index];
    return event === undefined ? undefined : toRow(event);
  }

  locate(key: string): number | undefined {
    const events = this.events();
    this.positions ??= new Map(events.map((event, index) => [`e/${keyOf(event)}`, index]));
    return this.positions.get(key);
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

  private events(): readonly Event[] {
    if (this.sorted === undefined) {
      const { test } = this;
      const all = this.source.list('events') as readonly Event[];
      this.sorted = (test === undefined ? [...all] : all.filter(test)).sort((a, b) => lastAt(a) - lastAt(b) || version(a) - version(b));
      this.positions = undefined;
    }
    return this.sorted;
  }
}

function toRow(event: Event): EventRow {
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
