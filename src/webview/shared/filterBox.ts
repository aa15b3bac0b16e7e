/**
 * The box above a list that says which rows to show, and the small buttons beside it.
 * Invariant: Escape empties it; arrow down and Enter go on to the list.
 */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

export interface FilterBox {
  readonly value: string;
  readonly label: string;
  /** All words that it knows. */
  readonly title: string;
  readonly placeholder: string;
  readonly set: (filter: string) => void;
  readonly leave: () => void;
}

export function filterBox({ value, label, title, placeholder, set, leave }: FilterBox): TemplateResult {
  const key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') set('');
    else if (event.key === 'ArrowDown' || event.key === 'Enter') leave();
    else return;
    event.preventDefault();
  };
  return html`<div class="filter">
    <span class="codicon codicon-filter" aria-hidden="true"></span>
    <input
      id="filter"
      type="text"
      spellcheck="false"
      autocomplete="off"
      aria-label=${label}
      title=${title}
      placeholder=${placeholder}
      .value=${live(value)}
      @input=${(event: Event) => set((event.target as HTMLInputElement).value)}
      @keydown=${key}
    />
    ${value === '' ? nothing : toolButton('close', 'Clear filter', () => set(''))}
  </div>`;
}

/** @param name of a codicon */
export function toolButton(name: string, label: string, run: () => void, disabled = false): TemplateResult {
  return html`<button type="button" class="tool" aria-label=${label} title=${label} ?disabled=${disabled} @click=${run}>
    <span class="codicon codicon-${name}" aria-hidden="true"></span>
  </button>`;
}
