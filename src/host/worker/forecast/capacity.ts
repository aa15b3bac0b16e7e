/** How far a workload falls below what it could serve with before, and for how long. */
import type { CapacityStep } from './recorder.ts';

export interface Dip {
  /** The least that was available. */
  readonly least: number;
  /** What was there before, or what is wanted if that is less. */
  readonly floor: number;
  /** How long fewer than `floor` were available. */
  readonly ms: number;
  /** Of that, how long none was. */
  readonly noneMs: number;
}

/**
 * @param wanted how many there should be in the end
 * @param endAt when the look ahead ended, virtual milliseconds
 * @returns undefined if nothing is lost
 *
 * Worked example: 3 available, Recreate takes them down at 10 s and has 3 again at 22 s: least 0, floor 3, 12 s, all of it with none.
 */
export function dipOf(steps: readonly CapacityStep[], wanted: number, endAt: number): Dip | undefined {
  const floor = Math.min(steps[0]?.available ?? 0, wanted);
  let [least, ms, noneMs] = [floor, 0, 0];
  for (const [index, { at, available }] of steps.entries()) {
    if (available >= floor) continue;
    const length = (steps[index + 1]?.at ?? endAt) - at;
    least = Math.min(least, available);
    ms += length;
    if (available === 0) noneMs += length;
  }
  return least === floor ? undefined : { least, floor, ms, noneMs };
}
