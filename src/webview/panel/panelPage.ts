/**
 * The page of an editor panel: takes in what it is told, keeps the query over a reload, draws the surface's own content.
 * Invariant: shows what the messages said and keeps no truth of its own; a missed message is noticed by its number and all is asked anew.
 * Counterpart: the receiving end of src/host/panels/panels.ts.
 */
import '../shared/base.css';
import './panel.css';
import { html, nothing, render, type TemplateResult } from 'lit';
import { applied } from '../../base/parts.ts';
import { assertNever } from '../../base/assertNever.ts';
import type { PanelChange, PanelQuery } from '../../host/panels/model.ts';
import type { ClockState } from '../../host/protocol/view.ts';
import { forkTemplate } from '../shared/fork.ts';
import { pastTemplate } from '../shared/past.ts';
import { realTemplate } from '../shared/real.ts';
import { VirtualClock } from '../shared/virtualClock.ts';
import { connect } from '../shared/vscode.ts';
import type { FromPanel, KeptPanel, ToPanel } from './protocol.ts';

/** What a surface draws from. */
export interface Shown<Q, M> {
  readonly query: Q;
  /** Parts that the query did not ask for, or that have not come yet, are not there. */
  readonly model: Partial<M>;
  /** Virtual milliseconds since 1970, and when the cluster began. */
  readonly now: number;
  readonly start: number;
  /** A moment of the past is shown. */
  readonly past: boolean;
}

export interface PanelOptions<Q, M> {
  /** Drawn at the next frame after each change. */
  readonly draw: (shown: Shown<Q, M>) => TemplateResult;
  /** What to say while there is nothing to show, because the object is not there. */
  readonly missing: (query: Q) => TemplateResult;
  /** Whether what is drawn says times that pass. */
  readonly ticks: boolean;
}

export interface PanelPage<Q, C> {
  /** Wants to see something else. */
  ask(query: Q): void;
  run(command: C): void;
  /** After a change of what only the page knows. */
  redraw(): void;
}

const TICK_MS = 500;

export function openPanel<Q extends PanelQuery, M extends object, C>(options: PanelOptions<Q, M>): PanelPage<Q, C> {
  const api = connect<ToPanel<Q>, FromPanel<Q, C>, KeptPanel<Q>>(receive);
  const clock = new VirtualClock();
  const root = document.createElement('div');
  root.className = 'panel';
  document.getElementById('root')?.append(root);
  let query: Q | undefined = api.getState()?.query;
  let model: Partial<M> = {};
  let sequence = 0;
  let gone = false;
  let host: { readonly state: 'starting' | 'running' | 'failed'; readonly message: string } = { state: 'starting', message: '' };
  let frame = 0;

  const redraw = (): void => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      // What moves on a page moves while time does.
      root.classList.toggle('still', !clock.ticking && clock.current?.running !== true);
      render(template(), root);
    });
  };
  const keep = (wanted: Q): void => {
    query = wanted;
    api.setState({ query: wanted });
    redraw();
  };

  function receive(message: ToPanel<Q>): void {
    switch (message.type) {
      case 'state':
        host = message;
        break;
      case 'clock':
        clock.receive(message.clock, performance.now());
        break;
      case 'query':
        return keep(message.query);
      case 'change':
        take(message.change);
        break;
      default:
        assertNever(message);
    }
    redraw();
  }

  function take(change: PanelChange): void {
    if (change.sequence === 1) model = {};
    else if (change.sequence !== sequence + 1) {
      sequence = 0;
      return api.postMessage({ type: 'ready' });
    }
    sequence = change.sequence;
    gone = change.type === 'gone';
    if (change.type === 'change') model = applied(model, change);
  }

  function template(): TemplateResult {
    if (host.state === 'failed') return notice('error', html`The cluster does not run. ${host.message}`);
    if (query === undefined || sequence === 0) return html`<div class="progress" role="progressbar" aria-label="Starting"></div>`;
    const now = clock.now(performance.now());
    const empty = Object.keys(model).length === 0;
    return html`${query.surface === 'tour' ? nothing : forkTemplate(clock.current)} ${pastNotice(query.surface, clock.current)}
    ${gone ? notice(empty ? 'info' : 'warning', options.missing(query)) : nothing}
    ${empty ? nothing : options.draw({ query, model, now, start: clock.start, past: clock.current?.past !== undefined })}`;
  }

  redraw();
  api.postMessage({ type: 'ready' });
  if (options.ticks) setInterval(() => clock.ticking && redraw(), TICK_MS);
  return {
    redraw,
    ask: (wanted) => {
      keep(wanted);
      api.postMessage({ type: 'query', query: wanted });
    },
    run: (command) => api.postMessage({ type: 'command', command }),
  };
}

/** Builds have no revisions, and not all that ran in containers can be had again: such a panel draws the present, and says so. */
function pastNotice(surface: PanelQuery['surface'], state: ClockState | undefined): TemplateResult | typeof nothing {
  if (state?.real !== undefined) return surface === 'map' || surface === 'object' ? realTemplate(state) : nothing;
  if (state?.past === undefined) return nothing;
  switch (surface) {
    case 'timeline':
      return nothing;
    case 'tour':
    case 'build':
      return notice('info', html`The tree shows the past. This panel shows the present.`);
    case 'map':
    case 'object':
      return pastTemplate(state);
    case 'container':
    case 'comparison':
      return state.past.inside
        ? pastTemplate(state)
        : notice('warning', html`The tree shows the past. What ran in containers then is lost: this panel shows the present.`);
    default:
      return assertNever(surface);
  }
}

function notice(icon: 'info' | 'warning' | 'error', text: TemplateResult): TemplateResult {
  const tone = { info: 'info', warning: 'warn', error: 'error' }[icon];
  return html`<p class="notice" role="status">
    <span class="icon codicon codicon-${icon} tone-${tone}" aria-hidden="true"></span><span>${text}</span>
  </p>`;
}
