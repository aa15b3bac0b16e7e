/**
 * A bar that shows how much of something is asked for and used.
 * Invariant: never the only place where the amounts are said; what it shows stands in the row's label and card.
 */
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Meter } from '../../host/protocol/view.ts';

const HEIGHT = 6;
/** From here on the bar warns: the next Pod may not fit. */
const FULL = 0.9;

/** @param width in pixels */
export function meterTemplate({ requested, used, capacity }: Meter, width: number): TemplateResult {
  const part = (amount: number): number => (capacity === 0 ? 0 : Math.min(1, amount / capacity) * width);
  const full = capacity > 0 && requested >= FULL * capacity;
  return html`<svg class="meter" width=${width} height=${HEIGHT} aria-hidden="true">
    ${svg`<rect class="track" width=${width} height=${HEIGHT} rx="2"></rect>
      <rect class=${full ? 'requested full' : 'requested'} width=${part(requested)} height=${HEIGHT} rx="2"></rect>
      ${used === undefined ? nothing : svg`<rect class="used" y="2" width=${part(used)} height="2"></rect>`}`}
  </svg>`;
}
