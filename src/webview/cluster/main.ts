/**
 * The Cluster view in the sidebar: clock and health above, the tree of nodes, Pods and containers below.
 * Invariant: shows what the messages said and keeps no truth of its own; every change is asked of the extension.
 * Counterpart: none in Kubernetes; `kubectl get nodes,pods --watch` for the eye.
 */
import '../shared/base.css';
import './cluster.css';
import { render } from 'lit';
import { assertNever } from '../../base/assertNever.ts';
import type { GroupBy, Health, ObjectRef, SortBy, TreeRow, Window } from '../../host/protocol/view.ts';
import { Announcer } from '../shared/announcer.ts';
import { openMenu, type MenuEntry, type Place } from '../shared/contextMenu.ts';
import { showCards } from '../shared/hoverCard.ts';
import { ListView } from '../shared/listView.ts';
import { VirtualClock } from '../shared/virtualClock.ts';
import { connect } from '../shared/vscode.ts';
import { bulkActions, canBeChosen, namesOf } from './bulkMenu.ts';
import { cardOf } from './card.ts';
import { footerTemplate, type HostState } from './footer.ts';
import { headerTemplate } from './header.ts';
import { healthNews } from './news.ts';
import type { RowCommand, ToExtension, ToWebview } from './protocol.ts';
import { rowActions, type RowAction } from './rowMenu.ts';
import { rowTemplate } from './rows.ts';

interface Kept {
  readonly filter: string;
  readonly groupBy: GroupBy;
  readonly sortBy: SortBy;
  readonly groupsOpen: boolean;
  readonly toggled: readonly string[];
}

const ROW_HEIGHT = 22;
const TICK_MS = 100;
const ROWS_EVERY_TICKS = 5;
const FILTER_PAUSE_MS = 120;

const api = connect<ToWebview, ToExtension, Kept>(receive);
const clock = new VirtualClock();
let kept: Kept = { filter: '', groupBy: 'node', sortBy: 'name', groupsOpen: true, toggled: [], ...api.getState() };
let cluster = { name: '', version: '' };
let host: HostState = { state: 'starting', message: '' };
let window_: Window = { first: 0, count: 100 };
let filterTimer: ReturnType<typeof setTimeout> | undefined;
let saidHealth: Health | undefined;
let revealing: string | undefined;

const header = part('header-part');
const scroller = treeElement();
const footer = part('footer-part');
const region = part('visually-hidden');
region.setAttribute('role', 'status');
document.getElementById('root')?.append(header, scroller, footer, region);
const announcer = new Announcer(region);

const list = new ListView<TreeRow>({
  scroller,
  rowHeight: ROW_HEIGHT,
  followsEnd: false,
  template: (row, look) => rowTemplate(row, { ...look, now: now() }),
  ask(window) {
    window_ = window;
    query();
  },
  drawn: draw,
  lost: begin,
  find: (prefix, after) => api.postMessage({ type: 'find', prefix, after }),
  activate,
  choose: (from, to) => api.postMessage({ type: 'choose', from, to }),
  openMenu: (row, place) => openRowMenu(row, place),
  onKey,
  onClick(row, target) {
    if (row.type === 'section' || target.closest('.twistie') !== null) toggle(row);
  },
});

scroller.addEventListener('copy', (event) => {
  event.clipboardData?.setData('text/plain', namesOf(list.selected));
  event.preventDefault();
});
scroller.addEventListener('dragstart', (event) => {
  const index = event.target instanceof HTMLElement ? Number(event.target.dataset['index']) : Number.NaN;
  const row = list.store.at(index);
  if (row === undefined || event.dataTransfer === null) return;
  event.dataTransfer.effectAllowed = 'copy';
  event.dataTransfer.setData('text/plain', namesOf(list.isSelected(row) ? list.selected : [row]));
});
showCards(scroller, (index) => {
  const row = list.store.at(index);
  return row === undefined ? undefined : cardOf(row, now());
});
draw();
begin();
setInterval(tick, TICK_MS);

