/**
 * A guided tour: a chapter's text, the button that does what it tells of, and what came of it, beside the live views.
 * Invariant: what is done and reached is the worker's to say; the page knows only which chapter is read.
 * Counterpart: none in Kubernetes.
 */
import './tour.css';
import { html, nothing, type TemplateResult } from 'lit';
import type { Span, TourLanguage, TourModel, TourQuery } from '../../host/panels/tour/model.ts';
import { push } from '../panel/boxes.ts';
import { openPanel, type PanelPage } from '../panel/panelPage.ts';
import { icon } from '../shared/icons.ts';
import { isCalm } from '../shared/motion.ts';
import type { TourCommand } from './protocol.ts';
import { blocks, line, type TextActs } from './text.ts';
import { WORDS, type Words } from './words.ts';

const LANGUAGES = [
  ['en', 'English'],
  ['ko', '한국어'],
] as const satisfies readonly (readonly [TourLanguage, string])[];

const page: PanelPage<TourQuery, TourCommand> = openPanel<TourQuery, TourModel, TourCommand>({
  ticks: false,
  missing: ({ tour }) => html`There is no tour <b>${tour}</b>.`,
  draw: ({ query, model }) => (isWhole(model) ? template(query, model, WORDS[query.language]) : html``),
});

const acts: TextActs = {
  open: (target) => page.run({ type: 'open', target }),
  term: (term) => page.run({ type: 'term', term }),
  redraw: () => page.redraw(),
};

function isWhole(model: Partial<TourModel>): model is TourModel {
  return model.run !== undefined && model.text !== undefined;
}

function template(query: TourQuery, model: TourModel, words: Words): TemplateResult {
  const { head, chapters, run } = model;
  const isOver = query.chapter > chapters.length;
  return html`<div class="tour" lang=${query.language}>
    <div class="title">
      <h1>${head.title}</h1>
      <span class="dim" title=${words.concepts}>${head.subjects.join(' · ')}</span>
      <span class="end">${languageChoice(query, words)}</span>
    </div>
    <div class="tour-body">
      <nav aria-label=${words.chapters}>
        <ol class="chapters">
          ${chapters.map(({ key, title }, index) => chapterLink(query, index + 1, key, title, isOver || (run.at > index && run.state !== 'none'), words))}
        </ol>
        ${run.state === 'none' ? nothing : push(words.end, 'debug-stop', () => end(query))}
      </nav>
      <article>${isOver ? closing(query, model, words) : chapter(query, model, words)}</article>
    </div>
  </div>`;
}

function chapterLink(query: TourQuery, number: number, key: string, title: string, isPlayed: boolean, words: Words): TemplateResult {
  const isCurrent = query.chapter === number;
  const name = isPlayed ? 'pass-filled' : isCurrent ? 'circle-filled' : 'circle-large-outline';
  return html`<li>
    <button type="button" data-chapter=${key} aria-current=${isCurrent ? 'step' : nothing} @click=${() => read(query, number)}>
      ${icon(name, isPlayed ? 'ok' : isCurrent ? 'info' : 'idle')}<span>${title}</span>${
        isPlayed ? html`<span class="visually-hidden"> (${words.played})</span>` : nothing
      }
    </button>
  </li>`;
}

function chapter(query: TourQuery, model: TourModel, words: Words): TemplateResult {
  const { text, terms, chapters } = model;
  const heading = html`<p class="dim step">${words.step(query.chapter, chapters.length)}</p>
    <h2 tabindex="-1" id="heading">${text.title}</h2>`;
  return html`${query.chapter === 0 ? nothing : heading} ${blocks('before', text.blocks, terms, words, acts)}
  ${query.chapter === 0 ? opening(query, words) : doing(query, model, words)}`;
}

function opening(query: TourQuery, words: Words): TemplateResult {
  return html`<p class="dim">${words.ownCluster}</p>
    <div class="bar-of-buttons">
      ${push(words.begin, 'play', () => go(query, 1), true)} ${push(words.allTours, 'list-unordered', () => page.run({ type: 'pick' }))}
    </div>`;
}

