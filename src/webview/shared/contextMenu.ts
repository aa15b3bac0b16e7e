/**
 * A menu at a place on the page, for mouse, keyboard and screen reader.
 * Invariant: at most one is open; it takes the focus and gives it back to where it came from.
 * Counterpart: the menu pattern of the ARIA Authoring Practices; looks like VS Code's own menus.
 */
import { html, render } from 'lit';

export interface MenuEntry {
  readonly label: string;
  readonly run: () => void;
  /** A line above it. */
  readonly separated: boolean;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

let close: (() => void) | undefined;

export function openMenu(label: string, entries: readonly MenuEntry[], place: Place): void {
  close?.();
  if (entries.length === 0) return;
  const before = document.activeElement;
  const host = document.createElement('div');
  document.body.append(host);
  const end = (giveBack: boolean): void => {
    close = undefined;
    removeEventListener('pointerdown', outside, true);
    removeEventListener('blur', away);
    removeEventListener('resize', away);
    host.remove();
    if (giveBack && before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
  const outside = (event: Event): void => {
    if (event.target instanceof Node && !host.contains(event.target)) end(false);
  };
  const away = (): void => end(true);
  const choose = (entry: MenuEntry): void => {
    end(true);
    entry.run();
  };
  close = away;
  render(menuTemplate(label, entries, choose, away), host);
  const menu = host.firstElementChild as HTMLElement;
  put(menu, place);
  addEventListener('pointerdown', outside, true);
  addEventListener('blur', away);
  addEventListener('resize', away);
  itemsOf(menu)[0]?.focus();
}

function menuTemplate(label: string, entries: readonly MenuEntry[], choose: (entry: MenuEntry) => void, leave: () => void) {
  const onKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') leave();
    else if (!walk(event)) return;
    event.preventDefault();
  };
  return html`<div class="menu" role="menu" aria-label=${label} @keydown=${onKey} @contextmenu=${(event: Event) => event.preventDefault()}>
    ${entries.map(
      (entry) =>
        html`${entry.separated ? html`<div class="separator" role="separator"></div>` : ''}
          <button type="button" role="menuitem" tabindex="-1" @click=${() => choose(entry)} @pointermove=${focusTarget}>
            ${entry.label}
          </button>`,
    )}
  </div>`;
}

/** Moves the focus as the key says; false: the key is none of the menu's. */
function walk(event: KeyboardEvent): boolean {
  const items = itemsOf(event.currentTarget as HTMLElement);
  const at = items.indexOf(event.target as HTMLElement);
  const to = target(event.key, at, items);
  if (to === undefined) return false;
  items[(to + items.length) % items.length]?.focus();
  return true;
}

function target(key: string, at: number, items: readonly HTMLElement[]): number | undefined {
  if (key === 'ArrowDown') return at + 1;
  if (key === 'ArrowUp') return at - 1;
  if (key === 'Home') return 0;
  if (key === 'End') return items.length - 1;
  if (key.length !== 1 || key === ' ') return undefined;
  const order = items.map((_, step) => (at + 1 + step) % items.length);
  return order.find((index) => items[index]?.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()) === true);
}

function itemsOf(menu: HTMLElement): readonly HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role="menuitem"]')];
}

function focusTarget(event: Event): void {
  const item = event.currentTarget as HTMLElement;
  if (document.activeElement !== item) item.focus({ preventScroll: true });
}

/** Keeps the menu on the page; one that is higher than the page scrolls. */
function put(menu: HTMLElement, { x, y }: Place): void {
  const { width, height } = menu.getBoundingClientRect();
  menu.style.setProperty('left', `${Math.max(0, Math.min(x, innerWidth - width - 4))}px`);
  menu.style.setProperty('top', `${Math.max(0, Math.min(y, innerHeight - height - 4))}px`);
}