function receive(message: ToWebview): void {
  switch (message.type) {
    case 'cluster':
      cluster = { name: message.name, version: message.version };
      break;
    case 'state':
      host = { state: message.state, message: message.message };
      break;
    case 'clock':
      clock.receive(message.clock, performance.now());
      list.drawSoon();
      return;
    case 'diff':
      if (host.state === 'starting') host = { state: 'running', message: '' };
      scroller.removeAttribute('aria-busy');
      scroller.hidden = message.diff.total === 0;
      list.take(message.diff);
      sayHealth();
      return;
    case 'located':
      located(message.index, message.key);
      return;
    case 'chosen':
      list.chosen(message.rows.filter(canBeChosen));
      announcer.now(`${list.selected.length} selected`);
      return;
    case 'reveal':
      revealing = message.key;
      keep({ filter: '', groupBy: message.groupBy ?? kept.groupBy });
      list.restart();
      api.postMessage({ type: 'locate', key: message.key });
      scroller.focus();
      return;
    case 'focusFilter':
      filterBox()?.focus();
      filterBox()?.select();
      return;
    case 'setFilter':
      setFilter(message.filter);
      return;
    case 'collapseAll':
    case 'expandAll':
      keep({ groupsOpen: message.type === 'expandAll', toggled: [] });
      list.restart();
      return;
    default:
      assertNever(message);
  }
  draw();
}

/** A row that is to be revealed and not there lies under one that is closed: with all open it is there, if it is anywhere. */
function located(index: number | undefined, key: string): void {
  const missed = index === undefined && key === revealing;
  if (key === revealing) revealing = undefined;
  if (index !== undefined) list.goTo(index, key);
  else if (missed) {
    keep({ groupsOpen: true, toggled: [] });
    query();
    api.postMessage({ type: 'locate', key });
  }
}

/** Asks for everything from the start. */
function begin(): void {
  api.postMessage({ type: 'ready' });
  query();
}

function query(): void {
  api.postMessage({ type: 'query', query: { surface: 'cluster', ...kept, window: window_ } });
}

function keep(changes: Partial<Kept>): void {
  kept = { ...kept, ...changes };
  api.setState(kept);
  draw();
}

function setFilter(filter: string): void {
  if (filter === kept.filter) return;
  keep({ filter });
  clearTimeout(filterTimer);
  filterTimer = setTimeout(() => list.restart(), FILTER_PAUSE_MS);
}

function toggle(row: TreeRow): void {
  if (row.expanded === undefined) return;
  const toggled = kept.toggled.includes(row.key) ? kept.toggled.filter((key) => key !== row.key) : [...kept.toggled, row.key];
  keep({ toggled });
  query();
}

function onKey(key: string, row: TreeRow | undefined): boolean {
  if (row === undefined) return false;
  switch (key) {
    case 'ArrowRight':
      if (row.expanded === false) toggle(row);
      else if (row.expanded === true) list.goTo((list.store.indexOf(row.key) ?? 0) + 1);
      return true;
    case 'ArrowLeft':
      if (row.expanded === true) toggle(row);
      else if (row.parent !== undefined) goToKey(row.parent);
      return true;
    case ' ':
      toggle(row);
      return row.expanded !== undefined;
    case 'Delete':
      deleteSelected(row);
      return true;
    default:
      return false;
  }
}

function goToKey(key: string): void {
  const index = list.store.indexOf(key);
  if (index === undefined) api.postMessage({ type: 'locate', key });
  else list.goTo(index, key);
}

function activate(row: TreeRow): void {
  const first = actionsOf(row)[0];
  if (first === undefined) toggle(row);
  else send(first.command, first.ref, first.container);
}

function actionsOf(row: TreeRow): readonly RowAction[] {
  return rowActions(row, clock.current?.real !== undefined);
}

