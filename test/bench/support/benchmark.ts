// The shape of a benchmark: what it measures, against which figure, and how.
// Every benchmark runs in a process of its own, so that one's heap and compiled code do not favour another.

export interface Measurement {
  /** In `unit`, the figure that is compared with the target. */
  readonly value: number;
  /** Work done, which does not vary between machines: events, writes, comparisons. */
  readonly counts?: Readonly<Record<string, number>>;
  /** The same measured on a peer in the same run, in `unit`. */
  readonly peer?: { readonly name: string; readonly value: number };
  /** With the work doubled once or more: the exponent e of cost ~ n^e. */
  readonly exponent?: number;
  readonly note?: string;
}

export interface Benchmark {
  readonly name: string;
  readonly unit: 'ms' | 's' | 'MB' | 'per s' | 'KB/s';
  /** What performance.md asks for. */
  readonly target: { readonly atMost: number } | { readonly atLeast: number };
  /** What a peer needs on a machine like this, in words. */
  readonly reference?: string;
  readonly run: () => Measurement | Promise<Measurement>;
}

/** Milliseconds that `act` takes. */
export function timed(act: () => void): number {
  const start = performance.now();
  act();
  return performance.now() - start;
}

/** The smallest of `times` runs: what the work costs when nothing else disturbs it. */
export function best(times: number, act: () => number): number {
  return Math.min(...Array.from({ length: times }, act));
}

/** The value below which `share` (0 to 1) of the samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** Exponent from a cost at `n` and at `2n`: 1 is linear, 2 quadratic. */
export function growth(atN: number, at2N: number): number {
  return Math.log2(at2N / atN);
}

/** Megabytes of the heap that are in use after a collection. Needs --expose-gc. */
export function heapMegabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}
