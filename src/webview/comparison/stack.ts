/** The layers between the hardware and the program, the program on top. */
import { html, type TemplateResult } from 'lit';

/** @param layers from the hardware up */
export function stackTemplate(layers: readonly string[], kind: 'container' | 'vm'): TemplateResult {
  return html`<ol class="stack" aria-label="Layers, the topmost first" reversed>
    ${layers.toReversed().map((layer) => html`<li class=${classOf(layer, kind)}>${layer}</li>`)}
  </ol>`;
}

/** What each instance has for itself stands out; the rest is shared by all. */
function classOf(layer: string, kind: 'container' | 'vm'): string {
  return layer === 'App' ? 'app' : kind === 'vm' && layer === 'Guest OS' ? 'own' : 'shared';
}
