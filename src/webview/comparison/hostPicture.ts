/** A host as a field of places: one for each instance that fits, filled where one runs. */
import { html, svg, type TemplateResult } from 'lit';
import type { SideModel } from '../../host/panels/comparison/model.ts';

const COLUMNS = 28;
const SIZE = 10;
const GAP = 2;
/** More places than this tell nobody anything. */
const MOST = COLUMNS * 8;

export function hostPicture({ fits }: Pick<SideModel, 'fits'>, instances: number, title: string): TemplateResult {
  const shown = Math.min(Math.max(fits, instances), MOST);
  const rows = Math.max(Math.ceil(shown / COLUMNS), 1);
  const step = SIZE + GAP;
  const kindOf = (index: number): string => (index >= fits ? 'too-many' : index < instances ? 'filled' : 'free');
  const cells = Array.from({ length: shown }, (_, index) => {
    const [x, y] = [(index % COLUMNS) * step, Math.floor(index / COLUMNS) * step];
    return svg`<rect class=${kindOf(index)} x=${x + 0.5} y=${y + 0.5} width=${SIZE - 1} height=${SIZE - 1} rx="1.5"></rect>`;
  });
  const more = fits > shown ? `, ${fits - shown} more not drawn` : '';
  const missing = instances > fits ? `; ${instances - fits} of today's have no room` : '';
  return html`<figure class="host">
    <figcaption><b class="number">${fits}</b> ${title.toLowerCase()}<span class="dim">${more}${missing}</span></figcaption>
    <svg
      viewBox="0 0 ${COLUMNS * step} ${rows * step}"
      role="img"
      aria-label="${title}: ${fits} fit, ${Math.min(instances, fits)} of these run now${missing}"
    >
      ${cells}
    </svg>
  </figure>`;
}
