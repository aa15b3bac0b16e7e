/**
 * The map: what leads where, from who asks to the nodes.
 * Invariant: shows what it was told; what is asked for (part, grouping, open groups) is in the query, so that it survives a reload.
 * Counterpart: none in Kubernetes.
 */
import './map.css';
import { html, nothing, type TemplateResult } from 'lit';
import type {
  Column,
  ControlModel,
  FlowModel,
  HeadModel,
  MapModel,
  MapQuery,
  MapTab,
  NodeModel,
  PartModel,
  TrafficModel,
} from '../../host/panels/map/model.ts';
import { openPanel, type PanelPage } from '../panel/panelPage.ts';
import { push } from '../panel/boxes.ts';
import { tabs, type Tab } from '../panel/tabs.ts';
import { openMenu, type MenuEntry } from '../shared/contextMenu.ts';
import { filterBox } from '../shared/filterBox.ts';
import { plural } from '../shared/format.ts';
import { flightsOf, isFixed, partBox, partsTable, requestsBox, switched, wayLine } from './control.ts';
import { Flights } from './flights.ts';
import { Layouter } from './layout.ts';
import { picture, type Box, type Line, type PictureActs } from './picture.ts';
import { flowText, trafficTable } from './trafficTable.ts';
import type { MapCommand, NodeCommand } from './protocol.ts';

const COLUMNS: Readonly<Record<Column, number>> = { client: 0, ingress: 1, service: 2, endpoints: 3, pods: 4, node: 5 };
const SCALES = [0.5, 0.65, 0.8, 1, 1.25, 1.5] as const;
const LEAST_FITTING = 0.75;
/** Left and right of the picture, pixels. */
const MARGINS = 60;

/** One for each picture, so that going from tab to tab lays out nothing. */
const layouters = { Map: new Layouter(172), 'Control plane': new Layouter(204) } as const;
/** Of SCALES; undefined: as large as there is room for, within reason. */
let zoomed: number | undefined;
let fitting = 1;
let asTable = false;
let focused: string | undefined;
let again: ReturnType<typeof setTimeout> | undefined;

const flights = new Flights();

const page: PanelPage<MapQuery, MapCommand> = openPanel<MapQuery, MapModel, MapCommand>({
  ticks: false,
  missing: () => html``,
  draw: ({ query, model, start, past }) =>
    html`<div class="title">
        <h1>Map</h1>
        <span class="dim">${model.head === undefined ? nothing : sumText(model.head)}</span>
      </div>
      ${tabs('What the map is of', TABS, query.tab, (tab) => page.ask({ ...query, tab }), content(query, model, start, past))}`,
});

const TABS: readonly Tab<MapTab>[] = [
  { id: 'traffic', label: 'Traffic' },
  { id: 'control', label: 'Control Plane' },
];

function content(query: MapQuery, model: Partial<MapModel>, start: number, past: boolean): TemplateResult {
  if (query.tab === 'control') return isControl(model) ? control(query, model, start) : html``;
  return isTraffic(model) ? traffic(query, model, past) : html``;
}

function isTraffic(model: Partial<MapModel>): model is TrafficModel {
  return model.head !== undefined;
}

function isControl(model: Partial<MapModel>): model is ControlModel {
  return model.parts !== undefined;
}

function sumText({ pods, flow, folded }: HeadModel): string {
  const sent = flow.perSecond === 0 ? '' : `, ${flowText(flow)}`;
  return `${plural(pods, 'Pod')}${sent}${folded === 0 ? '' : `, ${plural(folded, 'box', 'boxes')} for several things each`}`;
}

function traffic(query: MapQuery, model: TrafficModel, past: boolean): TemplateResult {
  return html`${controls(query, model.head)}
  ${model.nodes.length === 0 ? nothingShown(query, model.head, past) : asTable ? trafficTable(model, (node) => act(query, node)) : drawn(query, model)}`;
}

function control(query: MapQuery, model: ControlModel, start: number): TemplateResult {
  if (model.parts.length === 0)
    return html`<p class="dim empty">
      The parts of a real control plane are not seen through its API. Choose the simulated cluster to see and switch them.
    </p>`;
  const parts = new Map(model.parts.map((part) => [part.key, part]));
  const run = (command: MapCommand): void => page.run(command);
  flights.offer(model.requests, (request) => flightsOf(request, parts));
  const press = (key: string): void => {
    const part = parts.get(key);
    const command = part === undefined ? undefined : switched(part);
    if (command !== undefined) return run(command);
    if (part?.expanded !== undefined && !isFixed(part)) toggle(query, part);
  };
  const acts = { act: press, menu: (key: string, x: number, y: number) => partMenu(parts.get(key), press, x, y), focused: keepFocus };
  return html`<div class="bar-of-buttons controls" role="toolbar" aria-label="What is shown">
      ${controllersButton(query, parts.get('controllers'))} ${viewButtons()}
    </div>
    ${asTable ? partsTable(model.parts, { run }) : shown('Control plane', model.parts.map(partBox), model.ways.map(wayLine), acts)}
    <div class="boxes">${requestsBox(model, start, { run })}</div>`;
}

