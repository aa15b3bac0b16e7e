import type { UnknownObject } from '../../apimachinery/meta/resource.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import { humanDuration } from '../../api/duration.ts';
import type { Event } from '../../api/schema/types/core/v1.ts';
import { send, type Rest } from '../rest.ts';
import { lines, table } from './text.ts';

/**
 * The events about an object, oldest first, as the end of a description.
 * @param column where it stands that there are none
 */
export async function eventsOf(rest: Rest, object: UnknownObject, nowMs: number, column = 9): Promise<string> {
  const { metadata, kind } = object;
  const selector = [`involvedObject.name=${metadata.name ?? ''}`, `involvedObject.kind=${kind ?? ''}`];
  const namespace = metadata.namespace === undefined ? '' : `/namespaces/${encodeURIComponent(metadata.namespace)}`;
  const answer = await send(rest, { method: 'GET', path: `/api/v1${namespace}/events`, query: { fieldSelector: selector.join(',') } });
  const items = answer.ok ? ((answer.value['items'] ?? []) as readonly Event[]) : [];
  const own = items.filter(
    ({ involvedObject }) =>
      involvedObject.uid === undefined || metadata.uid === undefined || involvedObject.uid === metadata.uid || kind === 'Node',
  );
  if (own.length === 0) return `${'Events:'.padEnd(column)}<none>\n`;
  const rows = own
    .toSorted((a, b) => sortTimeOf(a) - sortTimeOf(b))
    .map((event) => [
      event.type ?? '',
      event.reason ?? '',
      age(event, nowMs),
      event.source?.component ?? event.reportingComponent ?? '',
      `${event.involvedObject.fieldPath === undefined ? '' : `${event.involvedObject.fieldPath}: `}${(event.message ?? '').trim()}`,
    ]);
  return `Events:\n${lines(table([['Type', 'Reason', 'Age', 'From', 'Message'], ['----', '------', '----', '----', '-------'], ...rows], 2))}`;
}

/** kubectl sorts by lastTimestamp alone: events that have only an eventTime, as Scheduled, come first. */
function sortTimeOf({ lastTimestamp }: Event): number {
  return lastTimestamp === undefined ? 0 : parseTime(lastTimestamp);
}

function timeOf({ lastTimestamp, eventTime, metadata }: Event): number {
  const text = lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
  return text === undefined ? 0 : parseTime(text);
}

/** `3s`, or `5s (x4 over 2m)` for one that came again. */
function age(event: Event, nowMs: number): string {
  const last = humanDuration(nowMs - timeOf(event));
  const count = event.series?.count ?? event.count ?? 1;
  const first = event.firstTimestamp;
  return count > 1 && first !== undefined ? `${last} (x${count} over ${humanDuration(nowMs - parseTime(first))})` : last;
}
