/**
 * Growing delays between attempts, per container and per image.
 * Invariant: an entry that has seen no attempt for twice the maximum starts again at the beginning.
 * Counterpart: k8s.io/client-go/util/flowcontrol.Backoff.
 */
import type { BackOffEntry } from './state.ts';

const INITIAL_MS = 10_000;
const MAXIMUM_MS = 300_000;

/** Whether an attempt at `nowMs` comes too early after what happened at `eventMs`. */
export function inBackOff(entry: BackOffEntry | undefined, eventMs: number, nowMs: number): boolean {
  return entry !== undefined && !expired(entry, eventMs) && nowMs - eventMs < entry.delayMs;
}

/** Example: attempts after failures give 10 s, 20 s, 40 s, … 300 s, 300 s; after ten quiet minutes 10 s again. */
export function nextBackOff(entry: BackOffEntry | undefined, eventMs: number, nowMs: number): BackOffEntry {
  const delayMs = entry === undefined || expired(entry, eventMs) ? INITIAL_MS : Math.min(entry.delayMs * 2, MAXIMUM_MS);
  return { delayMs, updatedAtMs: nowMs };
}

function expired(entry: BackOffEntry, eventMs: number): boolean {
  return eventMs - entry.updatedAtMs > 2 * MAXIMUM_MS;
}
