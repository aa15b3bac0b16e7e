import { encodeUtf8 } from '../files/bytes.ts';
import { addFile, assign, release } from '../process/descriptors.ts';
import type { Task } from '../process/task.ts';
import type { Redirect } from './syntax.ts';

/** A redirect whose target is a text; that of `<(` is the number of an open file. */
export interface Redirection {
  readonly fd: number;
  readonly operator: Redirect['operator'];
  readonly target: string;
}

/**
 * Carries redirects out on the task's process.
 * @param saved gets what the descriptors led to before, for `restoreFds`; undefined: nobody needs it
 * @returns what is wrong
 */
export function applyRedirects(task: Task, redirects: readonly Redirection[], saved?: Record<string, number | null>): string | undefined {
  const { proc, kernel } = task;
  const { world } = kernel;
  for (const { fd, operator, target } of redirects) {
    for (const each of operator === '&>' ? [1, 2] : [fd]) {
      if (saved === undefined || Object.hasOwn(saved, each)) continue;
      const number = proc.fds[each];
      saved[each] = number ?? null;
      const file = number === undefined ? undefined : world.open[number];
      if (file !== undefined) file.refs++;
    }
    switch (operator) {
      case '>&':
      case '<&': {
        if (target === '-') {
          assign(world, proc, fd, null);
          break;
        }
        const number = proc.fds[target];
        if (/^\d+$/.test(target)) {
          if (number === undefined) return `${target}: Bad file descriptor`;
          assign(world, proc, fd, number);
          break;
        }
        const problem = open(task, 1, target, 'write');
        if (problem !== undefined) return problem;
        assign(world, proc, 2, proc.fds[1] ?? null);
        break;
      }
      case '&>': {
        const problem = open(task, 1, target, 'write');
        if (problem !== undefined) return problem;
        assign(world, proc, 2, proc.fds[1] ?? null);
        break;
      }
      case '<(':
        assign(world, proc, fd, Number(target));
        break;
      case '<<':
      case '<<<': {
        const content = encodeUtf8(operator === '<<<' ? `${target}\n` : target);
        assign(world, proc, fd, addFile(world, { kind: 'text', content, offset: 0, refs: 0 }));
        break;
      }
      default: {
        const mode = operator === '<' ? 'read' : operator === '>>' ? 'append' : operator === '<>' ? 'both' : 'write';
        const problem = open(task, fd, target, mode);
        if (problem !== undefined) return problem;
      }
    }
  }
  return undefined;
}

export function restoreFds(task: Task, saved: Readonly<Record<string, number | null>>): void {
  const { proc, kernel } = task;
  for (const [fd, number] of Object.entries(saved)) {
    assign(kernel.world, proc, Number(fd), number);
    // The saved descriptor was held meanwhile.
    if (number !== null) release(kernel.world, number);
  }
}

function open(task: Task, fd: number, target: string, mode: 'read' | 'write' | 'append' | 'both'): string | undefined {
  const problem = task.open(fd, target, mode);
  if (problem === undefined) return undefined;
  if (mode === 'read') return `can't open ${target}: ${problem === 'No such file or directory' ? 'no such file' : problem}`;
  return `can't create ${target}: ${problem === 'No such file or directory' ? 'nonexistent directory' : problem}`;
}
