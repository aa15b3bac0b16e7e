/** What an event says in words. Pure. */
import type { EventRow, ObjectRef } from '../../host/protocol/view.ts';
import { plural, timeText } from '../shared/format.ts';
import type { Card } from '../shared/hoverCard.ts';

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

/** Everything that the two lines of the row have no room for. */
export function eventCard(row: EventRow, start: number): Card {
  const { kind, namespace, name } = row.about;
  const warning = row.severity === 'Warning';
  const last = timeText(row.lastAt - start);
  return {
    title: row.reason,
    icon: warning ? 'warning' : 'info',
    tone: warning ? 'warn' : 'idle',
    status: row.severity,
    subtitle: `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`,
    facts: [
      { label: 'At', value: row.count > 1 ? `${last}, ${plural(row.count, 'time')} since ${timeText(row.firstAt - start)}` : last },
      ...(row.from === '' ? [] : [{ label: 'From', value: row.from }]),
    ],
    text: row.message,
  };
}

/** As `kubectl events` names it: `pod/web-1`. */
export function objectText({ kind, name }: ObjectRef): string {
  return `${kind.toLowerCase()}/${name}`;
}
