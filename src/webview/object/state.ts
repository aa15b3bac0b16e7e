/** What was asked for beside what is so: differences are marked until they are gone, each line has its history. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type {
  ChangeModel,
  ConditionModel,
  FieldModel,
  HeadModel,
  ObjectModel,
  ObjectQuery,
  WriteModel,
} from '../../host/panels/object/model.ts';
import { box, breakable, link, table, toneIcon } from '../panel/boxes.ts';
import type { Shown } from '../panel/panelPage.ts';
import { plural, timeText } from '../shared/format.ts';
import { icon } from '../shared/icons.ts';
import type { Acts } from './main.ts';

export function stateTab({ query, model, start }: Shown<ObjectQuery, ObjectModel>, head: HeadModel, acts: Acts): TemplateResult {
  const { fields = [], conditions = [], writes } = model;
  const choose = (field: string): void => acts.ask({ ...query, field: field === query.field ? undefined : field });
  const side = (of: FieldModel['side'], title: string, empty: string): TemplateResult => {
    const own = fields.filter((field) => field.side === of);
    const differing = own.filter(({ differs }) => differs !== undefined).length;
    const end = differing === 0 ? nothing : html`${icon('warning', 'warn')} ${plural(differing, 'difference')}`;
    return box(title, own.length === 0 ? html`<p class="dim empty">${empty}</p>` : lines(title, own, query.field, start, choose), { end });
  };
  const generation = head.generation === 0 ? '' : `, generation ${head.generation}`;
  return html`<div class="boxes">
    ${side('wanted', `What was asked for${generation}`, 'It has no fields of its own.')}
    <div class="column">
      ${side('actual', 'What is so', 'Its kind has no status: it is as it was written.')}
      ${query.field === undefined || writes === undefined ? nothing : historyBox(query, query.field, writes, start, acts)}
      ${conditions.length === 0 ? nothing : conditionsBox(conditions, start)}
    </div>
  </div>`;
}

function conditionsBox(conditions: readonly ConditionModel[], start: number): TemplateResult {
  const content = table(
    'Conditions',
    conditions,
    [
      { title: 'Condition', cell: ({ key, tone }) => html`${toneIcon(tone)} ${key}` },
      { title: 'Is', cell: ({ status }) => status },
      { title: 'Since', number: true, cell: ({ since }) => (since === undefined ? '' : timeText(since - start)) },
      { title: 'Reason', grows: true, cell: reasonOf },
    ],
    { empty: '' },
  );
  return box('Conditions', content);
}

function reasonOf({ reason, message }: ConditionModel): TemplateResult {
  return html`${reason}${message === '' ? nothing : html` <span class="dim">${message}</span>`}`;
}

function lines(
  label: string,
  fields: readonly FieldModel[],
  chosen: string | undefined,
  start: number,
  choose: (field: string) => void,
): TemplateResult {
  const at = Math.max(
    0,
    fields.findIndex(({ key }) => key === chosen),
  );
  return html`<div class="lines" role="listbox" aria-label=${label} @keydown=${walk}>
    ${repeat(
      fields,
      ({ key }) => key,
      (field, index) =>
        html`<div
          class="field ${field.differs === undefined ? '' : 'differs'}"
          role="option"
          tabindex=${index === at ? 0 : -1}
          aria-selected=${String(field.key === chosen)}
          title="${field.key}: click for its history"
          @click=${() => choose(field.key)}
        >
          <span class="mono path" .style=${`--depth:${field.depth}`}
            >${'  '.repeat(field.depth)}<span class="name">${field.name}:</span> ${field.text}</span
          >
          ${field.differs === undefined ? nothing : html`<span class="why-not">${icon('warning', 'warn')} ${field.differs}</span>`}
          ${
            field.written === undefined || field.text === ''
              ? nothing
              : html`<span class="by dim">${field.written.actor} ${timeText(field.written.at - start)}</span>`
          }
        </div>`,
    )}
  </div>`;
}

/** One tab stop a box; arrow keys, Home and End walk, Enter and Space choose. */
function walk(event: KeyboardEvent): void {
  const options = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[role="option"]')];
  const at = options.indexOf(event.target as HTMLElement);
  if (event.key === 'Enter' || event.key === ' ') options[at]?.click();
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 }[event.key];
  if (to !== undefined) options[Math.max(0, Math.min(options.length - 1, to))]?.focus();
  else if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
}

function historyBox(query: ObjectQuery, field: string, writes: readonly WriteModel[], start: number, acts: Acts): TemplateResult {
  const content = table(
    `History of ${field}`,
    writes,
    [
      { title: 'When', number: true, cell: ({ at }) => timeText(at - start) },
      { title: 'Who', cell: ({ actor }) => actor },
      {
        title: 'What',
        grows: true,
        cell: ({ act, changes }) => (act === 'created' ? 'created it' : html`${changes.map(changeLine)}`),
      },
      {
        title: 'Cause',
        cell: ({ key }) => link('Why?', () => acts.ask({ ...query, tab: 'why', revision: key }), 'What led to this write'),
      },
    ],
    { empty: 'History has forgotten who wrote it.' },
  );
  return box('History', content, { end: html`<span class="mono">${field}</span>` });
}

/** `replicas: 3 → 5` */
export function changeLine({ key, from, to }: ChangeModel): TemplateResult {
  const value = (text: string | undefined): TemplateResult => (text === undefined ? html`<span class="dim">nothing</span>` : html`${text}`);
  return html`<div class="change mono">
    <span class="name">${breakable(`${key}:`)}</span>
    ${from === undefined ? nothing : html`${value(from)} <span class="dim">→</span> `}${value(to)}
  </div>`;
}