/** Of one row all that it can do; of several what they can do together. */
function openRowMenu(row: TreeRow, place: Place): void {
  const rows = list.selected;
  if (rows.length < 2) {
    const name = 'name' in row ? row.name : 'Row';
    const entries = actionsOf(row).map(({ label, command, ref, container, separated }) => ({
      label,
      separated,
      run: () => send(command, ref, container),
    }));
    return openMenu(name, 'name' in row ? [...entries, copyEntry('Copy Name')] : entries, place);
  }
  const entries = bulkActions(rows, clock.current?.real !== undefined).map(({ label, command, refs, separated }) => ({
    label,
    separated,
    run: () => api.postMessage({ type: 'commandForAll', command, refs }),
  }));
  openMenu(`${rows.length} rows`, [...entries, copyEntry('Copy Names')], place);
}

function copyEntry(label: string): MenuEntry {
  return { label, separated: true, run: () => api.postMessage({ type: 'copy', text: namesOf(list.selected) }) };
}

function openSelectionMenu(event: Event): void {
  const [row] = list.selected;
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  if (row !== undefined) openRowMenu(row, { x: box.left, y: box.bottom });
}

/** The key deletes Pods and nothing else: what a Pod was is mostly made again. */
function deleteSelected(row: TreeRow): void {
  const rows = list.selected;
  if (rows.length < 2) {
    if (row.type === 'pod') send('delete', row.ref, undefined);
    return;
  }
  const refs = rows.flatMap((each) => (each.type === 'pod' ? [each.ref] : []));
  if (refs.length > 0) api.postMessage({ type: 'commandForAll', command: 'delete', refs });
}

function send(command: RowCommand, ref: ObjectRef, container: string | undefined): void {
  api.postMessage({ type: 'command', command, ref, container });
}

function sayHealth(): void {
  const { health } = list.store;
  if (health === undefined) return;
  saidHealth ??= health;
  announcer.later(() => {
    const before = saidHealth ?? health;
    saidHealth = list.store.health ?? health;
    return healthNews(before, saidHealth);
  });
}

let ticks = 0;

function tick(): void {
  if (!clock.ticking || document.hidden) return;
  drawHeader();
  if (++ticks % ROWS_EVERY_TICKS === 0) list.draw();
}

function now(): number {
  return clock.now(performance.now());
}

function draw(): void {
  drawHeader();
  scroller.hidden = list.store.total === 0;
  const { sequence, objects, total } = list.store;
  const real = clock.current?.real !== undefined;
  const past = clock.current?.past !== undefined;
  const model = { host, real, past, filter: kept.filter, told: sequence > 0, objects, total, selected: list.selected.length };
  render(
    footerTemplate(model, {
      post: (message) => api.postMessage(message),
      clearFilter: () => setFilter(''),
      openSelectionMenu,
      clearSelection: () => list.clearSelection(),
    }),
    footer,
  );
}

function drawHeader(): void {
  const model = { ...cluster, clock: clock.current, now: now(), health: list.store.health, ...kept };
  render(
    headerTemplate(model, {
      control: (control) => api.postMessage({ type: 'clock', control }),
      stopRun: () => api.postMessage({ type: 'stopRun' }),
      backToNow: () => api.postMessage({ type: 'backToNow' }),
      endTour: () => api.postMessage({ type: 'endTour' }),
      leaveReal: () => api.postMessage({ type: 'leaveReal' }),
      showFork: (fork) => api.postMessage({ type: 'showFork', fork }),
      setFilter(filter) {
        setFilter(filter);
        if (document.activeElement === document.body) filterBox()?.focus();
      },
      setGroupBy(groupBy) {
        keep({ groupBy });
        list.restart();
      },
      setSortBy(sortBy) {
        keep({ sortBy });
        list.restart();
      },
      leaveFilter: () => scroller.focus(),
    }),
    header,
  );
}

function filterBox(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>('#filter');
}

function part(name: string): HTMLElement {
  const element = document.createElement('div');
  element.className = name;
  return element;
}

function treeElement(): HTMLElement {
  const element = part('scroller');
  element.tabIndex = 0;
  element.setAttribute('role', 'tree');
  element.setAttribute('aria-label', 'Cluster');
  element.setAttribute('aria-multiselectable', 'true');
  element.setAttribute('aria-busy', 'true');
  return element;
}
