import type { Json } from '../../base/json.ts';

/** The first retry comes after this long, each further one after twice as long, up to the limit. */
const RETRY_BASE_MS = 5;
const RETRY_MAX_MS = 1_000_000;

/** A request that waits, and the revision that asked for it first. */
export interface Item {
  readonly key: string;
  readonly cause: number | undefined;
}

interface Delayed {
  readonly timer: number;
  readonly at: number;
  readonly background: boolean;
}

/** The timers of the queue's owner. */
export interface DelayTimers {
  set(key: string, at: number, background: boolean): number;
  cancel(id: number): void;
}

/**
 * What a controller has still to look at.
 *
 * Promised: a key waits at most once, however often it is added; keys leave in the order in which they came; a key that
 * is added while it is being worked on waits again. Of several delayed additions of a key the earliest counts; a key that is taken loses its
 * delay, so that no timer is left of something that is over.
 * `retry` delays a key by 5 ms × 2^n for the n-th failure in a row, at most 1000 s; `forget` starts the count anew.
 * Not promised: priority, fairness between namespaces, a limit on the length.
 * Worked example: a Pod that a quota refuses is tried at 0, 5, 15, 35, 75, 155 ms … after the first refusal; the
 * eighteenth wait is 655 s, every later one 1000 s.
 * Memory: plain data. The delays are timers of the simulation, so they survive a checkpoint with it.
 * Counterpart: k8s.io/client-go/util/workqueue.
 */
export class WorkQueue {
  private readonly waiting = new Map<string, number | undefined>();
  private readonly failures = new Map<string, number>();
  private readonly delayed = new Map<string, Delayed>();
  private readonly timers: DelayTimers;

  constructor(timers: DelayTimers) {
    this.timers = timers;
  }

  get size(): number {
    return this.waiting.size;
  }

  add(key: string, cause: number | undefined): void {
    if (!this.waiting.has(key)) this.waiting.set(key, cause);
  }

  /** Takes the key that has waited longest. A delay that it still had is over: whoever looks at it now will say when to look again. */
  take(): Item | undefined {
    const first = this.waiting.entries().next();
    if (first.done === true) return undefined;
    const [key, cause] = first.value;
    this.waiting.delete(key);
    const later = this.delayed.get(key);
    if (later !== undefined) {
      this.timers.cancel(later.timer);
      this.delayed.delete(key);
    }
    return { key, cause };
  }

  /**
   * Adds a key later. The newest word counts on whether the wait is a routine in the background.
   * @param at virtual time, milliseconds since 1970
   */
  addAt(key: string, at: number, background: boolean): void {
    const before = this.delayed.get(key);
    if (before !== undefined) {
      if (before.at <= at && before.background === background) return;
      this.timers.cancel(before.timer);
    }
    const earliest = Math.min(at, before?.at ?? at);
    this.delayed.set(key, { timer: this.timers.set(key, earliest, background), at: earliest, background });
  }

  retry(key: string, now: number): void {
    const count = this.failures.get(key) ?? 0;
    this.failures.set(key, count + 1);
    this.addAt(key, now + Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** Math.min(count, 30)), false);
  }

  forget(key: string): void {
    this.failures.delete(key);
  }

  /** The delay of a key is over; its timer has fired. */
  due(key: string, cause: number | undefined): void {
    this.delayed.delete(key);
    this.add(key, cause);
  }

  checkpoint(): Json {
    return {
      waiting: [...this.waiting].map(([key, cause]) => [key, cause ?? null]),
      failures: [...this.failures],
      delayed: [...this.delayed].map(([key, { timer, at, background }]) => [key, timer, at, background]),
    };
  }

  restore(state: Json): void {
    const memory = state as {
      readonly waiting: readonly (readonly [string, number | null])[];
      readonly failures: readonly (readonly [string, number])[];
      readonly delayed: readonly (readonly [string, number, number, boolean])[];
    };
    this.waiting.clear();
    this.failures.clear();
    this.delayed.clear();
    for (const [key, cause] of memory.waiting) this.waiting.set(key, cause ?? undefined);
    for (const [key, count] of memory.failures) this.failures.set(key, count);
    for (const [key, timer, at, background] of memory.delayed) this.delayed.set(key, { timer, at, background });
  }
}
