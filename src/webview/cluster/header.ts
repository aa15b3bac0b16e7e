/** The top of the Cluster view: which cluster, what time it is there, how it is, and what of it is shown. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ClockControl, ClockState, GroupBy, Health, SortBy, Tone } from '../../host/protocol/view.ts';
import { filterBox, toolButton } from '../shared/filterBox.ts';
import { clockText } from '../shared/format.ts';
import { forkTemplate } from '../shared/fork.ts';
import { icon, toneIcons } from '../shared/icons.ts';
import { pastTemplate } from '../shared/past.ts';
import { realTemplate } from '../shared/real.ts';

export interface HeaderModel {
  readonly name: string;
  readonly version: string;
  readonly clock: ClockState | undefined;
  readonly now: number;
  readonly health: Health | undefined;
  readonly filter: string;
  readonly groupBy: GroupBy;
  readonly sortBy: SortBy;
}

export interface HeaderActions {
  readonly control: (control: ClockControl) => void;
  readonly stopRun: () => void;
  readonly backToNow: () => void;
  readonly endTour: () => void;
  /** From a real cluster to the simulated one. */
  readonly leaveReal: () => void;
  /** Empty: the cluster itself. */
  readonly showFork: (fork: string) => void;
  readonly setFilter: (filter: string) => void;
  readonly setGroupBy: (groupBy: GroupBy) => void;
  readonly setSortBy: (sortBy: SortBy) => void;
  /** From the filter box into the tree. */
  readonly leaveFilter: () => void;
}

const STEP_MS = 10_000;
const SPEEDS: readonly ClockState['speed'][] = [1, 10, 60, 'max'];
const GROUPS: readonly (readonly [GroupBy, string])[] = [
  ['node', 'by node'],
  ['workload', 'by workload'],
  ['namespace', 'by namespace'],
];
const SORTS: readonly (readonly [SortBy, string])[] = [
  ['name', 'by name'],
  ['problems', 'problems first'],
  ['age', 'newest first'],
  ['restarts', 'most restarts first'],
];

export function headerTemplate(model: HeaderModel, actions: HeaderActions): TemplateResult {
  const { clock } = model;
  const name = clock?.real?.context ?? model.name;
  const version = clock?.real?.version ?? model.version;
  return html`<header>
    <div class="line">
      <h1>${name === '' ? 'Cluster' : html`Cluster: ${name}`}</h1>
      <span class="dim end"
        >${clock?.real === undefined ? 'simulated' : 'real'}${version === '' ? '' : ` · ${/^v\d+\.\d+/.exec(version)?.[0] ?? version}`}</span
      >
    </div>
    ${forkChoice(clock, actions.showFork)} ${realTemplate(clock, actions.leaveReal)} ${guestLine(clock, actions.endTour)}
    ${forkTemplate(clock, () => actions.showFork(''))} ${pastTemplate(clock, actions.backToNow)}
    ${clock === undefined || clock.real !== undefined ? nothing : clockLine(clock, model.now, actions)}
    ${model.health === undefined ? nothing : healthLine(model.health, actions)}
    <div class="line">
      ${filterBox({
        value: model.filter,
        label: 'Filter Pods',
        title: 'Words that must all match: a part of the name, app=web, status:pending, ns:shop, node:worker-1',
        placeholder: 'Filter: text, app=web, status:pending',
        set: actions.setFilter,
        leave: actions.leaveFilter,
      })}
    </div>
    <div class="line choices">
      ${choice('Group Pods', GROUPS, model.groupBy, actions.setGroupBy)} ${choice('Sort Pods', SORTS, model.sortBy, actions.setSortBy)}
    </div>
  </header>`;
}

/** The cluster itself and its what-if clusters, where there are some. */
function forkChoice(clock: ClockState | undefined, show: (fork: string) => void): TemplateResult | typeof nothing {
  const { forks = [], guest } = clock ?? {};
  if (forks.length === 0 || (guest !== undefined && guest !== 'fork')) return nothing;
  const shown = forks.find((fork) => fork.shown)?.key ?? '';
  return html`<div class="line">
    <select
      aria-label="Cluster or what-if cluster"
      title="What all views show"
      @change=${(event: Event) => show((event.target as HTMLSelectElement).value)}
    >
      ${[{ key: '', name: 'The cluster' }, ...forks].map(
        ({ key, name }) => html`<option value=${key} .selected=${key === shown}>${name}</option>`,
      )}
    </select>
  </div>`;
}

