import { text, wide } from '../../columns.ts';
import { translateTimestampSince } from '../../duration.ts';
import type { Event } from '../../schema/types/core/v1.ts';
import type { Table } from '../../table.ts';

export const EVENT_TABLE: Table<Event> = {
  columns: [
    text('Last Seen'),
    text('Type'),
    text('Reason'),
    text('Object'),
    wide('Subobject'),
    wide('Source'),
    text('Message'),
    wide('First Seen'),
    wide('Count'),
    { name: 'Name', type: 'string', format: 'name', priority: 1 },
  ],
  cells(event, nowMs) {
    const { involvedObject: about, series } = event;
    const eventTime = isSet(event.eventTime) ? event.eventTime : undefined;
    const first = isSet(event.firstTimestamp) ? event.firstTimestamp : eventTime;
    let last = isSet(event.lastTimestamp) ? event.lastTimestamp : first;
    let count = event.count ?? 0;
    if (series !== undefined) {
      last = series.lastObservedTime;
      count = series.count ?? 0;
    } else if (count === 0) count = 1;
    const target = (about.name ?? '') === '' ? '' : `/${about.name ?? ''}`;
    return [
      translateTimestampSince(last, nowMs),
      event.type ?? '',
      event.reason ?? '',
      `${(about.kind ?? '').toLowerCase()}${target}`,
      about.fieldPath ?? '',
      formatSource(event),
      (event.message ?? '').trim(),
      translateTimestampSince(first, nowMs),
      String(count),
      event.metadata.name ?? '',
    ];
  },
};

function isSet(time: string | null | undefined): time is string {
  return time !== undefined && time !== null && time !== '';
}

/** `kubelet, node-1`; the reporting controller where there is no source. */
function formatSource(event: Event): string {
  const component = (event.source?.component ?? '') === '' ? (event.reportingComponent ?? '') : (event.source?.component ?? '');
  const host = (event.source?.host ?? '') === '' ? (event.reportingInstance ?? '') : (event.source?.host ?? '');
  return host === '' ? component : `${component}, ${host}`;
}
