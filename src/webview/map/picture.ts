/**
 * The map as a picture: boxes that are buttons, lines between them.
 * Invariant: one tab stop; left and right go along lines, up and down within a column, Enter acts, the context menu says what else.
 * Counterpart: none; the keyboard is that of a tree.
 */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { splitName } from '../shared/format.ts';
import { toneIcons } from '../shared/icons.ts';
import { nextKey } from './walk.ts';
import { TITLE_HEIGHT, type Layout, type LayoutBox, type LayoutLine, type Rect } from './layout.ts';
import type { Tone } from '../../host/protocol/view.ts';

export interface Box extends LayoutBox {
  readonly title: string;
  readonly kind: string;
  readonly status: string;
  readonly tone: Tone;
  /** What else there is to say of it. */
  readonly more: string;
  readonly expanded: boolean | undefined;
  /** It is a switch, and whether it is on. */
  readonly on?: boolean | undefined;
}

export interface Line extends LayoutLine {
  readonly tone: Tone;
  /** Something goes along it, or gets lost there. */
  readonly flow: 'none' | 'some' | 'failing';
  readonly width: number;
  readonly label: string;
}

export interface PictureActs {
  /** Enter and a click. */
  readonly act: (key: string) => void;
  readonly menu: (key: string, x: number, y: number) => void;
  /** The box that has the focus when the picture gets it. */
  readonly focused: (key: string) => void;
}

export function picture(
  label: string,
  boxes: readonly Box[],
  lines: readonly Line[],
  {
    layout,
    scale,
    current,
    acts,
  }: { readonly layout: Layout; readonly scale: number; readonly current: string | undefined; readonly acts: PictureActs },
): TemplateResult {
  const drawn = boxes.filter(({ key }) => layout.boxes.has(key));
  const stop = drawn.some(({ key }) => key === current) ? current : drawn[0]?.key;
  const groups = drawn.filter(({ isGroup }) => isGroup);
  const rectOf = (key: string): Rect => layout.boxes.get(key) ?? { x: 0, y: 0, width: 0, height: 0 };
  return html`<div
    class="canvas"
    role="group"
    aria-label=${label}
    @keydown=${(event: KeyboardEvent) => onKey(event, drawn, lines, layout, acts)}
  >
    <svg
      width=${Math.ceil(layout.width * scale)}
      height=${Math.ceil(layout.height * scale)}
      viewBox="0 0 ${Math.ceil(layout.width)} ${Math.ceil(layout.height)}"
    >
      ${repeat(
        groups,
        ({ key }) => key,
        ({ key }) => {
          const { x, y, width, height } = rectOf(key);
          return svg`<rect class="group" x=${x} y=${y} width=${width} height=${height} rx="4"></rect>`;
        },
      )}
      ${repeat(
        lines.filter(({ key }) => layout.lines.has(key)),
        ({ key }) => key,
        ({ key, tone, flow, width, label: text }) =>
          svg`<path data-way=${key} class="way tone-${tone} flow-${flow}" d=${layout.lines.get(key) ?? ''} stroke-width=${width}><title>${text}</title></path>`,
      )}
      ${repeat(
        drawn,
        ({ key }) => key,
        (box) => {
          const rect = box.isGroup ? titleOf(rectOf(box.key)) : rectOf(box.key);
          return svg`<foreignObject x=${rect.x} y=${rect.y} width=${rect.width} height=${rect.height}>${button(box, box.key === stop, acts)}</foreignObject>`;
        },
      )}
    </svg>
  </div>`;
}

function titleOf({ x, y, width }: Rect): Rect {
  return { x, y, width, height: TITLE_HEIGHT };
}

function button(box: Box, isStop: boolean, { act, menu, focused }: PictureActs): TemplateResult {
  const { key, title, kind, status, tone, more, expanded, isGroup } = box;
  const [begin, end] = kind === 'Pod' ? splitName(title) : [title, ''];
  // What is seen comes first: so it is spoken to as it is read.
  const label = `${title} ${isGroup ? '' : `${kind} `}${status}${more === '' ? '' : `. ${more}`}`;
  const onMenu = (event: MouseEvent): void => {
    event.preventDefault();
    const { left, bottom } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    // By the keyboard it has no place of its own.
    menu(key, event.clientX === 0 ? left + 12 : event.clientX, event.clientY === 0 ? bottom : event.clientY);
  };
  return html`<button
    type="button"
    class="node ${isGroup ? 'group-title' : ''} edge-${tone}"
    data-key=${key}
    tabindex=${isStop ? 0 : -1}
    role=${box.on === undefined ? nothing : 'switch'}
    aria-checked=${box.on === undefined ? nothing : String(box.on)}
    aria-label=${label}
    aria-expanded=${expanded === undefined ? nothing : String(expanded)}
    title=${label}
    @click=${() => act(key)}
    @focus=${() => focused(key)}
    @contextmenu=${onMenu}
  >
    <span class="first"
      ><span class="icon codicon codicon-${toneIcons[tone]} tone-${tone}" aria-hidden="true"></span
      ><span class="name"><b>${begin}</b>${end === '' ? nothing : html`<b class="tail">${end}</b>`}</span
      >${expanded === undefined ? nothing : html`<span class="codicon codicon-chevron-${expanded ? 'down' : 'right'}" aria-hidden="true"></span>`}</span
    >
    <span class="second"
      >${isGroup ? nothing : html`<span class="kind">${kind}</span> `}<span class="status">${status}</span
      >${box.on === undefined ? nothing : html`<span class="toggle" aria-hidden="true"><span class="knob"></span></span>`}</span
    >
  </button>`;
}

/** Moves the focus as the key says. */
function onKey(event: KeyboardEvent, boxes: readonly Box[], lines: readonly Line[], layout: Layout, { menu }: PictureActs): void {
  const target = event.target as HTMLElement;
  const key = target.dataset['key'];
  if (key === undefined) return;
  if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
    event.preventDefault();
    const { left, bottom } = target.getBoundingClientRect();
    return menu(key, left + 12, bottom);
  }
  const next = nextKey(event.key, key, boxes, lines, layout);
  if (next === undefined) return;
  event.preventDefault();
  const canvas = event.currentTarget as HTMLElement;
  canvas.querySelector<HTMLElement>(`[data-key="${CSS.escape(next)}"]`)?.focus();
}