function controllersButton(query: MapQuery, group: PartModel | undefined): TemplateResult | typeof nothing {
  if (group === undefined) return nothing;
  const open = group.expanded === true;
  return push(open ? 'Close Controllers' : 'Open Controllers', open ? 'fold' : 'unfold', () => toggle(query, group));
}

function partMenu(part: PartModel | undefined, press: (key: string) => void, x: number, y: number): void {
  if (part === undefined) return;
  const { component, faults, key, name } = part;
  const label = component === undefined ? '' : faults.length > 0 ? `Start ${name}` : `Stop ${name}`;
  openMenu(name, label === '' ? [] : [{ label, run: () => press(key), separated: false }], { x, y });
}

function controls(query: MapQuery, { namespaces }: HeadModel): TemplateResult {
  const ask = (change: Partial<MapQuery>): void => page.ask({ ...query, ...change });
  const chosen = (event: Event): string => (event.target as HTMLSelectElement).value;
  return html`<div class="bar-of-buttons controls" role="toolbar" aria-label="What is shown">
    ${filterBox({
      value: query.filter,
      label: 'Filter the map',
      title: 'A part of a name, a namespace or a kind. What leads to it and what it leads to is shown, too.',
      placeholder: 'Filter',
      set: (filter) => ask({ filter }),
      leave: () => document.querySelector<HTMLElement>('.node[tabindex="0"], .table')?.focus(),
    })}
    <select aria-label="Namespace" @change=${(event: Event) => ask({ namespace: chosen(event), toggled: [] })}>
      <option value="" ?selected=${query.namespace === ''}>All namespaces</option>
      ${namespaces.map((name) => html`<option value=${name} ?selected=${name === query.namespace}>${name}</option>`)}
    </select>
    <select aria-label="Group Pods by" @change=${(event: Event) => ask({ groupBy: chosen(event) as MapQuery['groupBy'], toggled: [] })}>
      ${(['workload', 'node', 'namespace'] as const).map((by) => html`<option value=${by} ?selected=${by === query.groupBy}>By ${by}</option>`)}
    </select>
    <label><input type="checkbox" .checked=${query.problems} @change=${() => ask({ problems: !query.problems })} /> Problems only</label>
    ${query.focus === undefined ? '' : push(`Only ${query.focus.kind} ${query.focus.name}`, 'close', () => ask({ focus: undefined }))}
    ${viewButtons()}
  </div>`;
}

function viewButtons(): TemplateResult {
  return html`<span class="end">
    ${asTable ? '' : html`${push('Smaller', 'zoom-out', () => zoom(-1))} ${push('Larger', 'zoom-in', () => zoom(1))}`}
    ${push(asTable ? 'As Picture' : 'As Table', asTable ? 'type-hierarchy' : 'table', () => {
      asTable = !asTable;
      page.redraw();
    })}
  </span>`;
}

function nothingShown(query: MapQuery, { all }: HeadModel, past: boolean): TemplateResult {
  if (all === 0 || (query.filter === '' && !query.problems && query.focus === undefined))
    return html`<p class="dim empty">
      ${past ? 'There was nothing to draw at this moment.' : 'There is nothing on the map yet. Apply a manifest with a Service and its Pods.'}
    </p>`;
  const nothingWrong = query.problems && query.filter === '' && query.focus === undefined;
  return html`<p class="dim empty">${nothingWrong ? 'Nothing is wrong on any way.' : 'Nothing on the map matches.'}</p>
    <div class="bar-of-buttons">
      ${push('Show All', 'clear-all', () => page.ask({ ...query, filter: '', problems: false, focus: undefined }))}
    </div>`;
}

