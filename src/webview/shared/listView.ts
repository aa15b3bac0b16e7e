/**
 * A long list of rows of one height, of which only those on the screen are drawn: for the tree and for the events.
 * Invariant: one tab stop (the scroller); the active row is named by aria-activedescendant and keeps its key when rows
 * come and go around it; what is at the top of the screen stays there; one drawing a frame. Counterpart: VS Code's own lists and trees.
 */
import { html, render, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Row, ViewDiff, Window } from '../../host/protocol/view.ts';
import type { Place } from './contextMenu.ts';
import { RowStore } from './rowStore.ts';
import { Selection } from './selection.ts';
import { drawnRows, scrollTopFor, wantedRows, type Viewport } from './window.ts';

export interface ListOptions<R extends Row> {
  readonly scroller: HTMLElement;
  readonly rowHeight: number;
  /** New rows come at the end, and the end stays on the screen unless the person scrolled away from it. */
  readonly followsEnd: boolean;
  readonly template: (row: R, look: ListLook) => TemplateResult;
  /** The rows on the screen are others now. */
  readonly ask: (window: Window) => void;
  /** A frame was drawn: the time for what stands beside the rows. */
  readonly drawn: () => void;
  /** A message is missing. */
  readonly lost: () => void;
  readonly find: (prefix: string, after: number) => void;
  /** Several rows can be chosen: asks for the rows from one key to another, or for all siblings; answered by `chosen`. */
  readonly choose?: (from: string, to: string | undefined) => void;
  /** Enter or a double click. */
  readonly activate: (row: R) => void;
  readonly openMenu: (row: R, place: Place) => void;
  /** Keys and clicks that only this list knows; true: handled. */
  readonly onKey: (key: string, row: R | undefined) => boolean;
  readonly onClick: (row: R, target: Element) => void;
}

export interface ListLook {
  readonly id: string;
  readonly index: number;
  /** The keyboard is here. */
  readonly active: boolean;
  readonly selected: boolean;
  readonly fresh: boolean;
}

const FRESH_MS = 900;
const TYPING_MS = 700;
/** More changes at once are not highlighted: everything would blink. */
const FRESH_LIMIT = 16;
/** Beyond every list: the projection answers with its last rows. */
const END = 2 ** 31;

export class ListView<R extends Row> {
  readonly store = new RowStore<R>();
  private readonly selection = new Selection<R>();
  private readonly options: ListOptions<R>;
  private readonly spacer = presentation('spacer');
  private readonly rows = presentation('rows');
  private readonly fresh = new Set<string>();
  /** Height of all rows, pixels. */
  private height = 0;
  /** As it was last drawn: to ask the page anew may cost a layout. */
  private scrollTop = 0;
  /** The row at the top of the screen before the messages that are not yet drawn. */
  private anchor: { readonly index: number; readonly key: string } | undefined;
  private active: { readonly index: number; readonly key: string | undefined } | undefined;
  private asked = '';
  private atEnd: boolean;
  private typed = '';
  private typedAt = 0;
  private frame: number | undefined;

  constructor(options: ListOptions<R>) {
    this.options = options;
    this.atEnd = options.followsEnd;
    const { scroller } = options;
    this.spacer.append(this.rows);
    scroller.append(this.spacer);
    scroller.addEventListener('scroll', () => this.scrolled(), { passive: true });
    scroller.addEventListener('keydown', (event) => this.keyDown(event));
    scroller.addEventListener('click', (event) => this.clicked(event));
    scroller.addEventListener('dblclick', (event) => this.doubleClicked(event));
    scroller.addEventListener('contextmenu', (event) => this.contextMenu(event));
    scroller.addEventListener('focus', () => this.focused());
    new ResizeObserver(() => this.drawSoon()).observe(scroller);
  }

  /** The active row, if it is known. */
  get activeRow(): R | undefined {
    return this.active === undefined ? undefined : this.store.at(this.active.index);
  }

  /** What an act is about: the rows that are chosen, else the active one. */
  get selected(): readonly R[] {
    if (this.selection.size > 0) return this.selection.rows;
    return this.activeRow === undefined ? [] : [this.activeRow];
  }

  isSelected(row: R): boolean {
    return this.selection.size > 0 ? this.selection.has(row.key) : this.activeRow?.key === row.key;
  }

  /** The answer to `choose`. */
  chosen(rows: readonly R[]): void {
    this.selection.replace(rows);
    this.drawSoon();
  }

  clearSelection(): void {
    this.selection.clear();
    this.drawSoon();
  }

  take(diff: ViewDiff<R>): void {
    if (this.anchor === undefined && !this.atEnd) {
      const index = Math.floor(this.scrollTop / this.options.rowHeight);
      const key = this.store.at(index)?.key;
      if (index > 0 && key !== undefined) this.anchor = { index, key };
    }
    const { gap, changed } = this.store.take(diff);
    if (gap) {
      this.options.lost();
      return;
    }
    this.highlight(changed);
    this.keepActive();
    this.selection.refresh((key) => this.store.get(key));
    this.drawSoon();
  }

