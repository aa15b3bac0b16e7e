/**
 * What became of the requests of the last seconds, by Load and Pod, for whoever watches.
 * Invariant: no part of the cluster reads it, so it is no memory of the simulation: a fork and a restored cluster begin with none.
 * Counterpart: the request metrics of a service mesh.
 */
import type { FailureCause } from '../../api/kubepad/load/types.ts';

export interface TrafficRate {
  /** The uid of the Load. */
  readonly load: string;
  /** `namespace/name`; empty: what was lost before it reached a Pod, of all that was sent. */
  readonly pod: string;
  readonly perSecond: number;
  /** Of these, per second. */
  readonly failing: Readonly<Partial<Record<FailureCause, number>>>;
}

interface Counts {
  readonly load: string;
  readonly pod: string;
  sent: number;
  readonly failed: Partial<Record<FailureCause, number>>;
}

/** Virtual time that rates are an average over. */
const WINDOW_MS = 4_000;
/** Requests are worked out at least as often while any are sent. */
const INTERVAL_MS = 250;

export class Ledger {
  private readonly bornMs: number;
  private startMs: number;
  /** Up to when it is known what was sent. */
  private countedMs: number;
  private now = new Map<string, Counts>();
  private before = new Map<string, Counts>();

  constructor(nowMs: number) {
    this.bornMs = nowMs;
    this.startMs = nowMs;
    this.countedMs = nowMs;
  }

  sent(load: string, pod: string, count: number): void {
    this.counts(load, pod).sent += count;
  }

  failed(load: string, pod: string, cause: FailureCause, count: number): void {
    if (count <= 0) return;
    const { failed } = this.counts(load, pod);
    failed[cause] = (failed[cause] ?? 0) + count;
  }

  /** What is counted next was sent between these moments. */
  begin(fromMs: number, toMs: number): void {
    this.turn(fromMs);
    this.countedMs = toMs;
  }

  private turn(ms: number): void {
    const windows = Math.floor((ms - this.startMs) / WINDOW_MS);
    if (windows === 0) return;
    this.before = windows === 1 ? this.now : new Map();
    this.now = new Map();
    this.startMs += windows * WINDOW_MS;
  }

  /** The window before counts for as much of it as is not over yet: after one of four seconds, three quarters. */
  rates(nowMs: number): readonly TrafficRate[] {
    // Between two intervals nothing has been counted yet of the one that runs.
    const atMs = nowMs - this.countedMs <= INTERVAL_MS ? this.countedMs : nowMs;
    this.turn(atMs);
    const elapsedMs = atMs - this.startMs;
    const share = this.startMs === this.bornMs ? 0 : 1 - elapsedMs / WINDOW_MS;
    const seconds = Math.max(1, Math.min(WINDOW_MS, atMs - this.bornMs)) / 1000;
    const keys = new Set([...this.now.keys(), ...(share > 0 ? this.before.keys() : [])]);
    return [...keys].flatMap((key) => {
      const now = this.now.get(key);
      const before = this.before.get(key);
      const known = now ?? before;
      if (known === undefined) return [];
      const rate = (of: (counts: Counts) => number): number =>
        ((now === undefined ? 0 : of(now)) + share * (before === undefined ? 0 : of(before))) / seconds;
      const causes = new Set([...Object.keys(now?.failed ?? {}), ...Object.keys(before?.failed ?? {})]) as ReadonlySet<FailureCause>;
      const failing = Object.fromEntries([...causes].map((cause) => [cause, rate(({ failed }) => failed[cause] ?? 0)]));
      return [{ load: known.load, pod: known.pod, perSecond: rate(({ sent }) => sent), failing }];
    });
  }

  private counts(load: string, pod: string): Counts {
    const key = `${load} ${pod}`;
    let counts = this.now.get(key);
    if (counts === undefined) this.now.set(key, (counts = { load, pod, sent: 0, failed: {} }));
    return counts;
  }
}
