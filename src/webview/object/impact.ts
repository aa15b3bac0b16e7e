/** What a fault did: what was lost, how much was left at the worst moment, how long it took until all was as before. */
import { html, type TemplateResult } from 'lit';
import type { ImpactModel } from '../../host/panels/object/model.ts';
import { box, facts, table, toneIcon } from '../panel/boxes.ts';
import { countdownText, timeText } from '../shared/format.ts';

export function impactTab(impact: ImpactModel | null, now: number, start: number): TemplateResult {
  if (impact === null) return html`<p class="dim empty">It has not begun, or it began before what is recorded.</p>`;
  const { from, over, rows, recovered, tone, requests, requestsLost } = impact;
  const lasted = countdownText(Math.round(((over ?? now) - from) / 1000) * 1000);
  return html`<div class="boxes">
    ${box(
      'What it did',
      facts([
        ['Began', timeText(from - start)],
        ['Lasted', over === undefined ? `${lasted}, and goes on` : lasted],
        ['Ready again', html`${toneIcon(tone)} ${recovered}`],
        ['Requests', html`${toneIcon(requestsLost ? 'error' : 'ok')} ${requests}`],
      ]),
    )}
    ${box(
      'Before, at the worst moment, and since',
      table(
        'Before, at the worst moment, and since',
        rows,
        [
          { title: 'What', grows: true, cell: ({ key }) => key },
          { title: 'Before', number: true, cell: ({ before }) => before },
          { title: 'Least', number: true, cell: ({ least, lost }) => (lost ? html`<b class="tone-error">${least}</b>` : least) },
          { title: 'Since', number: true, cell: ({ after }) => after },
        ],
        { empty: 'Nothing was counted.' },
      ),
      { wide: true },
    )}
  </div>`;
}
