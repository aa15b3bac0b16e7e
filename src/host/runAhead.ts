/**
 * Runs of virtual time that are bounded by a goal, an own condition and a limit, in slices.
 * Invariant: a run ends right after the event that met the condition; time does not go on to the next one.
 */
import type { RunResult, Simulation } from '../sim/simulation.ts';

export interface Ahead {
  /** Undefined: until the condition or the limit. */
  readonly goal: 'stable' | 'settled' | undefined;
  /** Asked between events. Undefined: reaching the limit is what was asked for, unless there is a goal. */
  readonly isMet: (() => boolean) | undefined;
  /** Virtual time at which it ends at the latest, milliseconds since 1970. */
  readonly limitAt: number;
}

/** `interrupted`: somebody else took the clock, or the cluster is gone. */
export type AheadEnd = 'done' | 'limit' | 'cancelled' | 'interrupted' | 'runaway';

export interface AheadSlice {
  /** Undefined: the slice is over and the run is not. */
  readonly end: AheadEnd | undefined;
  readonly result: RunResult | undefined;
}

/** @param expired whether the slice is over */
export function runSlice(simulation: Simulation, { goal, isMet, limitAt }: Ahead, expired: () => boolean): AheadSlice {
  if (isMet === undefined) {
    const result =
      goal === undefined
        ? simulation.advance(limitAt, { expired })
        : simulation.runUntil(goal, Math.max(0, limitAt - simulation.now()), { expired });
    const ends = { Done: 'done', LimitReached: 'limit', Runaway: 'runaway', BudgetReached: undefined } as const;
    return { end: ends[result.reason], result };
  }
  let met = isMet();
  const stop = (): boolean => (met ||= isMet()) || expired();
  for (;;) {
    if (met || isMet()) return { end: 'done', result: undefined };
    if (expired()) return { end: undefined, result: undefined };
    const next = simulation.nextEventAt() ?? Infinity;
    // One instant at a time: with the limit as its aim the last event would be followed by all the time until then.
    const result = simulation.advance(Math.min(next, limitAt), { expired: stop });
    if (result.reason === 'Runaway') return { end: 'runaway', result };
    if (next > limitAt) return { end: 'limit', result };
  }
}

/** In a cluster whose time nobody else drives. */
export async function runAlone(simulation: Simulation, ahead: Ahead, isCancelled: () => boolean, sliceMs: number): Promise<AheadEnd> {
  for (;;) {
    const until = performance.now() + sliceMs;
    const { end } = runSlice(simulation, ahead, () => performance.now() >= until);
    if (end !== undefined) return end;
    // Whoever wants to cancel gets a turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (isCancelled()) return 'cancelled';
  }
}
