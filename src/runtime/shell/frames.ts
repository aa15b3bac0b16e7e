import type { Task } from '../process/task.ts';
import { parseScript } from './parse.ts';
import type { Frame, ShellState } from './state.ts';
import type { Node } from './syntax.ts';

const NOTHING: Node = { kind: 'list', items: [] };

export function nodeOf(shell: ShellState, { s, n }: { readonly s: number; readonly n: number }): Node {
  const script = parseScript(shell.sources[s] ?? '');
  return typeof script === 'string' ? NOTHING : (script.nodes[n] ?? NOTHING);
}

/** The frame at the top is done. */
export function leave(shell: ShellState): undefined {
  shell.frames.pop();
  return undefined;
}

/** Begins with a text. @returns false after a syntax error, which is told */
export function pushScript(task: Task | undefined, shell: ShellState, text: string): boolean {
  const script = parseScript(text);
  if (typeof script === 'string') {
    task?.complain(`${shell.name}: ${script}`);
    shell.status = 2;
    return false;
  }
  let s = shell.sources.indexOf(text);
  if (s < 0) s = shell.sources.push(text) - 1;
  shell.frames.push({ k: 'list', s, n: script.root, i: 0 });
  return true;
}

/** Whether what runs is a condition, so that its failure means nothing to `set -e`. */
export function isGuarded(shell: ShellState): boolean {
  return shell.frames.some((frame) => {
    if (frame.k === 'negate') return true;
    if (frame.k === 'if') return !frame.inBody;
    // `stage` names what comes next: while the condition runs, that is the body.
    if (frame.k === 'loop') return frame.stage === 'body';
    if (frame.k !== 'andor') return false;
    const node = nodeOf(shell, frame);
    return node.kind === 'andor' && frame.i < node.items.length;
  });
}

/** Goes back to the n-th loop around. @param again the loop goes on @returns the frames that were left; undefined: there is no loop */
export function leaveLoop(shell: ShellState, levels: number, again: boolean): Frame[] | undefined {
  const { frames } = shell;
  let left = levels;
  for (let index = frames.length - 1; index >= 0; index--) {
    const frame = frames[index];
    if (frame?.k === 'call' || frame?.k === 'source') return undefined;
    if (frame?.k !== 'loop' && frame?.k !== 'for') continue;
    if (--left > 0 && frames.slice(0, index).some(({ k }) => k === 'loop' || k === 'for')) continue;
    return frames.splice(again ? index + 1 : index);
  }
  return undefined;
}

/** A command has come to its end: with `set -e` a failure ends the shell, unless it is a condition. */
export function settle(shell: ShellState, status: number): void {
  shell.status = status;
  if (status === 0 || !shell.options.includes('e') || isGuarded(shell)) return;
  const below = shell.frames.at(-1);
  // The output of a command in an assignment is judged with the assignment.
  if ((below?.k === 'simple' || below?.k === 'expand') && below.capture >= 0) return;
  shell.frames.length = 0;
  shell.exiting = status;
}
