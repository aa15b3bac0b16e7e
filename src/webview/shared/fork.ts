/** Says that what is shown is a what-if cluster, in which nothing that is done reaches the cluster itself. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ClockState } from '../../host/protocol/view.ts';

/** @param back leads to the cluster itself; undefined: there is a way elsewhere */
export function forkTemplate(clock: ClockState | undefined, back?: () => void): TemplateResult | typeof nothing {
  const fork = clock?.forks?.find(({ shown }) => shown);
  if (fork === undefined) return nothing;
  return html`<div class="line past" role="status">
    <span class="codicon codicon-repo-forked" aria-hidden="true"></span>
    <span title="A what-if cluster: nothing that is done here reaches the cluster itself"
      ><b>${fork.name}</b>: what is done stays here</span
    >
    ${back === undefined ? nothing : html`<button type="button" class="link end" @click=${back}>Back to the cluster</button>`}
  </div>`;
}
