/** How long requests took, as counts between bounds. Plain data. */
export type Histogram = number[];

/** Milliseconds: each bound about 1.25 times the one before. */
const BOUNDS: readonly number[] = [
  1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 125, 150, 200, 250, 300, 400, 500, 600, 800, 1_000, 1_250, 1_500, 2_000,
  2_500, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 15_000, 20_000, 30_000, 60_000,
];

export function emptyHistogram(): Histogram {
  return new Array<number>(BOUNDS.length + 1).fill(0);
}

export function addLatency(histogram: Histogram, ms: number, count: number): void {
  let low = 0;
  let high = BOUNDS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((BOUNDS[middle] ?? Infinity) < ms) low = middle + 1;
    else high = middle;
  }
  histogram[low] = (histogram[low] ?? 0) + count;
}

/** The time that a share of the requests stayed below; undefined without requests. Between two bounds they lie evenly. */
export function percentile(histogram: Histogram, share: number): number | undefined {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total < 0.5) return undefined;
  let left = share * total;
  for (const [index, count] of histogram.entries()) {
    if (count > 0 && left <= count) {
      const lower = BOUNDS[index - 1] ?? 0;
      const upper = BOUNDS[index] ?? lower;
      return lower + ((upper - lower) * left) / count;
    }
    left -= count;
  }
  return BOUNDS.at(-1);
}

/** `12ms`, `1.5s`. */
export function latencyText(ms: number): string {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))}ms` : `${Number((ms / 1000).toPrecision(3))}s`;
}
