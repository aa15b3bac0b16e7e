/** How an event looks and what it says: two lines, the first for the eye that skims, the second the message. */
import { html, nothing, type TemplateResult } from 'lit';
import type { EventRow } from '../../host/protocol/view.ts';
import type { ListLook } from '../shared/listView.ts';
import { eventLabel, objectText } from './rowText.ts';
import { splitName, timeText } from '../shared/format.ts';

export interface EventLook extends ListLook {
  /** When the cluster began; virtual milliseconds since 1970. */
  readonly start: number;
  readonly total: number;
}

export function eventTemplate(row: EventRow, look: EventLook): TemplateResult {
  const warning = row.severity === 'Warning';
  const [head, tail] = splitName(objectText(row.about));
  return html`<div
    class="row event ${look.active ? 'active' : ''} ${look.selected ? 'selected' : ''} ${look.fresh ? 'fresh' : ''}"
    id=${look.id}
    data-index=${look.index}
    role="option"
    aria-posinset=${look.index + 1}
    aria-setsize=${look.total}
    aria-selected=${String(look.selected)}
  >
    <span class="label visually-hidden">${eventLabel(row, look.start)}</span>
    <span class="content" aria-hidden="true">
      <span class="first">
        <span class="dim number">${timeText(row.lastAt - look.start)}</span>
        <span class="icon codicon codicon-${warning ? 'warning' : 'info'} ${warning ? 'tone-warn' : 'tone-idle'}"></span>
        <span class="${warning ? 'tone-warn' : ''}">${row.reason}</span>
        <span class="link name ${tail === '' ? '' : 'long'}"><span class="head">${head}</span>${tail}</span>
        ${row.count > 1 ? html`<span class="badge number">×${row.count}</span>` : nothing}
      </span>
      <span class="second dim">${row.message}${row.from === '' ? nothing : html`<span class="from"> · ${row.from}</span>`}</span>
    </span>
  </div>`;
}
