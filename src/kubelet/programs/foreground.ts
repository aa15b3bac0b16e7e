import { isEndless } from '../../runtime/shell/endless.ts';
import type { Frame, ShellState } from '../../runtime/shell/state.ts';
import type { World } from '../../runtime/process/world.ts';

/** What is further away than this keeps nobody waiting for the cluster to be stable. */
const NEAR_MS = 600_000;
/** So many rounds of a loop are taken for work that comes to an end. */
const ROUNDS = 60;
/** Of a loop that cannot end it is known after fewer that nothing else will come. */
const ROUNDS_WITHOUT_END = 2;

/**
 * Whether what a world does next is part of getting somewhere: a script that sleeps and goes on, a loop in its first rounds.
 * A loop that goes on and on, or a wait of hours, is how the cluster is at rest.
 */
export function isForeground(world: World, nextMs: number | undefined, nowMs: number): boolean {
  if (nextMs === undefined || nextMs - nowMs > NEAR_MS) return false;
  return !Object.values(world.processes).some(
    ({ program, busySlices }) =>
      busySlices > ROUNDS || (program.kind === 'shell' && program.shell.frames.some((frame) => isLasting(program.shell, frame))),
  );
}

function isLasting(shell: ShellState, frame: Frame): boolean {
  if (frame.k !== 'loop') return false;
  return frame.count > ROUNDS || (frame.count > ROUNDS_WITHOUT_END && isEndless(shell, frame));
}
