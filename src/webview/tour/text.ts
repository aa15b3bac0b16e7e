/**
 * The texts of a tour on the page: blocks, links, and terms with their meaning on a card.
 * Invariant: only elements, never markup out of a text. A card opens for the mouse and for the focus, and closes with Escape (WCAG 1.4.13).
 */
import { html, nothing, type TemplateResult } from 'lit';
import type { Block, Span, Term, TourTarget } from '../../host/panels/tour/model.ts';
import { link } from '../panel/boxes.ts';
import type { Words } from './words.ts';

export interface TextActs {
  readonly open: (target: TourTarget) => void;
  readonly term: (id: string) => void;
  readonly redraw: () => void;
}

/** Which of the terms on the page is explained, by its place in the text. */
let explained: string | undefined;

/** @param part names the part of the page, so that each term on it has a place of its own */
export function blocks(part: string, all: readonly Block[], terms: readonly Term[], words: Words, acts: TextActs): TemplateResult {
  const spans = (own: readonly Span[], place: string): readonly (TemplateResult | string)[] =>
    own.map((span, index) => spanOf(span, `${place}-${index}`, terms, words, acts));
  return html`${all.map((block, index) => {
    const place = `${part}-${index}`;
    switch (block.type) {
      case 'code':
        return html`<pre tabindex="0"><code>${block.text}</code></pre>`;
      case 'list': {
        const items = block.items.map((item, at) => html`<li>${spans(item, `${place}-${at}`)}</li>`);
        return block.ordered
          ? html`<ol>
              ${items}
            </ol>`
          : html`<ul>
              ${items}
            </ul>`;
      }
      case 'note':
        return html`<p class="note">
          <span class="codicon codicon-lightbulb" aria-hidden="true"></span><span>${spans(block.spans, place)}</span>
        </p>`;
      case 'paragraph':
        return html`<p>${spans(block.spans, place)}</p>`;
    }
  })}`;
}

/** A line without links and terms. */
export function line(spans: readonly Span[]): readonly (TemplateResult | string)[] {
  return spans.map(({ type, text }) =>
    type === 'code' ? html`<code>${text}</code>` : type === 'strong' ? html`<strong>${text}</strong>` : text,
  );
}

function spanOf(span: Span, place: string, terms: readonly Term[], words: Words, acts: TextActs): TemplateResult | string {
  switch (span.type) {
    case 'text':
      return span.text;
    case 'strong':
      return html`<strong>${span.text}</strong>`;
    case 'code':
      return html`<code>${span.text}</code>`;
    case 'link': {
      const { target, text } = span;
      return target.type === 'page' ? html`<a href=${target.url}>${text}</a>` : link(text, () => acts.open(target));
    }
    case 'term':
      return termOf(
        span.text,
        terms.find(({ id }) => id === span.term),
        place,
        words,
        acts,
      );
  }
}

function termOf(text: string, term: Term | undefined, place: string, words: Words, acts: TextActs): TemplateResult | string {
  if (term === undefined) return text;
  const show = (wanted: string | undefined): void => {
    if (wanted === undefined && explained !== place) return;
    explained = wanted;
    acts.redraw();
  };
  const isOpen = explained === place;
  return html`<span
    class="term"
    @mouseenter=${() => show(place)}
    @mouseleave=${() => show(undefined)}
    @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && show(undefined)}
    ><button
      type="button"
      class="link"
      aria-describedby=${isOpen ? `${place}-card` : nothing}
      @focus=${() => show(place)}
      @blur=${() => show(undefined)}
      @click=${() => acts.term(term.id)}
    >
      ${text}</button
    >${isOpen ? card(term, `${place}-card`, words) : nothing}</span
  >`;
}

function card({ name, meaning, swarm, mesos }: Term, id: string, words: Words): TemplateResult {
  return html`<span class="term-card" role="tooltip" id=${id}>
    <b>${name}</b>
    <span>${meaning}</span>
    <span><span class="dim">${words.swarm}</span> ${swarm === '' ? words.none : swarm}</span>
    <span><span class="dim">${words.mesos}</span> ${mesos === '' ? words.none : mesos}</span>
  </span>`;
}
