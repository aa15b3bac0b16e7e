/** Pairs of bars on one scale, each with its amount in words. */
import { html, svg, type TemplateResult } from 'lit';

const WIDTH = 240;
const HEIGHT = 10;

/** @param container its parts, added up @param most of the scale; default: the larger of the two */
export function barPair(
  title: string,
  container: readonly number[],
  vm: readonly number[],
  text: (amount: number) => string,
  most?: number,
): TemplateResult {
  const scale = most ?? Math.max(sum(container), sum(vm), 1);
  return html`<div class="pair">
    <span class="pair-title">${title}</span>
    <span class="dim">container</span>${bar(container, scale)}<span class="number">${text(sum(container))}</span>
    <span class="dim">VM</span>${bar(vm, scale)}<span class="number">${text(sum(vm))}</span>
  </div>`;
}

function bar(parts: readonly number[], scale: number): TemplateResult {
  let x = 0;
  const pieces = parts.map((amount, index) => {
    const width = Math.min(WIDTH - x, (amount / scale) * WIDTH);
    const piece = svg`<rect class="part-${index}" x=${x} width=${Math.max(width, 0)} height=${HEIGHT}></rect>`;
    x += width;
    return piece;
  });
  return html`<svg class="bar" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width=${WIDTH} height=${HEIGHT}></rect>
    ${pieces}
  </svg>`;
}

export function startText(ms: number | undefined): string {
  if (ms === undefined) return 'not seen yet';
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
