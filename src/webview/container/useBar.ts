/** A bar from nothing to the limit (or to what the machine has), with a mark at what was asked for. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { ResourceModel } from '../../host/panels/container/model.ts';

const WIDTH = 360;
const HEIGHT = 12;
const NEAR = 0.9;

export function useBar({ used, requested, limit, host }: ResourceModel, name: string, text: (amount: number) => string): TemplateResult {
  const scale = limit ?? Math.max(host, requested, used, 1);
  const x = (amount: number): number => Math.min(amount / scale, 1) * WIDTH;
  const near = limit !== undefined && used >= NEAR * limit;
  const label = `${name}: ${text(used)} of ${text(scale)}${limit === undefined ? ' of the node' : ''} used`;
  return html`<svg class="use" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${label}>
    <rect class="track" width=${WIDTH} height=${HEIGHT}></rect>
    <rect class=${near ? 'used near' : 'used'} width=${x(used)} height=${HEIGHT}></rect>
    ${requested === 0 ? nothing : svg`<line class="asked" x1=${x(requested)} x2=${x(requested)} y1="0" y2=${HEIGHT}></line>`}
  </svg>`;
}
