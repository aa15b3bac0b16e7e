import type { Frame } from '../../runtime/shell/state.ts';
import type { World } from '../../runtime/process/world.ts';

/** What is further away than this keeps nobody waiting for the cluster to be stable. */
const NEAR_MS = 600_000;
/** So many rounds of a loop are taken for work that comes to an end. */
const ROUNDS = 60;

/**
 * Whether what a world does next is part of getting somewhere: a script that sleeps and goes on, a loop in its first rounds.
 * A loop that goes on and on, or a wait of hours, is how the cluster is at rest.
 */
export function isForeground(world: World, nextMs: number | undefined, nowMs: number): boolean {
  if (nextMs === undefined || nextMs - nowMs > NEAR_MS) return false;
  return !Object.values(world.processes).some(
    ({ program, busySlices }) => busySlices > ROUNDS || (program.kind === 'shell' && program.shell.frames.some(isLasting)),
  );
}

function isLasting(frame: Frame): boolean {
  return frame.k === 'loop' && frame.count > ROUNDS;
}
