/** What an event says in words. Pure. */
import type { EventRow, ObjectRef } from '../../host/viewProtocol.ts';
import { plural, timeText } from '../shared/format.ts';

/** `Warning at 06:11: FailedScheduling, pod/web-1, 0/3 nodes are available, from default-scheduler, 4 times` */
export function eventLabel(row: EventRow, start: number): string {
  const parts = [
    `${row.severity} at ${timeText(row.lastAt - start)}: ${row.reason}`,
    objectText(row.about),
    row.message,
    row.from === '' ? '' : `from ${row.from}`,
    row.count > 1 ? plural(row.count, 'time') : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

export function eventTooltip(row: EventRow, start: number): string {
  const { kind, namespace, name } = row.about;
  const times =
    row.count > 1
      ? `${row.count} times from ${timeText(row.firstAt - start)} to ${timeText(row.lastAt - start)}`
      : `at ${timeText(row.lastAt - start)}`;
  return [
    `${row.severity}: ${row.reason}`,
    `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`,
    row.message,
    `${row.from} ${times}`.trim(),
  ].join('\n');
}

/** As `kubectl events` names it: `pod/web-1`. */
export function objectText({ kind, name }: ObjectRef): string {
  return `${kind.toLowerCase()}/${name}`;
}
