/** How the rows of the tree look. What they say is in rowText.ts. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { assertNever } from '../../base/assertNever.ts';
import type { ContainerRow, GroupRow, Meter, NodeRow, PodRow, Tone, TreeRow } from '../../host/viewProtocol.ts';
import { cpuText, memoryText, nodeNews, podAge, podsText, restartsText, rowLabel, tooltip } from './rowText.ts';

export interface RowLook {
  readonly id: string;
  readonly index: number;
  readonly active: boolean;
  /** It changed a moment ago. */
  readonly fresh: boolean;
  readonly now: number;
}

export function rowTemplate(row: TreeRow, look: RowLook): TemplateResult {
  const twistie = row.expanded === undefined ? '' : row.expanded ? 'codicon-chevron-down' : 'codicon-chevron-right';
  const tip = tooltip(row, look.now);
  return html`<div
    class="row ${row.type} ${look.active ? 'active' : ''} ${look.fresh ? 'fresh' : ''}"
    id=${look.id}
    data-index=${look.index}
    role="treeitem"
    aria-level=${row.level}
    aria-posinset=${row.position}
    aria-setsize=${row.siblings}
    aria-expanded=${row.expanded === undefined ? nothing : String(row.expanded)}
    aria-selected=${String(look.active)}
  >
    <span class="label visually-hidden">${rowLabel(row, look.now)}</span>
    <span class="twistie codicon ${twistie}" aria-hidden="true"></span>
    <span class="content" aria-hidden="true" title=${tip === '' ? nothing : tip}>${content(row, look.now)}</span>
  </div>`;
}

function content(row: TreeRow, now: number): TemplateResult {
  switch (row.type) {
    case 'section':
      return html`<span class="title">${row.title}</span><span class="badge">${row.count}</span>`;
    case 'node':
      return nodeContent(row, now);
    case 'group':
      return groupContent(row);
    case 'pod':
      return podContent(row, now);
    case 'container':
      return containerContent(row);
    case 'note':
      return html`<span class="text dim">${row.text}</span>`;
    default:
      return assertNever(row);
  }
}

function nodeContent(row: NodeRow, now: number): TemplateResult {
  const news = nodeNews(row, now);
  const well = row.status === 'Ready';
  return html`${icon(row.controlPlane && row.tone === 'ok' ? 'server-environment' : toneIcons[row.tone], row.tone)}
    <span class="text"
      >${row.name}${well ? nothing : html` <span class="tone-${row.tone}">${row.status}</span>`}
      <span class="dim">${news === '' ? row.detail : news}</span></span
    >
    ${well ? html`<span class="dim wide">${row.status}</span>` : nothing}
    ${
      row.cpu.capacity === 0 || news !== ''
        ? nothing
        : html`${meter(row.cpu, 'C', cpuText(row.cpu))}${meter(row.memory, 'M', memoryText(row.memory))}
            <span class="pods"
              >${meter(row.pods, 'P', podsText(row.pods))}<span class="dim number">${row.pods.requested}/${row.pods.capacity}</span></span
            >`
    }`;
}

function groupContent(row: GroupRow): TemplateResult {
  return html`${icon(row.ref?.kind === 'Namespace' ? 'symbol-namespace' : 'layers', row.tone)}
    <span class="text">${row.name} <span class="dim">${row.detail}</span></span>
    <span class="status ${toneClass(row.tone)}">${row.status}</span>`;
}

function podContent(row: PodRow, now: number): TemplateResult {
  const restarts = restartsText(row);
  // A Pod without node has nothing to show in columns: the reason takes their place.
  const unbound = row.nodeName === '' && row.detail !== '';
  return html`${icon(toneIcons[row.tone], row.tone)}
    <span class="text">${row.name} <span class="dim">${row.detail}</span></span>
    ${restarts === '' ? nothing : html`<span class="dim number restarts">${restarts}</span>`}
    <span class="status ${toneClass(row.tone)} ${unbound ? 'wide' : ''}">${row.status}</span>
    ${unbound ? nothing : html`<span class="dim number">${row.ready}</span><span class="dim number age wide">${podAge(row, now)}</span>`}`;
}

function containerContent(row: ContainerRow): TemplateResult {
  const restarts = restartsText(row);
  return html`${icon(containerIcon(row), row.tone)}
    <span class="text">${row.name} <span class="dim">${row.role === 'container' ? '' : `${row.role} · `}${row.image}</span></span>
    ${restarts === '' ? nothing : html`<span class="dim number restarts">${restarts}</span>`}
    <span class="status ${toneClass(row.tone)}">${row.status}</span>`;
}

/** A shape of its own for each tone, so that colour is never the only sign. */
export const toneIcons = {
  ok: 'pass-filled',
  busy: 'watch',
  warn: 'warning',
  error: 'error',
  idle: 'circle-large-outline',
  info: 'info',
} as const satisfies Readonly<Record<Tone, string>>;

export function icon(name: string, tone: Tone): TemplateResult {
  return html`<span class="icon codicon codicon-${name} tone-${tone}" aria-hidden="true"></span>`;
}

function containerIcon(row: ContainerRow): string {
  return row.tone === 'ok' ? 'package' : toneIcons[row.tone];
}

/** Words stay quiet while all is well. */
function toneClass(tone: Tone): string {
  return tone === 'ok' || tone === 'idle' || tone === 'info' ? 'dim' : `tone-${tone}`;
}

const WIDTH = 32;

function meter({ requested, used, capacity }: Meter, letter: string, text: string): TemplateResult {
  const part = (amount: number): number => (capacity === 0 ? 0 : Math.min(1, amount / capacity) * WIDTH);
  const full = capacity > 0 && requested >= 0.9 * capacity;
  return html`<span class="meter" title=${text}
    ><span class="letter">${letter}</span
    ><svg width=${WIDTH} height="6" aria-hidden="true">
      ${svg`<rect class="track" width=${WIDTH} height="6" rx="1"></rect>
        <rect class=${full ? 'requested full' : 'requested'} width=${part(requested)} height="6" rx="1"></rect>
        ${used === undefined ? nothing : svg`<rect class="used" y="2" width=${part(used)} height="2"></rect>`}`}
    </svg></span
  >`;
}
