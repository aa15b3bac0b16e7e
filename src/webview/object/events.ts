/** The Events about an object, the last one first. */
import { html, type TemplateResult } from 'lit';
import type { EventRow } from '../../host/protocol/view.ts';
import { box, table } from '../panel/boxes.ts';
import { timeText } from '../shared/format.ts';
import { icon } from '../shared/icons.ts';

export function eventsTab(events: readonly EventRow[], start: number): TemplateResult {
  const content = table(
    'Events, the last one first',
    events,
    [
      { title: 'Last', number: true, cell: ({ lastAt }) => timeText(lastAt - start) },
      { title: 'Times', number: true, cell: ({ count }) => count },
      {
        title: 'Reason',
        cell: ({ severity, reason }) => html`${severity === 'Warning' ? icon('warning', 'warn') : icon('info', 'idle')} ${reason}`,
      },
      { title: 'From', cell: ({ from }) => from },
      { title: 'Message', grows: true, cell: ({ message }) => message },
    ],
    { empty: 'No Events are kept about it; they are forgotten after an hour.' },
  );
  return html`<div class="boxes">${box('Events', content, { wide: true })}</div>`;
}
