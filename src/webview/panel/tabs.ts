/**
 * A row of tabs.
 * Invariant: one tab stop; arrow keys, Home and End walk and choose. Counterpart: the tabs pattern of the ARIA Authoring Practices.
 */
import { html, type TemplateResult } from 'lit';

export interface Tab<T extends string> {
  readonly id: T;
  readonly label: string;
}

export function tabs<T extends string>(
  label: string,
  all: readonly Tab<T>[],
  current: T,
  choose: (tab: T) => void,
  content: TemplateResult,
): TemplateResult {
  const walk = (event: KeyboardEvent): void => {
    const at = all.findIndex(({ id }) => id === current);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    const next = to === undefined ? undefined : all[(to + all.length) % all.length];
    if (next === undefined) return;
    event.preventDefault();
    choose(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} @keydown=${walk}>
      ${all.map(
        ({ id, label: text }) =>
          html`<button
            type="button"
            role="tab"
            id="tab-${id}"
            aria-selected=${String(id === current)}
            aria-controls="tab-content"
            tabindex=${id === current ? 0 : -1}
            @click=${() => choose(id)}
          >
            ${text}
          </button>`,
      )}
    </div>
    <div class="tab-content" id="tab-content" role="tabpanel" aria-labelledby="tab-${current}" tabindex="-1">${content}</div>`;
}
