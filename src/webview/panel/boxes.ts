/** What panels consist of: boxes with a heading, lists of facts, tables. Native elements, so that screen readers know them. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Keyed } from '../../base/parts.ts';
import type { Tone } from '../../host/protocol/view.ts';
import { icon, toneIcons } from '../shared/icons.ts';

export type Content = TemplateResult | string | number | typeof nothing;

export function box(title: string, content: Content, more: { readonly wide?: boolean; readonly end?: Content } = {}): TemplateResult {
  return html`<section class="box ${more.wide === true ? 'wide' : ''}">
    <h2><span>${title}</span>${more.end === undefined ? nothing : html`<span class="end">${more.end}</span>`}</h2>
    ${content}
  </section>`;
}

/** Undefined values are left out. */
export function facts(rows: readonly (readonly [string, Content | undefined])[]): TemplateResult {
  return html`<dl class="facts">
    ${rows.map(([name, value]) =>
      value === undefined
        ? nothing
        : html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
    )}
  </dl>`;
}

/** A path of a field or a file, broken only at its parts: a word that is broken in its middle is hard to read. */
export function breakable(path: string): TemplateResult {
  return html`${path.split(/(?<=[./])|(?=\[)/).map((part) => html`${part}<wbr />`)}`;
}

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => Content;
  readonly number?: boolean;
  /** Takes the room that is left. */
  readonly grows?: boolean;
}

/** @param label what a screen reader calls it; the first cell of each row names the row */
export function table<T extends Keyed>(
  label: string,
  rows: readonly T[],
  columns: readonly Column<T>[],
  more: { readonly empty: string; readonly rowClass?: (row: T) => string },
): TemplateResult {
  if (rows.length === 0) return html`<p class="dim empty">${more.empty}</p>`;
  const kind = ({ number = false, grows = false }: Column<T>): string => `${number ? 'number' : ''} ${grows ? 'grows' : ''}`;
  return html`<div class="table" tabindex="0" role="region" aria-label=${label}>
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" class=${kind(column)}>${column.title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${repeat(
          rows,
          ({ key }) => key,
          (row) =>
            html`<tr class=${more.rowClass?.(row) ?? nothing}>
              ${columns.map((column, index) =>
                index === 0
                  ? html`<th scope="row" class=${kind(column)}>${column.cell(row)}</th>`
                  : html`<td class=${kind(column)}>${column.cell(row)}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function push(label: string, icon: string, run: () => void, primary = false): TemplateResult {
  return html`<button type="button" class="push ${primary ? '' : 'secondary'}" @click=${run}>
    <span class="codicon codicon-${icon}" aria-hidden="true"></span> ${label}
  </button>`;
}

/** A name that leads somewhere. */
export function link(label: string, run: () => void, title?: string): TemplateResult {
  return html`<button type="button" class="link" title=${title ?? nothing} @click=${run}>${label}</button>`;
}

export function toneIcon(tone: Tone): TemplateResult {
  return icon(toneIcons[tone], tone);
}
