/** How the rows of the tree look. What they say is in rowText.ts. */
import { html, nothing, type TemplateResult } from 'lit';
import { assertNever } from '../../base/assertNever.ts';
import type { ContainerRow, GroupRow, Meter, NodeRow, PodRow, Tone, TreeRow } from '../../host/protocol/view.ts';
import { splitName } from '../shared/format.ts';
import { icon, toneIcons } from '../shared/icons.ts';
import type { ListLook } from '../shared/listView.ts';
import { meterTemplate } from '../shared/meter.ts';
import { cpuText, faultStatus, memoryText, nodeNews, podAge, podsText, restartsText, rowLabel, saysTheContrary } from './rowText.ts';

export interface RowLook extends ListLook {
  readonly now: number;
}

export function rowTemplate(row: TreeRow, look: RowLook): TemplateResult {
  const twistie = row.expanded === undefined ? '' : row.expanded ? 'codicon-chevron-down' : 'codicon-chevron-right';
  return html`<div
    class="row ${row.type} ${look.active ? 'active' : ''} ${look.selected ? 'selected' : ''} ${look.fresh ? 'fresh' : ''}"
    id=${look.id}
    data-index=${look.index}
    role="treeitem"
    draggable=${'name' in row ? 'true' : nothing}
    aria-level=${row.level}
    aria-posinset=${row.position}
    aria-setsize=${row.siblings}
    aria-expanded=${row.expanded === undefined ? nothing : String(row.expanded)}
    aria-selected=${String(look.selected)}
  >
    <span class="label visually-hidden">${rowLabel(row, look.now)}</span>
    <span class="twistie codicon ${twistie}" aria-hidden="true"></span>
    <span class="content" aria-hidden="true">${content(row, look.now)}</span>
  </div>`;
}

function content(row: TreeRow, now: number): TemplateResult {
  switch (row.type) {
    case 'section':
      return html`<span class="title">${row.title}</span><span class="dim number">${row.count}</span>`;
    case 'fault':
      return html`${icon('zap', row.tone)}${nameTemplate(row.name)} ${detail(row.detail)}
        <span class="status ${toneClass(row.tone)}">${faultStatus(row, now)}</span>`;
    case 'node':
      return nodeContent(row, now);
    case 'group':
      return groupContent(row);
    case 'pod':
      return podContent(row, now);
    case 'container':
      return containerContent(row);
    case 'note':
      return html`${detail(row.text)}`;
    default:
      return assertNever(row);
  }
}

function nodeContent(row: NodeRow, now: number): TemplateResult {
  const news = nodeNews(row, now);
  const well = row.status === 'Ready';
  return html`${icon(toneIcons[row.tone], row.tone)}${nameTemplate(row.name)}
  ${well ? nothing : html`<span class="status tone-${row.tone}">${row.status}</span>`} ${detail(news === '' ? row.detail : news)}
  ${
    row.cpu.capacity === 0 || news !== ''
      ? nothing
      : html`${bar(row.cpu, 'C', cpuText(row.cpu))}${bar(row.memory, 'M', memoryText(row.memory))}
          <span class="column pods number" title=${podsText(row.pods)}>${row.pods.requested}/${row.pods.capacity}</span>`
  }`;
}

function groupContent(row: GroupRow): TemplateResult {
  const kind = row.ref?.kind === 'Namespace' ? 'symbol-namespace' : 'layers';
  return html`${icon(row.tone === 'ok' ? kind : toneIcons[row.tone], row.tone)}${nameTemplate(row.name)} ${detail(row.detail)}
    <span class="status ${toneClass(row.tone)}">${row.status}</span>`;
}

function podContent(row: PodRow, now: number): TemplateResult {
  // A Pod without node has nothing to show in columns: the reason takes their place.
  const unbound = row.nodeName === '' && row.detail !== '';
  // Pods of one workload differ at the end of their names, so the end stays when there is no room for all of it.
  const [head, tail] = splitName(row.name);
  return html`${icon(toneIcons[row.tone], row.tone)}<span class="name ${tail === '' ? '' : 'long'}"
      ><span class="head">${head}</span>${tail}</span
    >
    ${detail(row.detail)}${restartsTemplate(row)}
    <span class="status ${toneClass(row.tone)} ${unbound ? 'wide' : ''}">${row.status}</span>
    ${
      unbound
        ? nothing
        : html`<span class="column ready number">${saysTheContrary(row) ? '' : row.ready}</span
            ><span class="column age number wide">${podAge(row, now)}</span>`
    }`;
}

function containerContent(row: ContainerRow): TemplateResult {
  return html`${icon(containerIcon(row), row.tone)}${nameTemplate(row.name)}
    ${detail(`${row.role === 'container' ? '' : `${row.role} · `}${row.image}`)}${restartsTemplate(row)}
    <span class="status ${toneClass(row.tone)}">${row.status}</span>`;
}

function nameTemplate(name: string): TemplateResult {
  return html`<span class="name"><span class="head">${name}</span></span>`;
}

function detail(text: string): TemplateResult | typeof nothing {
  return text === '' ? nothing : html`<span class="detail"><span>${text}</span></span>`;
}

function restartsTemplate(row: { readonly restarts: number }): TemplateResult | typeof nothing {
  const text = restartsText(row);
  return text === ''
    ? nothing
    : html`<span class="restarts number" title=${text}><span class="codicon codicon-debug-restart"></span>${row.restarts}</span>`;
}

function containerIcon(row: ContainerRow): string {
  return row.tone === 'ok' ? 'package' : toneIcons[row.tone];
}

/** Words stay quiet while all is well. */
function toneClass(tone: Tone): string {
  return tone === 'ok' || tone === 'idle' || tone === 'info' ? 'dim' : `tone-${tone}`;
}

function bar(meter: Meter, letter: string, text: string): TemplateResult {
  return html`<span class="bar" title=${text}><span class="letter">${letter}</span>${meterTemplate(meter, 32)}</span>`;
}