function drawn(query: MapQuery, { nodes, edges }: TrafficModel): TemplateResult {
  const boxes = nodes.map(boxOf);
  const names = new Map(nodes.map(({ key, name }) => [key, name]));
  const lines = edges.map(({ key, from, to, tone, text, flow }): Line => {
    const said = [text, flowText(flow)].filter((part) => part !== '').join(', ');
    const label = `${names.get(from) ?? ''} to ${names.get(to) ?? ''}${said === '' ? '' : `: ${said}`}`;
    return { key, from, to, tone, flow: flow.failing > 0 ? 'failing' : flow.perSecond > 0 ? 'some' : 'none', width: widthOf(flow), label };
  });
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  return shown('Map', boxes, lines, {
    act: (key) => act(query, byKey.get(key)),
    menu: (key, x, y) => menu(query, byKey.get(key), x, y),
    focused: keepFocus,
  });
}

function keepFocus(key: string): void {
  focused = key;
}

function shown(label: keyof typeof layouters, boxes: readonly Box[], lines: readonly Line[], acts: PictureActs): TemplateResult {
  const [layout, againMs] = layouters[label].of(boxes, lines, () => performance.now());
  clearTimeout(again);
  if (againMs > 0) again = setTimeout(() => page.redraw(), againMs);
  return picture(label, boxes, lines, { layout, scale: scaleOf(layout.width), current: focused, acts });
}

function boxOf(node: NodeModel): Box {
  const { key, parent, column, name, kind, tone, expanded, flow } = node;
  // Where something goes, that is what one wants to read; how it is stays in the words for all of it.
  const status = flow.perSecond === 0 ? node.status : flowText(flow);
  return {
    key,
    parent,
    column: COLUMNS[column],
    isGroup: expanded === true,
    title: name,
    kind,
    status,
    tone,
    expanded,
    more: moreOf(node),
  };
}

function moreOf({ kind, namespace, expanded, why, flow, status }: NodeModel): string {
  const what = [expanded === true ? kind : '', namespace === '' ? '' : `in namespace ${namespace}`].filter((text) => text !== '').join(' ');
  return [what, flow.perSecond === 0 ? '' : status, why].filter((text) => text !== '').join('. ');
}

/** Opens what it is; a group of Pods opens or closes, what stands for a namespace shows that alone. */
function act(query: MapQuery, node: NodeModel | undefined): void {
  if (node === undefined) return;
  if (node.expanded !== undefined) return toggle(query, node);
  if (node.ref !== undefined) return page.run({ type: 'act', command: 'openObject', ref: node.ref });
  if (node.kind === 'Namespace' && node.namespace !== '') page.ask({ ...query, namespace: node.namespace });
}

/** From a hairline to a finger's breadth over five powers of ten. */
function widthOf({ perSecond }: FlowModel): number {
  return perSecond === 0 ? 1.5 : Math.min(9, 2 + Math.max(0, Math.log10(perSecond)) * 1.6);
}

function toggle(query: MapQuery, { key }: Pick<NodeModel, 'key'>): void {
  const toggled = query.toggled.includes(key) ? query.toggled.filter((each) => each !== key) : [...query.toggled, key];
  page.ask({ ...query, toggled });
}

function menu(query: MapQuery, node: NodeModel | undefined, x: number, y: number): void {
  if (node === undefined) return;
  const { ref, kind, name, expanded } = node;
  const entries: MenuEntry[] = [];
  const add = (label: string, run: () => void, separated = false): void => void entries.push({ label, run, separated });
  if (expanded !== undefined) add(expanded ? 'Close Group' : 'Open Group', () => toggle(query, node));
  if (ref !== undefined) {
    const command = (label: string, id: NodeCommand, separated = false): void =>
      add(label, () => page.run({ type: 'act', command: id, ref }), separated);
    command('Open', 'openObject');
    command('Why?', 'why');
    command('Describe', 'describe');
    command('YAML', 'yaml');
    if (kind === 'Pod') {
      command('Look Inside', 'inspectContainer');
      command('Logs', 'logs');
    }
    add('Show Only This', () => page.ask({ ...query, focus: ref }), true);
    if (kind === 'Pod' || kind === 'Node') command('Fault…', 'fault', true);
  }
  openMenu(`${kind} ${name}`, entries, { x, y });
}

function zoom(by: 1 | -1): void {
  const from = zoomed ?? SCALES.findLastIndex((scale) => scale <= fitting);
  zoomed = Math.min(SCALES.length - 1, Math.max(0, from + by));
  page.redraw();
}

/** What is a little too wide is made to fit; what is far too wide is scrolled. */
function scaleOf(width: number): number {
  fitting = Math.min(1, Math.max(LEAST_FITTING, (document.documentElement.clientWidth - MARGINS) / Math.max(1, width)));
  return zoomed === undefined ? fitting : (SCALES[zoomed] ?? 1);
}

addEventListener('resize', () => page.redraw());
