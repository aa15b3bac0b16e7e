/** What the container has written; the end is followed until a person scrolls up. */
import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ContainerModel, ContainerQuery } from '../../host/panels/container/model.ts';
import { push } from '../panel/boxes.ts';
import { timeText } from '../shared/format.ts';

export interface LogViewOptions {
  readonly previous: (query: ContainerQuery, previous: boolean) => void;
  readonly open: (previous: boolean) => void;
}

/** So near to the end counts as at the end, pixels. */
const NEAR = 30;

export class LogView {
  private readonly options: LogViewOptions;
  private follows = true;

  constructor(options: LogViewOptions) {
    this.options = options;
  }

  template(query: ContainerQuery, { log = [], logNote = '' }: Partial<ContainerModel>, start: number): TemplateResult {
    const choose = (event: Event): void => this.options.previous(query, (event.target as HTMLInputElement).checked);
    const scrolled = (event: Event): void => {
      const { scrollHeight, scrollTop, clientHeight } = event.currentTarget as HTMLElement;
      this.follows = scrollHeight - scrollTop - clientHeight < NEAR;
    };
    const drawn = (element: Element | undefined): void => {
      if (this.follows && element !== undefined) queueMicrotask(() => (element.scrollTop = element.scrollHeight));
    };
    return html`<div class="line">
        <label><input type="checkbox" .checked=${query.previous} @change=${choose} /> of the start before this one</label>
        <span class="end">${push('Open in an Editor', 'go-to-file', () => this.options.open(query.previous))}</span>
      </div>
      ${logNote === '' ? nothing : html`<p class="dim">${logNote}</p>`}
      ${
        log.length === 0
          ? nothing
          : html`<div class="log mono" role="log" aria-label="Log of the container" tabindex="0" @scroll=${scrolled} ${ref(drawn)}>
              ${repeat(
                log,
                ({ key }) => key,
                ({ atMs, text }) => html`<div><span class="dim number">${timeText(atMs - start)}</span> ${text}</div>`,
              )}
            </div>`
      }`;
  }
}
