/** What-if clusters beside the real one, what can be done to them, and two of them side by side. */
import { html, nothing, type TemplateResult } from 'lit';
import type { DifferenceModel, ForkModel, Side, TimelineModel, TimelineQuery } from '../../host/panels/timeline/model.ts';
import { box, link, push, table } from '../panel/boxes.ts';
import { plural, timeText } from '../shared/format.ts';
import type { TimelineCommand } from './protocol.ts';

export interface ForkActions {
  readonly ask: (query: TimelineQuery) => void;
  readonly run: (command: TimelineCommand) => void;
}

const MINUTES_10 = 600_000;

export function forksTemplate(query: TimelineQuery, model: Partial<TimelineModel>, actions: ForkActions): TemplateResult {
  const { forks = [], head } = model;
  const start = head?.clock.start ?? 0;
  return html`${box(
    'What-if clusters',
    forks.length === 0
      ? html`<p class="dim">Go to any moment and fork from there: the fork runs by itself and the cluster does not notice.</p>`
      : html`<ul class="forks">
          ${forks.map((fork) => forkItem(fork, start, actions))}
        </ul>`,
    { wide: true },
  )}
  ${forks.length === 0 ? nothing : box('Compare', comparison(query, model, forks, actions), { wide: true })}`;
}

function forkItem(fork: ForkModel, start: number, { run }: ForkActions): TemplateResult {
  const { key, name, revision, at, exact, now, stable, busy, shown, acts, pods } = fork;
  return html`<li>
    <div class="line">
      <b>${name}</b>${shown ? html` <span>(shown)</span>` : nothing}
      <span class="dim">from ${timeText(at - start)}, revision ${revision}${exact ? '' : ', parts started anew'}</span>
      <span class="number">now ${timeText(now - start)}</span>
      <span>${pods}${busy ? ', running…' : stable ? ', stable' : ''}</span>
      ${acts.length === 0 ? nothing : html`<span class="dim">${acts.join(', ')}</span>`}
    </div>
    <div class="bar-of-buttons" role="toolbar" aria-label=${name}>
      ${
        shown
          ? push('Back to the Cluster', 'debug-reverse-continue', () => run({ type: 'forkShow', fork: '' }), true)
          : push('Show in Tree', 'list-tree', () => run({ type: 'forkShow', fork: key }))
      }
      ${push('Apply Files…', 'cloud-upload', () => run({ type: 'forkApply', fork: key }))}
      ${push('10 Minutes', 'debug-step-over', () => run({ type: 'forkRun', fork: key, ms: MINUTES_10 }))}
      ${push('Until Stable', 'run-all', () => run({ type: 'forkRun', fork: key, ms: 'stable' }))}
      ${push('Keep as Cluster…', 'save', () => run({ type: 'forkKeep', fork: key, name }))}
      ${push('Discard', 'trash', () => run({ type: 'forkDiscard', fork: key }))}
    </div>
  </li>`;
}

function comparison(
  query: TimelineQuery,
  model: Partial<TimelineModel>,
  forks: readonly ForkModel[],
  { ask, run }: ForkActions,
): TemplateResult {
  const compare = query.compare ?? { left: '', right: forks.at(-1)?.key ?? '' };
  const choose = (side: 'left' | 'right', value: Side): void => ask({ ...query, compare: { ...compare, [side]: value } });
  const { differences, moreDifferences = 0 } = model;
  return html`<div class="bar-of-buttons">
      ${sideChoice('Left', compare.left, forks, (value) => choose('left', value))}
      ${sideChoice('Right', compare.right, forks, (value) => choose('right', value))}
      ${query.compare === undefined ? push('Compare', 'compare-changes', () => ask({ ...query, compare }), true) : nothing}
    </div>
    ${
      differences === undefined
        ? nothing
        : html`${differencesTable(differences, (ref) => run({ type: 'open', ref }))}
          ${moreDifferences === 0 ? nothing : html`<p class="dim">and ${plural(moreDifferences, 'more object')}</p>`}`
    }`;
}

function sideChoice(label: string, current: Side, forks: readonly ForkModel[], choose: (side: Side) => void): TemplateResult {
  return html`<select aria-label=${label} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
    <option value="" ?selected=${current === ''}>The cluster</option>
    ${forks.map(({ key, name }) => html`<option value=${key} ?selected=${key === current}>${name}</option>`)}
  </select>`;
}

function differencesTable(differences: readonly DifferenceModel[], open: (ref: DifferenceModel['ref']) => void): TemplateResult {
  return table(
    'Differences',
    differences,
    [
      { title: 'Object', cell: ({ ref }) => link(`${ref.kind} ${ref.name}`, () => open(ref), 'Live YAML') },
      { title: 'Difference', cell: ({ difference }) => difference },
      { title: 'Fields', grows: true, cell: ({ fields }) => fields },
      { title: 'Left, last by', cell: ({ left }) => left },
      { title: 'Right, last by', cell: ({ right }) => right },
    ],
    { empty: 'Both hold the same objects.' },
  );
}
