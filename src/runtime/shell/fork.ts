import { cloneJson } from '../../base/json.ts';
import { release } from '../process/descriptors.ts';
import type { Task } from '../process/task.ts';
import type { ProcessRecord, World } from '../process/world.ts';
import { settle } from './frames.ts';
import type { ShellState } from './state.ts';

/** A copy of the shell without anything to do yet; undefined, after a complaint, if there are too many processes. */
export function subshell(task: Task, shell: ShellState): ProcessRecord | undefined {
  const { proc, kernel } = task;
  const copy: ShellState = {
    ...cloneJson({ ...shell, frames: [], jobs: [], ended: {}, pending: [] }),
    traps: Object.fromEntries(Object.entries(shell.traps).filter(([, action]) => action === '')),
    interactive: 'no',
    exiting: null,
  };
  const child = kernel.child(proc, proc.args, proc.env, { kind: 'shell', shell: copy });
  if (child === undefined) {
    task.complain(`${shell.name}: can't fork: Resource temporarily unavailable`);
    settle(shell, 2);
  }
  return child;
}

/** A descriptor of a process leads to an open file from now on. */
export function connect(world: World, child: ProcessRecord, fd: number, number: number): void {
  const former = child.fds[fd];
  child.fds[fd] = number;
  const file = world.open[number];
  if (file !== undefined) file.refs++;
  if (former !== undefined) release(world, former);
}
