/**
 * Time as a whole: what was when, which moment all views show, forks from any of them and how they differ.
 * Invariant: shows what it was told; going to a moment is asked of the extension, at most once a frame.
 * Counterpart: none in Kubernetes; the performance panel of a browser's developer tools.
 */
import './timeline.css';
import { html, nothing, type TemplateResult } from 'lit';
import type { HeadModel, Moment, TimelineModel, TimelineQuery } from '../../host/panels/timeline/model.ts';
import { box, link, push, table } from '../panel/boxes.ts';
import { openPanel, type PanelPage, type Shown } from '../panel/panelPage.ts';
import { clockText, plural, timeText } from '../shared/format.ts';
import { moved, zoomed } from './axis.ts';
import { forksTemplate } from './forks.ts';
import { lanesTemplate } from './lanes.ts';
import { Plots } from './plot.ts';
import type { TimelineCommand } from './protocol.ts';

const page: PanelPage<TimelineQuery, TimelineCommand> = openPanel<TimelineQuery, TimelineModel, TimelineCommand>({
  ticks: false,
  missing: () => html`There is no cluster.`,
  draw: (shown) => (shown.model.head === undefined ? html`` : template(shown, shown.model.head)),
});
const plots = new Plots();
const ZOOM = 0.5;
const SPEEDS = [1, 10, 60, 600, 'max'] as const;

let wanted: Moment | undefined;

/** A slider tells more often than a picture is drawn. */
function show(moment: Moment): void {
  if (wanted === undefined)
    requestAnimationFrame(() => {
      if (wanted !== undefined) page.run({ type: 'show', moment: wanted });
      wanted = undefined;
    });
  wanted = moment;
}

function template({ query, model }: Shown<TimelineQuery, TimelineModel>, head: HeadModel): TemplateResult {
  const { start } = head.clock;
  const at = head.shown?.at ?? head.now;
  const look = (window: TimelineQuery['window']): void => page.ask({ ...query, window });
  const zoom = (factor: number, around = at): void => look(zoomed(head, factor, around, head));
  return html`<div class="title">
      <h1>Timeline</h1>
      <span class="dim"
        >${plural(head.last - head.first, 'revision')} from ${timeText(head.begin - start)} to ${timeText(head.now - start)},
        ${Math.round(head.megabytes)} MB${head.first > 0 ? '; what was before is forgotten' : ''}</span
      >
    </div>
    <p class="moment ${head.shown === undefined ? '' : 'past'}" role="status">
      ${
        head.shown === undefined
          ? html`<b>Now</b> <span class="number">${clockText(head.now - start)}</span>`
          : html`<span class="codicon codicon-history" aria-hidden="true"></span> <b>The past</b>
              <span class="number">${clockText(at - start)}, revision ${head.shown.revision}</span>
              <span>Tree, events and live objects show it. It cannot be changed.</span>`
      }
    </p>
    ${clockBar(head)} ${momentBar(head)}
    <div class="bar-of-buttons">
      ${push('Nearer', 'zoom-in', () => zoom(ZOOM))} ${push('Farther', 'zoom-out', () => zoom(1 / ZOOM))}
      ${push('Earlier', 'arrow-left', () => look(moved(head, -0.5, head)))}
      ${push('Later', 'arrow-right', () => look(moved(head, 0.5, head)))} ${push('All', 'screen-full', () => look(undefined))}
      <select
        aria-label="Lanes of"
        @change=${(event: Event) => page.ask({ ...query, lanes: (event.target as HTMLSelectElement).value as TimelineQuery['lanes'] })}
      >
        <option value="objects" ?selected=${query.lanes === 'objects'}>Objects</option>
        <option value="actors" ?selected=${query.lanes === 'actors'}>Who acts</option>
      </select>
      <input
        type="text"
        aria-label="Filter lanes"
        placeholder="Filter lanes"
        .value=${query.filter}
        @input=${(event: Event) => page.ask({ ...query, filter: (event.target as HTMLInputElement).value })}
      />
    </div>
    ${lanesTemplate(model, plots, { show: (moment) => show({ to: 'time', at: moment }), zoom })}
    <div class="boxes">
      ${box(head.shown === undefined ? 'The last acts' : 'Acts up to this moment', actsTable(model, start), { wide: true })}
      ${forksTemplate(query, model, { ask: (next) => page.ask(next), run: (command) => page.run(command) })}
    </div>`;
}

function clockBar({ clock }: HeadModel): TemplateResult {
  const control = (change: Extract<TimelineCommand, { type: 'clock' }>['control']): void => page.run({ type: 'clock', control: change });
  return html`<div class="bar-of-buttons" role="toolbar" aria-label="Clock">
    ${
      clock.running
        ? push('Stop', 'debug-stop', () => page.run({ type: 'stop' }), true)
        : clock.paused
          ? push('Resume', 'play', () => control({ paused: false }), true)
          : push('Pause', 'debug-pause', () => control({ paused: true }), true)
    }
    <select
      aria-label="Speed"
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        control({ speed: value === 'max' ? 'max' : Number(value), paused: false });
      }}
    >
      ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === clock.speed}>${speed === 'max' ? 'as fast as possible' : `×${speed}`}</option>`)}
    </select>
    ${push('Next Event', 'debug-step-into', () => page.run({ type: 'run', until: 'event' }))}
    ${push('Next Act', 'debug-step-over', () => page.run({ type: 'run', until: 'act' }))}
    ${push('Until Stable', 'run-all', () => control({ runUntil: 'stable' }))}
    ${push('Until…', 'debug-continue', () => page.run({ type: 'run', until: 'condition' }))}
  </div>`;
}

function momentBar(head: HeadModel): TemplateResult {
  return html`<div class="bar-of-buttons" role="toolbar" aria-label="Go to">
    ${push('Act Before', 'chevron-left', () => show({ to: 'act', by: -1 }))}
    ${push('Act After', 'chevron-right', () => show({ to: 'act', by: 1 }))}
    ${push('Back to Now', 'debug-reverse-continue', () => show({ to: 'now' }), head.shown !== undefined)}
    ${push('Fork from Here', 'repo-forked', () => page.run({ type: 'fork' }), head.shown !== undefined)}
  </div>`;
}

function actsTable({ acts = [], head }: Partial<TimelineModel>, start: number): TemplateResult {
  const first = head?.first ?? 0;
  return table(
    'Acts',
    acts,
    [
      {
        title: 'When',
        cell: ({ at, revision }) => link(timeText(at - start), () => show({ to: 'revision', revision }), `Show revision ${revision}`),
      },
      { title: 'Who', cell: ({ actor }) => actor },
      { title: 'Did', cell: ({ verb }) => verb },
      { title: 'What', grows: true, cell: ({ kind, name }) => `${kind} ${name}` },
      {
        title: 'Because of',
        cell: ({ cause }) =>
          cause === undefined || cause <= first
            ? nothing
            : link(`revision ${cause}`, () => show({ to: 'revision', revision: cause }), 'Show the write that led to it'),
      },
    ],
    { empty: 'Nobody has done anything yet.', rowClass: ({ revision }) => (revision === head?.shown?.revision ? 'own' : '') },
  );
}
