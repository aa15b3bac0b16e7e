/** One line of the benchmark's table: what is measured, what it should be, and against whom. */
export interface Line {
  readonly what: string;
  /** The target, in words; empty where the design sets none. */
  readonly target: string;
  /** What the best peer does, in words; empty where there is none to compare with. */
  readonly peer: string;
}

/** What is measured in one process: one or more lines. */
export interface Row {
  readonly id: string;
  readonly lines: readonly Line[];
  /** One measurement for each line. */
  readonly run: () => Promise<readonly Measurement[]>;
}

export function row(id: string, line: Line, run: () => Promise<Measurement>): Row {
  return { id, lines: [line], run: async () => [await run()] };
}

export interface Measurement {
  /** `0.21 s`, `2,410 Pods/s`: the figure as people read it. */
  readonly value: string;
  readonly meetsTarget: boolean;
  /** False only if the peer's figure is better. */
  readonly meetsPeer: boolean;
  /** What the peer did in the same run, in place of what the line says about it. */
  readonly peer?: string;
  /** Work done that does not vary from run to run: events, writes. */
  readonly work?: string;
}

/** Milliseconds that `act` takes. */
export async function timed(act: () => unknown): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

/** The fastest of several runs, in milliseconds: other programs on the machine only ever add time. */
export async function best(runs: number, act: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) least = Math.min(least, await timed(act));
  return least;
}

/** The q-quantile (0 to 1) of the samples. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

export interface Times {
  readonly ms: number;
  /** Of all threads of the process; beside `ms` it tells how far other programs were in the way. */
  readonly cpuMs: number;
}

export async function timedWithCpu(act: () => unknown): Promise<Times> {
  const before = process.cpuUsage();
  const ms = await timed(act);
  const { user, system } = process.cpuUsage(before);
  return { ms, cpuMs: (user + system) / 1000 };
}

/** How the time grows with the amount of work: 1 if twice the work takes twice the time. */
export function exponent(smallMs: number, largeMs: number, times: number): string {
  return (Math.log(largeMs / smallMs) / Math.log(times)).toFixed(2);
}

export function seconds(ms: number): string {
  return ms < 1 ? `${ms.toFixed(2)} ms` : ms < 100 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Heap in use after a collection, bytes. Needs `node --expose-gc`. */
export function heapUsed(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed;
}
