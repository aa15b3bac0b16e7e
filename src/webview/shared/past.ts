/** Says that what is shown is not the present. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ClockState } from '../../host/protocol/view.ts';
import { clockText } from './format.ts';

/** @param back leads to the present; undefined: there is a way elsewhere */
export function pastTemplate(clock: ClockState | undefined, back?: () => void): TemplateResult | typeof nothing {
  const past = clock?.past;
  if (clock === undefined || past === undefined) return nothing;
  return html`<div class="line past" role="status">
    <span class="codicon codicon-history" aria-hidden="true"></span>
    <span><b>The past</b>, read-only <span class="number">${clockText(past.at - clock.start)}</span></span>
    ${back === undefined ? nothing : html`<button type="button" class="link end" @click=${back}>Back to now</button>`}
  </div>`;
}
