/**
 * The Events view: the cluster's story, newest last; it follows the end until the person scrolls up.
 * Invariant: shows what the messages said and keeps no truth of its own. Counterpart: `kubectl events --watch`.
 */
import '../shared/base.css';
import './events.css';
import { html, nothing, render, type TemplateResult } from 'lit';
import { assertNever } from '../../base/assertNever.ts';
import type { ClockState, EventRow, ObjectRef, Window } from '../../host/protocol/view.ts';
import { openMenu } from '../shared/contextMenu.ts';
import { filterBox } from '../shared/filterBox.ts';
import { showCards } from '../shared/hoverCard.ts';
import { ListView } from '../shared/listView.ts';
import { forkTemplate } from '../shared/fork.ts';
import { pastTemplate } from '../shared/past.ts';
import { realTemplate } from '../shared/real.ts';
import { connect } from '../shared/vscode.ts';
import type { EventCommand, ToExtension, ToWebview } from './protocol.ts';
import { eventActions } from './rowMenu.ts';
import { eventCard } from './rowText.ts';
import { eventTemplate } from './rows.ts';

interface Kept {
  readonly filter: string;
}

const ROW_HEIGHT = 40;
const FILTER_PAUSE_MS = 120;
const WARNINGS = 'type:warning';

const api = connect<ToWebview, ToExtension, Kept>(receive);
let kept: Kept = { filter: '', ...api.getState() };
let host: { readonly state: 'starting' | 'running' | 'failed'; readonly message: string } = { state: 'starting', message: '' };
let clock: ClockState | undefined;
let window_: Window = { first: 2 ** 31, count: 60 };
let filterTimer: ReturnType<typeof setTimeout> | undefined;

const header = part('header-part');
const scroller = part('scroller');
scroller.tabIndex = 0;
scroller.setAttribute('role', 'listbox');
scroller.setAttribute('aria-label', 'Events, newest last');
scroller.setAttribute('aria-busy', 'true');
const footer = part('footer-part');
document.getElementById('root')?.append(header, scroller, footer);

const list: ListView<EventRow> = new ListView<EventRow>({
  scroller,
  rowHeight: ROW_HEIGHT,
  followsEnd: true,
  template: (row, look) => eventTemplate(row, { ...look, start: clock?.start ?? 0, total: list.store.total }),
  ask(window) {
    window_ = window;
    query();
  },
  drawn: draw,
  lost: begin,
  find: (prefix, after) => api.postMessage({ type: 'find', prefix, after }),
  activate: (row) => {
    const [first] = eventActions(row, isReal());
    if (first?.type === 'command') send(first.command, first.ref);
  },
  openMenu: (row, place) =>
    openMenu(
      row.reason,
      eventActions(row, isReal()).map((action) => ({
        label: action.label,
        separated: action.separated,
        run: () => (action.type === 'command' ? send(action.command, action.ref) : setFilter(action.filter)),
      })),
      place,
    ),
  onKey: () => false,
  onClick(row, target) {
    if (target.closest('.link') !== null) send('describe', row.about);
  },
});

showCards(scroller, (index) => {
  const row = list.store.at(index);
  return row === undefined ? undefined : eventCard(row, clock?.start ?? 0);
});
draw();
begin();

function receive(message: ToWebview): void {
  switch (message.type) {
    case 'state':
      host = { state: message.state, message: message.message };
      break;
    case 'clock':
      clock = message.clock;
      list.drawSoon();
      return;
    case 'diff':
      if (host.state === 'starting') host = { state: 'running', message: '' };
      scroller.removeAttribute('aria-busy');
      // The list must have its height before it can follow its end.
      scroller.hidden = message.diff.total === 0;
      list.take(message.diff);
      return;
    case 'located':
      if (message.index !== undefined) list.goTo(message.index, message.key);
      return;
    case 'focusFilter':
      filterInput()?.focus();
      filterInput()?.select();
      return;
    case 'setFilter':
      setFilter(message.filter);
      return;
    default:
      assertNever(message);
  }
  draw();
}

function begin(): void {
  api.postMessage({ type: 'ready' });
  query();
}

function query(): void {
  api.postMessage({ type: 'query', query: { surface: 'events', filter: kept.filter, window: window_ } });
}

/** Of a real cluster nobody has recorded causes. */
function isReal(): boolean {
  return clock?.real !== undefined;
}

function send(command: EventCommand, ref: ObjectRef): void {
  api.postMessage({ type: 'command', command, ref });
}

function setFilter(filter: string): void {
  if (filter === kept.filter) return;
  kept = { filter };
  api.setState(kept);
  draw();
  clearTimeout(filterTimer);
  filterTimer = setTimeout(() => list.restart(), FILTER_PAUSE_MS);
}

function draw(): void {
  scroller.hidden = list.store.total === 0;
  render(headerTemplate(), header);
  render(footerTemplate(), footer);
}

function headerTemplate(): TemplateResult {
  const warnings = kept.filter.split(/\s+/).includes(WARNINGS);
  return html`${realTemplate(clock)}${forkTemplate(clock)}${pastTemplate(clock)}
    <header class="line">
      ${filterBox({
        value: kept.filter,
        label: 'Filter events',
        title: 'Words that must all match: text, type:warning, object:pod/web-1, actor:scheduler, reason:…, kind:pod, ns:shop',
        placeholder: 'Filter: text, type:warning, actor:scheduler',
        set: setFilter,
        leave: () => scroller.focus(),
      })}
      <button
        type="button"
        class="tool toggle"
        aria-label="Warnings only"
        title="Warnings only"
        aria-pressed=${String(warnings)}
        @click=${toggleWarnings}
      >
        <span class="codicon codicon-warning" aria-hidden="true"></span>
      </button>
    </header>`;
}

function toggleWarnings(): void {
  const words = kept.filter.split(/\s+/).filter((word) => word !== '');
  setFilter((words.includes(WARNINGS) ? words.filter((word) => word !== WARNINGS) : [...words, WARNINGS]).join(' '));
}

function footerTemplate(): TemplateResult | typeof nothing {
  const { store } = list;
  if (host.state === 'failed') return html`<p>The cluster does not run. ${host.message}</p>`;
  if (host.state === 'starting' || store.sequence === 0 || store.total > 0) return nothing;
  if (kept.filter === '' && clock?.past !== undefined) return html`<p>There were no events up to this moment.</p>`;
  if (kept.filter === '') return html`<p>No events yet. What controllers, scheduler and kubelets do is told here.</p>`;
  return html`<p>No event matches <b>${kept.filter}</b>.</p>
    <div class="buttons"><button type="button" class="push" @click=${() => setFilter('')}>Clear Filter</button></div>`;
}

function filterInput(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>('#filter');
}

function part(name: string): HTMLElement {
  const element = document.createElement('div');
  element.className = name;
  return element;
}
