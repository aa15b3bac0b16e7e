/** The scheduler's attempts at a Pod: verdict and points of every node. */
import { html, nothing, type TemplateResult } from 'lit';
import type { AttemptModel, NodeVerdictModel } from '../../host/panels/object/model.ts';
import { box, table, type Column } from '../panel/boxes.ts';
import { icon } from '../shared/icons.ts';
import { timeText } from '../shared/format.ts';

/** The attempt that a person chose; undefined: the last. */
let chosen: string | undefined;

export function schedulingTab(attempts: readonly AttemptModel[], start: number, redraw: () => void): TemplateResult {
  const attempt = attempts.find(({ key }) => key === chosen) ?? attempts[0];
  if (attempt === undefined)
    return html`<p class="dim empty">
      The scheduler has not tried to find a node for it, or has forgotten: it remembers the last attempts at a thousand Pods until the
      cluster is loaded anew.
    </p>`;
  const choose = (event: Event): void => {
    chosen = (event.target as HTMLSelectElement).value;
    redraw();
  };
  const choice =
    attempts.length < 2
      ? nothing
      : html`<select aria-label="Attempt" @change=${choose}>
          ${attempts.map(
            ({ key, at }) => html`<option value=${key} ?selected=${key === attempt.key}>Attempt ${key}, ${timeText(at - start)}</option>`,
          )}
        </select>`;
  const title = `Attempt ${attempt.key} at ${timeText(attempt.at - start)}`;
  return html`<div class="boxes">
    ${box(
      title,
      html`${outcome(attempt)}
        ${table(`Nodes in ${title}`, attempt.nodes, columnsOf(attempt), {
          empty: 'No node was looked at.',
          rowClass: ({ verdict }) => (verdict === 'selected' ? 'own' : ''),
        })}
        <p class="dim">
          Filters, in this order: ${attempt.filters.length === 0 ? 'none' : attempt.filters.join(', ')}. Points are 0 to 100, times the
          weight.
        </p>`,
      { wide: true, end: choice as TemplateResult },
    )}
  </div>`;
}

function outcome({ selected, message }: AttemptModel): TemplateResult {
  return selected === undefined
    ? html`<p class="tone-warn">${icon('warning', 'warn')} No node: ${message}</p>`
    : html`<p>${icon('pass-filled', 'ok')} It goes to <b>${selected}</b>.</p>`;
}

function columnsOf({ scorers }: AttemptModel): readonly Column<NodeVerdictModel>[] {
  return [
    { title: 'Node', cell: ({ key }) => (key === '*' ? 'all nodes' : key) },
    { title: 'Verdict', grows: true, cell: verdict },
    ...(scorers.length === 0 ? [] : [{ title: 'Sum', number: true, cell: ({ total }: NodeVerdictModel) => total ?? '' }]),
    ...scorers.map(({ key, weight }, index): Column<NodeVerdictModel> => ({
      title: weight === 1 ? key : `${key} ×${weight}`,
      number: true,
      cell: ({ scores }) => scores[index] ?? '',
    })),
  ];
}

function verdict({ verdict: is, by, reasons }: NodeVerdictModel): TemplateResult {
  if (is === 'refused') return html`${icon('error', 'error')} ${reasons} <span class="dim">(${by})</span>`;
  const [name, text] = is === 'selected' ? (['pass-filled', 'selected'] as const) : (['circle-large-outline', 'fits'] as const);
  return html`${icon(name, is === 'selected' ? 'ok' : 'idle')} ${reasons === '' ? text : `${text}: ${reasons}`}`;
}
