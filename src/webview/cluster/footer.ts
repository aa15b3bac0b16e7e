/** What stands below the tree: what to do when there is little or nothing to see, and how many rows are chosen. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ToExtension } from './protocol.ts';

export interface HostState {
  readonly state: 'starting' | 'running' | 'failed';
  /** Why it failed; else empty. */
  readonly message: string;
}

export interface FooterModel {
  readonly host: HostState;
  /** It is a real cluster. */
  readonly real: boolean;
  /** A moment of the past is shown. */
  readonly past: boolean;
  readonly filter: string;
  /** The list has been told once. */
  readonly told: boolean;
  readonly objects: number;
  readonly total: number;
  /** Rows that are chosen. */
  readonly selected: number;
}

export interface FooterActions {
  readonly post: (message: ToExtension) => void;
  readonly clearFilter: () => void;
  readonly openSelectionMenu: (event: Event) => void;
  readonly clearSelection: () => void;
}

export function footerTemplate(model: FooterModel, actions: FooterActions): TemplateResult | typeof nothing {
  const { host, real, past, filter, told, objects, total, selected } = model;
  const push = (label: string, message: ToExtension, secondary = false): TemplateResult =>
    html`<button type="button" class="push ${secondary ? 'secondary' : ''}" @click=${() => actions.post(message)}>${label}</button>`;
  if (host.state === 'starting')
    return html`<div class="progress" role="progressbar" aria-label="Starting the cluster"></div>
      <p>Starting the cluster…</p>`;
  if (host.state === 'failed') {
    return html`<p>
        <span class="icon codicon codicon-error tone-error" aria-hidden="true"></span> The cluster does not run. ${host.message}
      </p>
      <div class="buttons">${push('Start Again', { type: 'restart' })}${push('Show Output', { type: 'showOutput' }, true)}</div>`;
  }
  if (!told) return nothing;
  if (objects === 0 && filter === '' && real) return html`<p>The cluster has no Pods, or none that you may see.</p>`;
  if (objects === 0 && filter === '' && past) return html`<p>There were no Pods at this moment.</p>`;
  if (objects === 0 && filter === '') {
    return html`<p>No Pods yet. Right-click a YAML file or a folder in the explorer and choose <b>Apply</b>, or begin with a sample.</p>
      <div class="buttons">
        ${push('Apply a Sample', { type: 'applySample' })}${push('First Steps', { type: 'openWalkthrough' }, true)}
      </div>`;
  }
  if (total === 0 && filter !== '') {
    return html`<p>Nothing matches <b>${filter}</b>.</p>
      <div class="buttons"><button type="button" class="push" @click=${actions.clearFilter}>Clear Filter</button></div>`;
  }
  if (selected < 2) return nothing;
  return html`<p class="selection">
    <span><b class="number">${selected}</b> selected</span>
    <button type="button" class="link" @click=${actions.openSelectionMenu}>Actions…</button>
    <button type="button" class="link" @click=${actions.clearSelection}>Clear</button>
  </p>`;
}