/** The button of the chapter, what came of it, and the way on. */
function doing(query: TourQuery, { text, terms, run, chapters }: TourModel, words: Words): TemplateResult {
  const { chapter: number } = query;
  const isPlaying = run.state === 'playing';
  const isPlayed = run.state !== 'none' && run.at >= number;
  const isHere = run.at === number && !isPlaying;
  const failures = isHere ? run.failures : [];
  return html`<div class="bar-of-buttons acts">
      ${
        isPlaying
          ? html`<p role="status" class="playing">${icon('sync', 'busy')} ${words.playing}</p>
              ${push(words.hurry, 'debug-continue', () => page.run({ type: 'hurry' }))}`
          : isPlayed
            ? push(words.again, 'discard', () => page.run({ type: 'stand', chapter: number }))
            : text.act === undefined
              ? push(words.here, 'play', () => page.run({ type: 'stand', chapter: number }), true)
              : push(text.act, 'play', () => play(number), true)
      }
    </div>
    <div aria-live="polite">${isPlayed && !isPlaying ? blocks('after', text.after, terms, words, acts) : nothing}</div>
    ${text.checks.length === 0 ? nothing : checkList(text.checks, isHere ? run.held : isPlayed && !isPlaying ? text.checks.map(() => true) : [], words)}
    ${
      failures.length === 0
        ? nothing
        : html`<div role="alert" class="failures">
            <p>${icon('warning', 'warn')} ${words.failed}</p>
            <ul>
              ${failures.map((failure) => html`<li class="mono">${failure}</li>`)}
            </ul>
          </div>`
    }
    <div class="bar-of-buttons way">
      ${push(words.back, 'arrow-left', () => read(query, number - 1))}
      ${
        !isPlayed || isPlaying
          ? nothing
          : number < chapters.length
            ? push(words.next, 'arrow-right', () => go(query, number + 1), true)
            : push(words.finish, 'pass', () => finish(query), true)
      }
    </div>`;
}

/** @param held empty: not looked at yet */
function checkList(checks: readonly (readonly Span[])[], held: readonly boolean[], words: Words): TemplateResult {
  return html`<section class="checks" aria-label=${words.checks} aria-live="polite">
    <h3>${words.checks}</h3>
    <ul>
      ${checks.map((check, index) => {
        const holds = held[index];
        const [name, tone, word] =
          holds === undefined
            ? (['circle-large-outline', 'idle', words.open] as const)
            : holds
              ? (['pass-filled', 'ok', words.holds] as const)
              : (['error', 'error', words.holdsNot] as const);
        return html`<li data-held=${String(holds)}>
          ${icon(name, tone)}<span>${line(check)}</span><span class="visually-hidden"> (${word})</span>
        </li>`;
      })}
    </ul>
  </section>`;
}

function closing(query: TourQuery, { head }: TourModel, words: Words): TemplateResult {
  const { next } = head;
  return html`<h2 tabindex="-1" id="heading">${words.done}</h2>
    <p>${words.doneText}</p>
    <div class="bar-of-buttons">
      ${
        next === undefined
          ? nothing
          : push(`${words.nextTour}: ${next.title}`, 'arrow-right', () => page.ask({ ...query, tour: next.tour, chapter: 0 }), true)
      }
      ${push(words.allTours, 'list-unordered', () => page.run({ type: 'pick' }))}
    </div>`;
}

function languageChoice(query: TourQuery, words: Words): TemplateResult {
  const choose = (event: Event): void => {
    const wanted = LANGUAGES.find(([id]) => id === (event.target as HTMLSelectElement).value)?.[0] ?? 'en';
    page.ask({ ...query, language: wanted });
    page.run({ type: 'language', language: wanted });
  };
  return html`<select aria-label=${words.language} @change=${choose}>
    ${LANGUAGES.map(([id, name]) => html`<option value=${id} ?selected=${id === query.language}>${name}</option>`)}
  </select>`;
}

function read(query: TourQuery, chapter: number): void {
  page.ask({ ...query, chapter });
  requestAnimationFrame(() => document.getElementById('heading')?.focus());
}

/** Reads a chapter, with the cluster where it begins. */
function go(query: TourQuery, chapter: number): void {
  read(query, chapter);
  page.run({ type: 'stand', chapter });
}

function play(chapter: number): void {
  page.run({ type: 'play', chapter, followed: !isCalm() });
}

function finish(query: TourQuery): void {
  page.run({ type: 'finish' });
  read(query, Number.MAX_SAFE_INTEGER);
}

function end(query: TourQuery): void {
  page.run({ type: 'end' });
  read(query, 0);
}
