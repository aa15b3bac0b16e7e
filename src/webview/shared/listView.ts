/**
 * A long list of rows of one height, of which only those on the screen are drawn: for the tree and for the events.
 * Invariant: one tab stop (the scroller); the active row is named by aria-activedescendant and keeps its key when rows
 * come and go around it; what is at the top of the screen stays there. Counterpart: VS Code's own lists and trees.
 */
import { html, render, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Row, ViewDiff, Window } from '../../host/protocol/view.ts';
import type { Place } from './contextMenu.ts';
import { RowStore } from './rowStore.ts';
import { drawnRows, scrollTopFor, wantedRows, type Viewport } from './window.ts';

export interface ListOptions<R extends Row> {
  readonly scroller: HTMLElement;
  readonly rowHeight: number;
  /** New rows come at the end, and the end stays on the screen unless the person scrolled away from it. */
  readonly followsEnd: boolean;
  readonly template: (row: R, look: ListLook) => TemplateResult;
  /** The rows on the screen are others now. */
  readonly ask: (window: Window) => void;
  /** A message is missing. */
  readonly lost: () => void;
  readonly find: (prefix: string, after: number) => void;
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
  readonly active: boolean;
  readonly fresh: boolean;
}

const FRESH_MS = 900;
const TYPING_MS = 700;
/** More changes at once are not highlighted: everything would blink. */
const FRESH_LIMIT = 40;
/** Beyond every list: the projection answers with its last rows. */
const END = 2 ** 31;

export class ListView<R extends Row> {
  readonly store = new RowStore<R>();
  private readonly options: ListOptions<R>;
  private readonly spacer = presentation('spacer');
  private readonly rows = presentation('rows');
  private readonly fresh = new Set<string>();
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
    new ResizeObserver(() => this.resized()).observe(scroller);
  }

  /** The active row, if it is known. */
  get activeRow(): R | undefined {
    return this.active === undefined ? undefined : this.store.at(this.active.index);
  }

  take(diff: ViewDiff<R>): void {
    const { scroller, rowHeight } = this.options;
    const top = Math.floor(scroller.scrollTop / rowHeight);
    const topKey = this.store.at(top)?.key;
    const { gap, changed } = this.store.take(diff);
    if (gap) {
      this.options.lost();
      return;
    }
    if (changed.length <= FRESH_LIMIT) this.highlight(changed);
    this.keepActive();
    this.draw();
    const moved = topKey === undefined || top === 0 ? undefined : this.store.indexOf(topKey);
    if (this.atEnd) scroller.scrollTop = scroller.scrollHeight;
    else if (moved !== undefined && moved !== top) scroller.scrollTop += (moved - top) * rowHeight;
    this.askForRows();
  }

  /** Makes a row the active one and brings it onto the screen. */
  goTo(index: number, key?: string): void {
    const { scroller } = this.options;
    const at = Math.max(0, Math.min(index, this.store.total - 1));
    this.active = { index: at, key: key ?? this.store.at(at)?.key };
    scroller.scrollTop = scrollTopFor(at, this.viewport());
    this.draw();
    this.askForRows();
  }

  /** After the filter or the grouping changed: from the beginning (or the end) again. */
  restart(): void {
    this.active = undefined;
    this.atEnd = this.options.followsEnd;
    if (!this.atEnd) this.options.scroller.scrollTop = 0;
    this.asked = '';
    this.askForRows();
  }

  draw(): void {
    const { rowHeight, scroller, template } = this.options;
    const { first, count } = drawnRows(this.viewport(), this.store.total);
    const indexes = Array.from({ length: count }, (_, offset) => first + offset);
    this.spacer.style.setProperty('height', `${this.store.total * rowHeight}px`);
    this.rows.style.setProperty('transform', `translateY(${first * rowHeight}px)`);
    render(
      repeat(
        indexes,
        (index) => this.store.at(index)?.key ?? index,
        (index) => {
          const row = this.store.at(index);
          if (row === undefined) return html`<div class="row blank" role="presentation"></div>`;
          return template(row, { id: rowId(index), index, active: this.active?.index === index, fresh: this.fresh.has(row.key) });
        },
      ),
      this.rows,
    );
    const drawn =
      this.active !== undefined && this.activeRow !== undefined && this.active.index >= first && this.active.index < first + count;
    if (drawn && this.active !== undefined) scroller.setAttribute('aria-activedescendant', rowId(this.active.index));
    else scroller.removeAttribute('aria-activedescendant');
  }

  private viewport(): Viewport {
    const { scroller, rowHeight } = this.options;
    return { scrollTop: scroller.scrollTop, height: scroller.clientHeight, rowHeight };
  }

  private askForRows(): void {
    const wanted = wantedRows(this.viewport());
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
    if (keys.length === 0) return;
    for (const key of keys) this.fresh.add(key);
    setTimeout(() => {
      for (const key of keys) this.fresh.delete(key);
      this.drawSoon();
    }, FRESH_MS);
  }

  private drawSoon(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
      this.askForRows();
    });
  }

  private scrolled(): void {
    const { scroller, rowHeight, followsEnd } = this.options;
    this.atEnd = followsEnd && scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop < rowHeight;
    this.drawSoon();
  }

  private resized(): void {
    const { scroller } = this.options;
    if (this.atEnd) scroller.scrollTop = scroller.scrollHeight;
    this.drawSoon();
  }

  private focused(): void {
    if (this.active !== undefined || this.store.total === 0) return;
    this.goTo(this.options.followsEnd ? this.store.total - 1 : drawnRows({ ...this.viewport(), height: 0 }, this.store.total).first);
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.handled(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private handled(event: KeyboardEvent): boolean {
    const { key, shiftKey } = event;
    const row = this.activeRow;
    const at = this.active?.index ?? -1;
    const page = Math.max(1, Math.floor(this.options.scroller.clientHeight / this.options.rowHeight) - 1);
    if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) return this.menuAtActive(row);
    if (this.options.onKey(key, row)) return true;
    switch (key) {
      case 'ArrowDown':
        this.goTo(at + 1);
        return true;
      case 'ArrowUp':
        this.goTo(Math.max(0, at - 1));
        return true;
      case 'PageDown':
        this.goTo(at + page);
        return true;
      case 'PageUp':
        this.goTo(at - page);
        return true;
      case 'Home':
        this.goTo(0);
        return true;
      case 'End':
        this.goTo(this.store.total - 1);
        return true;
      case 'Enter':
        if (row !== undefined) this.options.activate(row);
        return true;
      default:
        return this.type(event, at);
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
    this.goTo(index, row.key);
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