  /** Makes a row the active one, and the only one that is chosen, and brings it onto the screen. */
  goTo(index: number, key?: string): void {
    this.selection.clear();
    this.move(index, key);
  }

  private move(index: number, key?: string): void {
    const at = Math.max(0, Math.min(index, this.store.total - 1));
    this.active = { index: at, key: key ?? this.store.at(at)?.key };
    this.setHeight();
    this.options.scroller.scrollTop = scrollTopFor(at, this.viewport());
    this.draw();
    this.options.drawn();
  }

  /** From the row where the choice began up to this one. */
  private extendTo(index: number): void {
    const from = this.active?.key === undefined ? undefined : this.selection.pivot(this.active.key);
    this.move(index);
    const to = this.active?.key;
    if (from !== undefined && to !== undefined) this.options.choose?.(from, to);
  }

  private toggleAt(index: number, row: R): void {
    this.selection.toggle(row, this.activeRow);
    this.move(index, row.key);
  }

  /** After the filter or the grouping changed: from the beginning (or the end) again. */
  restart(): void {
    this.active = undefined;
    this.selection.clear();
    this.atEnd = this.options.followsEnd;
    if (!this.atEnd) this.options.scroller.scrollTop = 0;
    this.asked = '';
    this.anchor = undefined;
    this.askForRows(this.viewport());
  }

  draw(): void {
    const { rowHeight, scroller, template } = this.options;
    this.setHeight();
    const viewport = this.settled();
    const { first, count } = drawnRows(viewport, this.store.total);
    const indexes = Array.from({ length: count }, (_, offset) => first + offset);
    this.rows.style.setProperty('transform', `translateY(${first * rowHeight}px)`);
    render(
      repeat(
        indexes,
        (index) => this.store.at(index)?.key ?? index,
        (index) => {
          const row = this.store.at(index);
          if (row === undefined) return html`<div class="row blank" role="presentation"></div>`;
          const active = this.active?.index === index;
          return template(row, { id: rowId(index), index, active, selected: this.isSelected(row), fresh: this.fresh.has(row.key) });
        },
      ),
      this.rows,
    );
    const drawn =
      this.active !== undefined && this.activeRow !== undefined && this.active.index >= first && this.active.index < first + count;
    if (drawn && this.active !== undefined) scroller.setAttribute('aria-activedescendant', rowId(this.active.index));
    else scroller.removeAttribute('aria-activedescendant');
    this.askForRows(viewport);
  }

  private setHeight(): void {
    const height = this.store.total * this.options.rowHeight;
    if (height === this.height) return;
    this.height = height;
    this.spacer.style.setProperty('height', `${height}px`);
  }

  /** Scrolls by what came and went above the screen. The place is read once, before anything is drawn: that costs a layout. */
  private settled(): Viewport {
    const { scroller, rowHeight } = this.options;
    const { anchor } = this;
    const now = this.viewport();
    this.anchor = undefined;
    const moved = anchor === undefined ? undefined : this.store.indexOf(anchor.key);
    const wanted = this.atEnd ? this.height : now.scrollTop + ((moved ?? anchor?.index ?? 0) - (anchor?.index ?? 0)) * rowHeight;
    const scrollTop = Math.max(0, Math.min(wanted, this.height - now.height));
    if (scrollTop !== now.scrollTop) scroller.scrollTop = scrollTop;
    this.scrollTop = scrollTop;
    return { ...now, scrollTop };
  }

  private viewport(): Viewport {
    const { scroller, rowHeight } = this.options;
    return { scrollTop: scroller.scrollTop, height: scroller.clientHeight, rowHeight };
  }

  private askForRows(viewport: Viewport): void {
    const wanted = wantedRows(viewport);
    const window = this.atEnd ? { first: END, count: wanted.count } : wanted;
    const text = `${window.first}+${window.count}`;
    if (text === this.asked) return;
    this.asked = text;
    this.options.ask(window);
  }

  /** The active row keeps its key; if it is gone, the row that took its place becomes active. */
  private keepActive(): void {
    if (this.active === undefined) return;
    const { store } = this;
    const { key } = this.active;
    const found = key === undefined ? undefined : store.indexOf(key);
    const index = found ?? Math.min(this.active.index, store.total - 1);
    const row = store.at(index);
    if (store.total === 0) this.active = undefined;
    else if (found !== undefined) this.active = { index, key };
    else if (row !== undefined) this.active = { index, key: row.key };
  }

  private highlight(keys: readonly string[]): void {
    if (keys.length === 0 || this.fresh.size + keys.length > FRESH_LIMIT) return;
    for (const key of keys) this.fresh.add(key);
    setTimeout(() => {
      for (const key of keys) this.fresh.delete(key);
      this.drawSoon();
    }, FRESH_MS);
  }

