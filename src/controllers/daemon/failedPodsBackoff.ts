import type { Json } from '../../base/json.ts';
import type { ControllerContext } from '../runtime/environment.ts';

/** The first failed Pod of a node is replaced at once, then after 1 s, 2 s, … 15 min. */
const BASE_MS = 1_000;
const MAX_MS = 900_000;
/** Without a failure for so long a node starts at the beginning. */
const FORGET_MS = 2 * MAX_MS;
/** The timer that forgets. */
export const FORGET = 'forget';

interface Entry {
  readonly waitMs: number;
  readonly failedAt: number;
}

/**
 * How long each node waits for the next replacement of a failed Pod, by DaemonSet, generation and node.
 * Invariant: entries stand in the order of their last failure; while there are any, one timer waits for the first to be forgotten.
 * Counterpart: failedPodsBackoff, a client-go flowcontrol.Backoff with its GC.
 */
export class FailedPodsBackoff {
  private readonly context: ControllerContext;
  private readonly entries = new Map<string, Entry>();

  constructor(context: ControllerContext) {
    this.context = context;
  }

  /** Milliseconds that are still to wait; 0: none, and the next failure waits for longer. */
  attempt(key: string): number {
    const now = this.context.now();
    const entry = this.entries.get(key);
    const isKnown = entry !== undefined && now - entry.failedAt <= FORGET_MS;
    if (isKnown && now < entry.failedAt + entry.waitMs) return entry.failedAt + entry.waitMs - now;
    if (this.entries.size === 0) this.setTimer(now);
    this.entries.delete(key);
    this.entries.set(key, { waitMs: isKnown ? Math.min(MAX_MS, entry.waitMs * 2) : BASE_MS, failedAt: now });
    return 0;
  }

  /** The timer came due. */
  forget(): void {
    const now = this.context.now();
    for (const [key, { failedAt }] of this.entries) {
      if (now - failedAt <= FORGET_MS) {
        this.setTimer(failedAt);
        return;
      }
      this.entries.delete(key);
    }
  }

  checkpoint(): Json {
    return [...this.entries].map(([key, { waitMs, failedAt }]) => [key, waitMs, failedAt]);
  }

  restore(state: Json): void {
    this.entries.clear();
    for (const [key, waitMs, failedAt] of state as readonly (readonly [string, number, number])[])
      this.entries.set(key, { waitMs, failedAt });
  }

  private setTimer(failedAt: number): void {
    this.context.setTimer({ at: failedAt + FORGET_MS + 1, type: FORGET, key: '', background: true });
  }
}
