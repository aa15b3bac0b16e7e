import { decodeUtf8 } from '../files/bytes.ts';
import { addFile, release } from '../process/descriptors.ts';
import type { Task } from '../process/task.ts';
import { Expansion } from './expand.ts';
import { connect, subshell } from './fork.ts';
import { pushScript } from './frames.ts';
import type { ExpandFrame, ShellState } from './state.ts';

/** An expansion that goes on where the frame stands. */
export function begin(task: Task, shell: ShellState, frame: ExpandFrame): Expansion {
  const { kernel, proc } = task;
  if (frame.capture >= 0) {
    const file = kernel.world.open[frame.capture];
    if (file?.kind === 'capture') frame.memo.push(decodeUtf8(file.content).replace(/\n+$/, ''));
    release(kernel.world, frame.capture);
    frame.capture = -1;
  }
  const special = (name: string): string | undefined => {
    if (name === '$') return String(proc.pid);
    if (name === 'PPID') return String(proc.parent);
    if (name === 'RANDOM') return String(kernel.random());
    if (name === 'SECONDS') return String(Math.floor((task.nowMs - proc.startedAtMs) / 1000));
    if (name === 'EPOCHSECONDS') return String(Math.floor(task.nowMs / 1000));
    return undefined;
  };
  return new Expansion({ shell, files: () => task.files, cwd: proc.cwd, special }, frame.memo);
}

/** Whether the expansion has to wait for a command, which is started, or has failed, which ends the shell. */
export function suspends(task: Task, shell: ShellState, frame: ExpandFrame, expansion: Expansion): boolean {
  if (expansion.problem !== undefined) {
    task.complain(`${shell.name}: ${expansion.problem}`);
    shell.frames.length = 0;
    shell.status = shell.name.includes('bash') ? 1 : 2;
    if (shell.interactive === 'no') shell.exiting = shell.status;
    return true;
  }
  if (expansion.need === undefined) return false;
  const { world } = task.kernel;
  const capture = addFile(world, { kind: 'capture', content: '', refs: 1 });
  const child = subshell(task, shell);
  if (child === undefined) {
    release(world, capture);
    frame.memo.push('');
    return true;
  }
  frame.capture = capture;
  connect(world, child, 1, capture);
  if (child.program.kind === 'shell') pushScript(task, child.program.shell, expansion.need);
  shell.frames.push({ k: 'children', pids: [child.pid], negated: false });
  task.kernel.execute(child);
  return true;
}
