/**
 * The files as a tree: one tab stop, arrow keys open, close and walk, Enter opens a file.
 * Invariant: which directories are open is part of the query, so their content follows what the processes do.
 * Counterpart: the tree pattern of the ARIA Authoring Practices.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ContainerModel, ContainerQuery, FileModel, LayerModel, MountModel } from '../../host/panels/container/model.ts';
import { box, breakable, table } from '../panel/boxes.ts';
import { sizeText } from './amounts.ts';

export interface FileTreeOptions {
  readonly toggle: (query: ContainerQuery, path: string) => void;
  readonly open: (path: string) => void;
  readonly redraw: () => void;
}

const ICONS = { directory: 'folder', file: 'file', device: 'settings', removed: 'trash', more: 'ellipsis' } as const;
const ORIGINS = { image: 'layers', written: 'edit', mount: 'plug' } as const;
const INDENT = 14;

export class FileTree {
  private readonly options: FileTreeOptions;
  private active = '';

  constructor(options: FileTreeOptions) {
    this.options = options;
  }

  template(query: ContainerQuery, { files = [], layers = [], mounts = [] }: Partial<ContainerModel>): TemplateResult {
    if (!files.some(({ key }) => key === this.active)) this.active = files[0]?.key ?? '';
    return html`<p class="legend dim">
        ${legend('image', 'of the image')} ${legend('written', 'written or removed by the container')} ${legend('mount', 'mounted')}
      </p>
      <div
        class="files"
        role="tree"
        aria-label="Files of the container"
        tabindex="0"
        aria-activedescendant=${idOf(this.active)}
        @keydown=${(event: KeyboardEvent) => this.onKey(event, query, files)}
      >
        ${repeat(
          files,
          ({ key }) => key,
          (file) => this.row(file, query),
        )}
      </div>
      <div class="boxes below">${box('Layers, the topmost first', layersTable(layers))} ${box('Mounts', mountsTable(mounts))}</div>`;
  }

  private row(file: FileModel, query: ContainerQuery): TemplateResult {
    const { key, name, level, kind, expanded, origin, from, sizeBytes, mode, readOnly } = file;
    const twistie = expanded === undefined ? '' : expanded ? 'codicon-chevron-down' : 'codicon-chevron-right';
    const what = kind === 'file' ? sizeText(sizeBytes) : kind === 'more' ? 'not shown' : kind;
    const choose = (): void => {
      this.active = key;
      this.activate(file, query);
      this.options.redraw();
    };
    return html`<div
      class="file ${kind} ${key === this.active ? 'active' : ''}"
      id=${idOf(key)}
      role="treeitem"
      aria-level=${level}
      aria-posinset=${file.position}
      aria-setsize=${file.siblings}
      aria-selected=${String(key === this.active)}
      aria-expanded=${expanded === undefined ? nothing : String(expanded)}
      @click=${choose}
    >
      <span class="visually-hidden"
        >${name}, ${what}${from === '' ? '' : `, ${from}`}${readOnly && kind !== 'more' ? ', read-only' : ''}</span
      >
      <span class="row-content" aria-hidden="true">
        <svg width=${(level - 1) * INDENT} height="1"></svg>
        <span class="twistie codicon ${twistie}"></span>
        <span class="icon codicon codicon-${ICONS[kind]} dim"></span>
        <span class="file-name">${name}</span>
        <span class="mono dim mode">${mode}</span>
        <span class="number size">${kind === 'file' ? sizeText(sizeBytes) : ''}</span>
        <span class="from dim">${kind === 'more' ? nothing : html`${originIcon(origin)} ${from}`}</span>
      </span>
    </div>`;
  }

  private activate({ kind, key }: FileModel, query: ContainerQuery): void {
    if (kind === 'directory') this.options.toggle(query, key);
    else if (kind === 'file') this.options.open(key);
  }

  private onKey(event: KeyboardEvent, query: ContainerQuery, files: readonly FileModel[]): void {
    const at = files.findIndex(({ key }) => key === this.active);
    const row = files[at];
    if (row === undefined) return;
    const to = targetOf(event.key, at, row, files);
    if (to === undefined) return;
    event.preventDefault();
    if (to === 'act') return this.activate(row, query);
    const next = files[Math.min(Math.max(to, 0), files.length - 1)];
    if (next === undefined || next.key === this.active) return;
    this.active = next.key;
    this.options.redraw();
    document.getElementById(idOf(next.key))?.scrollIntoView({ block: 'nearest' });
  }
}

/** Where a key leads: to a row, to what the row does, or nowhere. */
function targetOf(key: string, at: number, row: FileModel, files: readonly FileModel[]): number | 'act' | undefined {
  switch (key) {
    case 'ArrowDown':
      return at + 1;
    case 'ArrowUp':
      return at - 1;
    case 'Home':
      return 0;
    case 'End':
      return files.length - 1;
    case 'ArrowRight':
      return row.expanded === false ? 'act' : row.expanded === true ? at + 1 : at;
    case 'ArrowLeft':
      return row.expanded === true ? 'act' : files.findLastIndex(({ level }, index) => index < at && level < row.level);
    case 'Enter':
    case ' ':
      return 'act';
    default:
      return undefined;
  }
}

function idOf(path: string): string {
  return `file:${path}`;
}

function originIcon(origin: FileModel['origin']): TemplateResult {
  return html`<span class="codicon codicon-${ORIGINS[origin]} origin-${origin}" aria-hidden="true"></span>`;
}

function legend(origin: FileModel['origin'], text: string): TemplateResult {
  return html`<span>${originIcon(origin)} ${text}</span>`;
}

function layersTable(layers: readonly LayerModel[]): TemplateResult {
  const known = ({ kind, digest }: LayerModel): boolean => kind === 'writable' || digest !== '';
  const name = ({ kind, digest }: LayerModel): TemplateResult | string =>
    kind === 'writable' ? 'writable' : digest === '' ? 'image' : html`<span class="mono">${digest.slice('sha256:'.length, 19)}</span>`;
  return table(
    'Layers',
    layers,
    [
      { title: 'Layer', cell: name },
      { title: 'Size', number: true, cell: (layer) => (known(layer) ? sizeText(layer.sizeBytes) : '') },
      { title: 'What it is', grows: true, cell: ({ name: text }) => text },
    ],
    { empty: 'No layers.' },
  );
}

function mountsTable(mounts: readonly MountModel[]): TemplateResult {
  return table(
    'Mounts',
    mounts,
    [
      { title: 'At', grows: true, cell: ({ path }) => html`<span class="mono">${breakable(path)}</span>` },
      { title: 'From', grows: true, cell: ({ source }) => source },
      { title: 'Access', cell: ({ readOnly }) => (readOnly ? 'read-only' : 'read and write') },
      { title: 'Written', number: true, cell: ({ writtenBytes, readOnly }) => (readOnly ? '' : sizeText(writtenBytes)) },
    ],
    { empty: 'No mounts.' },
  );
}
