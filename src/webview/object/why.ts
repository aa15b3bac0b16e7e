/** Why something is so: the chain of causes from a person's act to the write that is asked about, and the writes to ask about. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ObjectModel, ObjectQuery, SourceModel, StepModel, WriteModel } from '../../host/panels/object/model.ts';
import { box, breakable, link } from '../panel/boxes.ts';
import type { Shown } from '../panel/panelPage.ts';
import { timeText } from '../shared/format.ts';
import type { Acts } from './main.ts';
import { changeLine } from './state.ts';

export function whyTab(
  { query, model, start }: Shown<ObjectQuery, ObjectModel>,
  acts: Acts,
  sourceLink: (source: SourceModel) => TemplateResult,
): TemplateResult {
  const { steps = [], origin = [], states = [] } = model;
  const chosen = query.revision ?? states[0]?.key;
  const chain = (label: string, all: readonly StepModel[]): TemplateResult =>
    html`<ol class="why" aria-label="${label}: causes, the first one first">
      ${repeat(
        all,
        ({ key }) => key,
        (step, index) => stepTemplate(step, all[index - 1], start, acts, sourceLink),
      )}
    </ol>`;
  const forgotten = html`<p class="dim empty">History has forgotten how it came to be.</p>`;
  return html`<div class="boxes why-boxes">
    ${box(
      'What became of it',
      statesList(states, chosen, start, (revision) => acts.ask({ ...query, revision })),
    )}
    <div class="column">
      ${box('Why it is so', steps.length === 0 ? forgotten : chain('Why it is so', steps))}
      ${origin.length === 0 ? nothing : box('Why it is there at all', chain('Why it is there at all', origin))}
    </div>
  </div>`;
}

function statesList(
  states: readonly WriteModel[],
  chosen: string | undefined,
  start: number,
  choose: (revision: string) => void,
): TemplateResult {
  if (states.length === 0) return html`<p class="dim empty">History has forgotten its writes.</p>`;
  return html`<ul class="states" aria-label="Writes that can be explained">
    ${repeat(
      states,
      ({ key }) => key,
      (write) =>
        html`<li>
          <button type="button" aria-pressed=${String(write.key === chosen)} @click=${() => choose(write.key)}>
            <span class="number dim">${timeText(write.at - start)}</span>
            <span>${summaryOf(write)} <span class="dim">by ${write.actor}</span></span>
          </button>
        </li>`,
    )}
  </ul>`;
}

/** The change that says most comes first. */
function summaryOf({ act, changes }: WriteModel): TemplateResult {
  const [best] = changes;
  if (!act.startsWith('changed') || best === undefined) return html`${act.endsWith(' of') ? `${act} it` : act}`;
  const name = best.key.replace(/^(status|spec)\./, '');
  const more = changes.length > 1 ? ` and ${changes.length - 1} more` : '';
  return html`${breakable(`${name}:`)} ${shortened(best.to ?? 'nothing')}${more}`;
}

function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}

function stepTemplate(
  step: StepModel,
  before: StepModel | undefined,
  start: number,
  acts: Acts,
  sourceLink: (source: SourceModel) => TemplateResult,
): TemplateResult {
  const { ref } = step;
  const clock = step.forgotten || !step.person;
  return html`<li class=${step.person ? 'person' : ''}>
    ${step.forgotten ? html`<div class="dim">… what led to it is not in the history any more</div>` : nothing}
    ${before === undefined && clock && !step.forgotten ? html`<div class="dim">by its own clock, nobody asked for it:</div>` : nothing}
    <div>
      <b>${step.actor}</b> ${step.act} ${ref.kind} ${link(ref.name, () => acts.open(ref), `Open ${ref.kind} ${ref.name}`)}
      <span class="dim number">${before === undefined ? timeText(step.at - start) : laterText(step.at - before.at)}</span>
    </div>
    ${step.reason === '' ? nothing : html`<div class="dim">${step.reason}</div>`}
    ${step.source === undefined ? nothing : html`<div><span class="dim">written in</span> ${sourceLink(step.source)}</div>`}
    ${step.changes.map(changeLine)} ${step.more === 0 ? nothing : html`<div class="dim">and ${step.more} more changes</div>`}
  </li>`;
}

/** `at once`, `+5 ms`, `+1.6 s`, `+12:30` */
export function laterText(ms: number): string {
  if (ms <= 0) return 'at once';
  if (ms < 1000) return `+${Math.round(ms)} ms`;
  return ms < 60_000 ? `+${(ms / 1000).toFixed(1)} s` : `+${timeText(ms)}`;
}