  /** With the next frame. */
  drawSoon(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
      this.options.drawn();
    });
  }

  private scrolled(): void {
    const { scroller, rowHeight, followsEnd } = this.options;
    this.atEnd = followsEnd && scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < rowHeight;
    this.drawSoon();
  }

  private focused(): void {
    if (this.active !== undefined || this.store.total === 0) return;
    this.goTo(this.options.followsEnd ? this.store.total - 1 : drawnRows({ ...this.viewport(), height: 0 }, this.store.total).first);
  }

  private keyDown(event: KeyboardEvent): void {
    const handled = event.ctrlKey || event.metaKey ? this.chosenByKey(event) : !event.altKey && this.handled(event);
    if (!handled) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private chosenByKey({ key, altKey }: KeyboardEvent): boolean {
    const { active, activeRow: row } = this;
    const { choose } = this.options;
    if (choose === undefined || active === undefined || row === undefined || altKey) return false;
    if (key === ' ') this.toggleAt(active.index, row);
    else if (key === 'a') choose(row.key, undefined);
    else return false;
    return true;
  }

  private handled(event: KeyboardEvent): boolean {
    const { key, shiftKey } = event;
    const row = this.activeRow;
    if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) return this.menuAtActive(row);
    if (this.options.onKey(key, row)) return true;
    const to = this.targetOf(key);
    if (to !== undefined) {
      if (shiftKey && this.options.choose !== undefined) this.extendTo(to);
      else this.goTo(to);
      return true;
    }
    if (key === 'Escape' && this.selection.size > 0) {
      this.clearSelection();
      return true;
    }
    if (key !== 'Enter') return this.type(event, this.active?.index ?? -1);
    if (row !== undefined) this.options.activate(row);
    return true;
  }

  /** Where a key leads; undefined: nowhere. */
  private targetOf(key: string): number | undefined {
    const at = this.active?.index ?? -1;
    const page = Math.max(1, Math.floor(this.options.scroller.clientHeight / this.options.rowHeight) - 1);
    switch (key) {
      case 'ArrowDown':
        return at + 1;
      case 'ArrowUp':
        return Math.max(0, at - 1);
      case 'PageDown':
        return at + page;
      case 'PageUp':
        return at - page;
      case 'Home':
        return 0;
      case 'End':
        return this.store.total - 1;
      default:
        return undefined;
    }
  }

  /** Letters typed in quick succession are the beginning of a name. */
  private type({ key, timeStamp }: KeyboardEvent, at: number): boolean {
    if (timeStamp - this.typedAt > TYPING_MS) this.typed = '';
    if (key.length !== 1 || (key === ' ' && this.typed === '')) return false;
    this.typed += key;
    this.typedAt = timeStamp;
    this.options.find(this.typed, this.typed.length === 1 ? at : at - 1);
    return true;
  }

  private menuAtActive(row: R | undefined): boolean {
    if (row === undefined || this.active === undefined) return true;
    const box = document.getElementById(rowId(this.active.index))?.getBoundingClientRect();
    this.options.openMenu(row, { x: (box?.left ?? 0) + 40, y: box?.bottom ?? 0 });
    return true;
  }

  private clicked(event: MouseEvent): void {
    const index = indexAt(event);
    const row = index === undefined ? undefined : this.store.at(index);
    if (index === undefined || row === undefined || !(event.target instanceof Element)) return;
    if (this.options.choose !== undefined && (event.ctrlKey || event.metaKey)) return this.toggleAt(index, row);
    if (this.options.choose !== undefined && event.shiftKey && this.active !== undefined) return this.extendTo(index);
    this.goTo(index, row.key);
    this.options.onClick(row, event.target);
  }

  private doubleClicked(event: MouseEvent): void {
    const index = indexAt(event);
    const row = index === undefined ? undefined : this.store.at(index);
    if (row !== undefined && !(event.target instanceof Element && event.target.closest('.twistie, .link') !== null))
      this.options.activate(row);
  }

  private contextMenu(event: MouseEvent): void {
    event.preventDefault();
    event.stopPropagation();
    const index = indexAt(event);
    const row = index === undefined ? undefined : this.store.at(index);
    if (index === undefined || row === undefined) return;
    this.options.scroller.focus({ preventScroll: true });
    // The menu of a row that is chosen is for all that are.
    if (this.selection.has(row.key)) this.move(index, row.key);
    else this.goTo(index, row.key);
    this.options.openMenu(row, { x: event.clientX, y: event.clientY });
  }
}

function rowId(index: number): string {
  return `row-${index}`;
}

function indexAt(event: Event): number | undefined {
  const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
  return element === null ? undefined : Number(element.dataset['index']);
}

function presentation(name: string): HTMLElement {
  const element = document.createElement('div');
  element.className = name;
  element.setAttribute('role', 'presentation');
  return element;
}
