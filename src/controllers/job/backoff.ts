import type { Json } from '../../base/json.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { finishedAt } from './pods.ts';

/** A failed Pod is replaced after 10 s, the next one after 20 s, 40 s … at most 10 min. */
const BASE_MS = 10_000;
const MAX_MS = 600_000;

interface Failures {
  readonly count: number;
  readonly lastAt: number;
}

/**
 * How long the next Pod has to wait after so many failures in a row.
 * Worked example: the third failure at 12:00:00 gives 40 s; at 12:00:15 there are 25 s left.
 */
export function remainingBackoffMs(failures: number, lastAtMs: number, nowMs: number): number {
  if (failures <= 0) return 0;
  return Math.max(0, lastAtMs + Math.min(MAX_MS, BASE_MS * 2 ** Math.min(failures - 1, 10)) - nowMs);
}

/**
 * Failures of each Job since its last success. Plain data, kept by the controller and not by the object, as the real one
 * does: a controller manager that starts anew does not wait.
 * Counterpart: k8s.io/kubernetes/pkg/controller/job/backoff_utils.go.
 */
export class BackoffStore {
  private readonly failures = new Map<string, Failures>();

  /** Counts the Pods that ended since the last look; to be called once for each. */
  record(key: string, succeeded: readonly Pod[], failed: readonly Pod[]): void {
    if (succeeded.length === 0 && failed.length === 0) return;
    const lastSuccess = Math.max(Number.NEGATIVE_INFINITY, ...succeeded.map(finishedAt));
    const after = failed.map(finishedAt).filter((at) => at >= lastSuccess);
    const before = succeeded.length === 0 ? this.failures.get(key) : undefined;
    const count = (before?.count ?? 0) + after.length;
    if (count === 0) this.failures.delete(key);
    else this.failures.set(key, { count, lastAt: Math.max(before?.lastAt ?? 0, ...after) });
  }

  remainingMs(key: string, nowMs: number): number {
    const known = this.failures.get(key);
    return known === undefined ? 0 : remainingBackoffMs(known.count, known.lastAt, nowMs);
  }

  forget(key: string): void {
    this.failures.delete(key);
  }

  checkpoint(): Json {
    return [...this.failures].map(([key, { count, lastAt }]) => [key, count, lastAt]);
  }

  restore(state: Json): void {
    this.failures.clear();
    for (const [key, count, lastAt] of state as readonly (readonly [string, number, number])[]) this.failures.set(key, { count, lastAt });
  }
}
