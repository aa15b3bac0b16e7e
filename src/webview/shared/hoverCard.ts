/**
 * The card that opens when the mouse rests on a row: everything the row has no room for.
 * Invariant: it repeats what the row's accessible name and Describe say, so it is hidden from screen readers; Escape, a key,
 * a click or scrolling closes it; the mouse may move onto it (WCAG 1.4.13). Counterpart: the hovers of VS Code's own trees.
 */
import { html, nothing, render, type TemplateResult } from 'lit';
import type { Meter, Tone } from '../../host/protocol/view.ts';
import { meterTemplate } from './meter.ts';

export interface CardFact {
  readonly label: string;
  readonly value: string;
  readonly meter?: Meter;
}

export interface Card {
  readonly title: string;
  readonly status: string;
  readonly tone: Tone;
  /** A codicon. */
  readonly icon: string;
  readonly subtitle: string;
  readonly facts: readonly CardFact[];
  /** Lines; empty: none. */
  readonly text: string;
}

const OPEN_MS = 500;
/** Long enough to move the mouse from the row onto the card. */
const CLOSE_MS = 200;
const GAP = 4;
const METER_WIDTH = 64;

/** @param cardOf the card of the row with this index; undefined: it has none */
export function showCards(scroller: HTMLElement, cardOf: (index: number) => Card | undefined): void {
  const host = document.createElement('div');
  host.className = 'card-host';
  host.setAttribute('aria-hidden', 'true');
  document.body.append(host);
  let index: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const close = (): void => {
    clearTimeout(timer);
    index = undefined;
    render(nothing, host);
  };
  const closeSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(close, CLOSE_MS);
  };
  const open = (row: Element, at: number): void => {
    const card = cardOf(at);
    if (card === undefined || !row.isConnected) return close();
    index = at;
    render(cardTemplate(card), host);
    put(host.firstElementChild as HTMLElement, row.getBoundingClientRect());
  };
  scroller.addEventListener('pointermove', (event) => {
    const row = event.target instanceof Element ? event.target.closest('[data-index]') : null;
    const at = row === null ? undefined : Number(row.getAttribute('data-index'));
    if (row === null || at === undefined || event.buttons !== 0) return close();
    if (at === index) return clearTimeout(timer);
    const wasOpen = index !== undefined;
    clearTimeout(timer);
    // From row to row the card follows at once.
    timer = setTimeout(() => open(row, at), wasOpen ? CLOSE_MS : OPEN_MS);
  });
  scroller.addEventListener('pointerleave', closeSoon);
  host.addEventListener('pointerenter', () => clearTimeout(timer));
  host.addEventListener('pointerleave', closeSoon);
  for (const type of ['pointerdown', 'contextmenu', 'scroll', 'wheel'] as const)
    scroller.addEventListener(type, close, { passive: true, capture: true });
  addEventListener('keydown', close, true);
  addEventListener('blur', close);
  addEventListener('resize', close);
}

function cardTemplate({ title, status, tone, icon, subtitle, facts, text }: Card): TemplateResult {
  return html`<div class="card">
    <div class="card-title"><b>${title}</b></div>
    <div class="card-line">
      <span class="icon codicon codicon-${icon} tone-${tone}"></span
      >${status}${subtitle === '' ? nothing : html` <span class="dim">${subtitle}</span>`}
    </div>
    ${
      facts.length === 0
        ? nothing
        : html`<div class="card-facts">
            ${facts.map(
              ({ label, value, meter }) =>
                html`<span class="dim">${label}</span>
                  <span class="number">${meter === undefined ? nothing : meterTemplate(meter, METER_WIDTH)} ${value}</span>`,
            )}
          </div>`
    }
    ${text === '' ? nothing : html`<div class="card-text">${text}</div>`}
  </div>`;
}

/** Below the row, or above it where there is no room. */
function put(card: HTMLElement, row: DOMRect): void {
  const { width, height } = card.getBoundingClientRect();
  const below = row.bottom + GAP;
  const top = below + height <= innerHeight ? below : Math.max(0, row.top - GAP - height);
  card.style.setProperty('left', `${Math.max(GAP, Math.min(row.left + 24, innerWidth - width - GAP))}px`);
  card.style.setProperty('top', `${top}px`);
}