function choice<T extends string>(
  label: string,
  options: readonly (readonly [T, string])[],
  chosen: T,
  choose: (value: T) => void,
): TemplateResult {
  return html`<select
    aria-label=${label}
    title=${label}
    @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as T)}
  >
    ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}
  </select>`;
}

/** Says that this is not the editor's own cluster. */
function guestLine(clock: ClockState | undefined, endTour: () => void): TemplateResult | typeof nothing {
  if (clock?.guest === undefined || clock.guest === 'fork') return nothing;
  const isTour = clock.guest === 'tour';
  return html`<div class="line past" role="status">
    <span class="codicon codicon-${isTour ? 'compass' : 'beaker'}" aria-hidden="true"></span>
    <span title="Your own cluster goes on meanwhile, and comes back at the end"
      ><b>${isTour ? 'A tour’s' : 'A scenario’s'} cluster</b></span
    >
    ${isTour ? html`<button type="button" class="link end" @click=${endTour}>End tour</button>` : nothing}
  </div>`;
}

function clockLine(clock: ClockState, now: number, actions: HeaderActions): TemplateResult {
  const state = clock.running ? 'running' : clock.paused ? 'paused' : clock.stable ? 'stable' : '';
  return html`<div class="line clock">
    <span class="time number" role="timer" aria-label="Virtual time" title="Time inside the simulated cluster"
      >${clockText(now - clock.start)}</span
    >
    <span class="dim state" title=${clock.stable ? 'Nothing is left to reconcile.' : nothing}>${state}</span>
    ${clock.guest === 'scenario' ? nothing : clockButtons(clock, actions)}
  </div>`;
}

function clockButtons(clock: ClockState, actions: HeaderActions): TemplateResult {
  const speeds = SPEEDS.includes(clock.speed) ? SPEEDS : [clock.speed, ...SPEEDS];
  return html`<span class="end" role="toolbar" aria-label="Clock">
    ${
      clock.paused
        ? toolButton('play', 'Resume the clock', () => actions.control({ paused: false }))
        : toolButton('debug-pause', 'Pause the clock', () => actions.control({ paused: true }))
    }
    ${toolButton('debug-step-over', 'Step 10 seconds', () => actions.control({ stepMs: STEP_MS }), clock.running)}
    ${
      clock.running
        ? toolButton('debug-stop', 'Stop the run', actions.stopRun)
        : toolButton('run-all', 'Run until stable', () => actions.control({ runUntil: 'stable' }))
    }
    <select
      aria-label="Clock speed"
      title="Clock speed: virtual seconds per second"
      @change=${(event: Event) => actions.control({ speed: speedOf((event.target as HTMLSelectElement).value) })}
    >
      ${speeds.map((speed) => html`<option value=${speed} ?selected=${speed === clock.speed}>${speed === 'max' ? 'max' : `×${speed}`}</option>`)}
    </select>
  </span>`;
}

/** Each count sets the filter that shows what it counts. */
function healthLine(health: Health, actions: HeaderActions): TemplateResult {
  const { nodes, nodesReady } = health;
  const count = (amount: number, word: string, tone: Tone, always = false): TemplateResult | typeof nothing =>
    amount === 0 && !always
      ? nothing
      : html`<button
          type="button"
          class="count"
          title="Show only Pods that are ${word}"
          @click=${() => actions.setFilter(`status:${word}`)}
        >
          ${icon(toneIcons[tone], tone)}<span><b class="number">${amount}</b> ${word}</span>
        </button>`;
  return html`<div class="line health" role="group" aria-label="Health">
    <span class="count"
      >${icon('server', nodes === nodesReady ? 'ok' : 'error')}<span><b class="number">${nodesReady}/${nodes}</b> nodes ready</span></span
    >
    ${count(health.running, 'running', 'ok', true)} ${count(health.pending, 'pending', 'busy')} ${count(health.failing, 'failing', 'error')}
    ${count(health.terminating, 'terminating', 'idle')} ${count(health.succeeded, 'succeeded', 'idle')}
  </div>`;
}

function speedOf(text: string): number | 'max' {
  return text === 'max' ? 'max' : Number(text);
}
