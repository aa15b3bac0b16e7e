import { MAX_NODE_SCORE } from '../../interface.ts';

/**
 * Scales raw scores to 0..100 by the highest one, in whole numbers; `reverse` turns the best into the worst.
 * Example: 10, 30, 25, 0 give 33, 100, 83, 0. All zero stays zero, reversed it is 100 for all.
 */
export function defaultNormalizeScore(scores: number[], reverse: boolean): void {
  let highest = 0;
  for (const score of scores) if (score > highest) highest = score;
  if (highest === 0) {
    scores.fill(reverse ? MAX_NODE_SCORE : 0);
    return;
  }
  for (let i = 0; i < scores.length; i++) {
    const scaled = Math.floor((MAX_NODE_SCORE * (scores[i] ?? 0)) / highest);
    scores[i] = reverse ? MAX_NODE_SCORE - scaled : scaled;
  }
}
