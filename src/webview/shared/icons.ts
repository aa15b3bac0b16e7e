/** Icons of VS Code with the colours of tones. */
import { html, type TemplateResult } from 'lit';
import type { Tone } from '../../host/protocol/view.ts';

/** A shape of its own for each tone, so that colour is never the only sign. */
export const toneIcons = {
  ok: 'pass-filled',
  busy: 'clockface',
  warn: 'warning',
  error: 'error',
  idle: 'circle-large-outline',
  info: 'info',
} as const satisfies Readonly<Record<Tone, string>>;

export function icon(name: string, tone: Tone): TemplateResult {
  return html`<span class="icon codicon codicon-${name} tone-${tone}" aria-hidden="true"></span>`;
}
