import { cloneJson } from '../../base/json.ts';
import { addPipe, release } from '../process/descriptors.ts';
import type { Task } from '../process/task.ts';
import type { ProcessRecord, World } from '../process/world.ts';
import { pushScript, settle } from './frames.ts';
import type { Redirection } from './redirects.ts';
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

/** Starts the scripts of `< <(…)`: what they write is read through a pipe. */
export function piped(task: Task, shell: ShellState, redirects: readonly Redirection[]): readonly Redirection[] {
  const { kernel } = task;
  return redirects.map((redirect) => {
    if (redirect.operator !== '<(') return redirect;
    const pipe = addPipe(kernel.world);
    const child = subshell(task, shell);
    if (child?.program.kind === 'shell') {
      connect(kernel.world, child, 1, pipe.write);
      pushScript(task, child.program.shell, redirect.target);
      shell.jobs.push(child.pid);
      kernel.execute(child);
    } else release(kernel.world, pipe.write);
    return { ...redirect, target: String(pipe.read) };
  });
}

/** A descriptor of a process leads to an open file from now on. */
export function connect(world: World, child: ProcessRecord, fd: number, number: number): void {
  const former = child.fds[fd];
  child.fds[fd] = number;
  const file = world.open[number];
  if (file !== undefined) file.refs++;
  if (former !== undefined) release(world, former);
}
