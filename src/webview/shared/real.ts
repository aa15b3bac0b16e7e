/** Says that what is shown is no simulation. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ClockState } from '../../host/protocol/view.ts';

/** @param leave leads back to the simulated cluster; undefined: there is a way elsewhere */
export function realTemplate(clock: ClockState | undefined, leave?: () => void): TemplateResult | typeof nothing {
  const real = clock?.real;
  if (real === undefined) return nothing;
  return html`<div class="line real" role="status" title=${real.server}>
      <span class="codicon codicon-${real.state === 'lost' ? 'debug-disconnect' : 'warning'}" aria-hidden="true"></span>
      <span><b>Real cluster</b> ${real.context}${real.state === 'lost' ? ', connection lost' : ''}</span>
      ${leave === undefined ? nothing : html`<button type="button" class="link end" @click=${leave}>Leave</button>`}
    </div>
    ${real.message === '' ? nothing : html`<div class="line dim real-note">${real.message}</div>`}`;
}
