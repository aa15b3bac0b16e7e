/**
 * The shell of simulated containers: carries a script out frame by frame, over the nodes of its syntax tree.
 * Invariant: where it is, is in the frames of its state; between two steps nothing else is remembered.
 * Counterpart: /bin/sh of a small image, and bash as far as people's scripts go.
 */
import type { Task } from '../process/task.ts';
import type { Wait } from '../process/world.ts';
import { builtin } from './builtins.ts';
import { enter, fork } from './enter.ts';
import { piped } from './fork.ts';
import { leave, nodeOf, pushScript, settle } from './frames.ts';
import { readCommands } from './interactive.ts';
import { matches } from './pattern.ts';
import { applyRedirects, restoreFds, type Redirection } from './redirects.ts';
import { runSimple } from './simple.ts';
import type { ExpandFrame, Frame, ShellState } from './state.ts';
import { begin, suspends } from './suspend.ts';
import { setVariable } from './variables.ts';

/** Goes on until the shell waits, ends (the code) or has become another program (undefined). */
export function runShell(task: Task, shell: ShellState): number | Wait | undefined {
  const { proc, kernel } = task;
  for (;;) {
    // It may have sent them to itself.
    if (proc.signals.length > 0) shell.pending.push(...proc.signals.splice(0));
    takeSignals(shell);
    const frame = shell.frames.at(-1);
    if (frame === undefined) {
      if (shell.exiting === null && shell.interactive !== 'no') {
        const wait = readCommands(task, shell);
        if (wait !== undefined) return wait;
        continue;
      }
      shell.exiting ??= shell.status;
      const action = shell.traps['EXIT'];
      if (action === undefined || action === '') return shell.exiting & 255;
      delete shell.traps['EXIT'];
      pushScript(task, shell, action);
      continue;
    }
    const wait = kernel.spend() ? step(task, shell, frame) : kernel.sliceEnd(proc);
    if (wait !== undefined) return wait;
    if (proc.exit !== null || proc.program.kind !== 'shell' || proc.program.shell !== shell) return undefined;
  }
}

/** Between two commands the handlers of the signals that have come run. */
function takeSignals(shell: ShellState): void {
  const frame = shell.frames.at(-1);
  if (shell.pending.length === 0 || frame?.k === 'children') return;
  if ((frame?.k === 'simple' || frame?.k === 'expand') && frame.capture >= 0) return;
  // A wait for background processes ends with the signal.
  if (frame?.k === 'builtin') shell.frames.pop();
  for (const signal of shell.pending.splice(0).toReversed()) {
    const action = shell.traps[signal];
    if (action === undefined || action === '') continue;
    shell.frames.push({ k: 'trap', status: shell.status });
    pushScript(undefined, shell, action);
  }
}

function step(task: Task, shell: ShellState, frame: Frame): Wait | undefined {
  switch (frame.k) {
    case 'list':
    case 'andor':
      return stepThrough(task, shell, frame);
    case 'if':
      return stepIf(task, shell, frame);
    case 'loop':
      return stepLoop(task, shell, frame);
    case 'for': {
      const node = nodeOf(shell, frame);
      const value = frame.values[frame.i++];
      if (value === undefined || node.kind !== 'for') return leave(shell);
      setVariable(shell, node.name, value);
      return enter(task, shell, frame.s, node.body);
    }
    case 'simple':
      return runSimple(task, shell, frame);
    case 'expand':
      return stepExpand(task, shell, frame);
    case 'children':
      return collect(task, shell, frame);
    case 'builtin': {
      shell.frames.pop();
      const result = builtin(task, shell, frame.args, frame.memory);
      if (typeof result === 'object') {
        shell.frames.push(frame);
        return result;
      }
      if (result !== undefined) settle(shell, result);
      return undefined;
    }
    case 'enter':
      shell.frames.pop();
      return enter(task, shell, frame.s, frame.n);
    case 'negate':
      shell.status = shell.status === 0 ? 1 : 0;
      return leave(shell);
    case 'call':
      shell.positional = frame.positional;
      for (const [name, value] of Object.entries(frame.locals)) {
        if (value === null) delete shell.vars[name];
        else shell.vars[name] = value;
      }
      return leave(shell);
    case 'source':
      return leave(shell);
    case 'restore':
      restoreFds(task, frame.fds);
      return leave(shell);
    case 'trap':
      shell.status = frame.status;
      return leave(shell);
  }
}

function stepThrough(task: Task, shell: ShellState, frame: Extract<Frame, { k: 'list' | 'andor' }>): undefined {
  const node = nodeOf(shell, frame);
  if (node.kind === 'list') {
    const item = node.items[frame.i++];
    if (item === undefined) return leave(shell);
    if (!item.background) return enter(task, shell, frame.s, item.node);
    const child = fork(task, shell, frame.s, item.node, true);
    if (child === undefined) return undefined;
    shell.jobs.push(child.pid);
    shell.lastBackground = child.pid;
    shell.status = 0;
    return undefined;
  }
  if (node.kind !== 'andor') return leave(shell);
  for (let item = node.items[frame.i]; item !== undefined; item = node.items[frame.i]) {
    frame.i++;
    if (item.operator === '' || (item.operator === '&&') === (shell.status === 0)) return enter(task, shell, frame.s, item.node);
  }
  return leave(shell);
}

function stepIf(task: Task, shell: ShellState, frame: Extract<Frame, { k: 'if' }>): undefined {
  const node = nodeOf(shell, frame);
  if (node.kind !== 'if' || frame.inBody) return leave(shell);
  const clause = node.clauses[frame.i];
  if (frame.i > 0) {
    const former = node.clauses[frame.i - 1];
    if (shell.status === 0 && former !== undefined) {
      frame.inBody = true;
      return enter(task, shell, frame.s, former.body);
    }
  }
  if (clause !== undefined) {
    frame.i++;
    return enter(task, shell, frame.s, clause.condition);
  }
  shell.status = 0;
  frame.inBody = true;
  return node.otherwise === undefined ? undefined : enter(task, shell, frame.s, node.otherwise);
}

function stepLoop(task: Task, shell: ShellState, frame: Extract<Frame, { k: 'loop' }>): undefined {
  const node = nodeOf(shell, frame);
  if (node.kind !== 'loop') return leave(shell);
  if (frame.stage === 'body') {
    if ((shell.status === 0) === node.until) {
      shell.status = 0;
      return leave(shell);
    }
    frame.stage = node.next === undefined ? 'condition' : 'next';
    frame.count++;
    return enter(task, shell, frame.s, node.body);
  }
  if (frame.stage === 'next' && node.next !== undefined) {
    frame.stage = 'condition';
    return enter(task, shell, frame.s, node.next);
  }
  frame.stage = 'body';
  return enter(task, shell, frame.s, node.condition);
}

/** What needs texts before it can begin: `for`, `case`, `(( ))`, and redirects of a group. */
function stepExpand(task: Task, shell: ShellState, frame: ExpandFrame): undefined {
  const node = nodeOf(shell, frame);
  const expansion = begin(task, shell, frame);
  const { s } = frame;
  switch (node.kind) {
    case 'for': {
      const values = node.words === null ? shell.positional : expansion.words(node.words);
      if (suspends(task, shell, frame, expansion)) return undefined;
      shell.frames.pop();
      shell.frames.push({ k: 'for', s, n: frame.n, values, i: 0 });
      shell.status = 0;
      return undefined;
    }
    case 'case': {
      const text = expansion.text(node.word);
      const first = node.clauses.findIndex(
        ({ patterns }) => expansion.stopped || patterns.some((pattern) => matches(expansion.pattern(pattern), text)),
      );
      if (suspends(task, shell, frame, expansion)) return undefined;
      shell.frames.pop();
      shell.status = 0;
      if (first < 0) return undefined;
      const last = node.clauses.findIndex(({ fallsThrough }, index) => index >= first && fallsThrough !== true);
      const bodies = node.clauses.slice(first, last < 0 ? undefined : last + 1);
      for (const { body } of bodies.toReversed()) shell.frames.push({ k: 'enter', s, n: body });
      return undefined;
    }
    case 'arithmetic': {
      const value = expansion.arithmetic(expansion.text(node.expression));
      if (suspends(task, shell, frame, expansion)) return undefined;
      shell.frames.pop();
      settle(shell, value === '0' || value === '' ? 1 : 0);
      return undefined;
    }
    case 'group': {
      const targets = node.redirects.map(({ fd, operator, target }): Redirection => ({ fd, operator, target: expansion.text(target) }));
      if (suspends(task, shell, frame, expansion)) return undefined;
      shell.frames.pop();
      const saved: Record<string, number | null> = {};
      const problem = applyRedirects(task, piped(task, shell, targets), saved);
      shell.frames.push({ k: 'restore', fds: saved });
      if (problem === undefined) return enter(task, shell, s, node.body);
      task.complain(`${shell.name}: ${problem}`);
      settle(shell, 1);
      return undefined;
    }
    default:
      return leave(shell);
  }
}

/** The processes in the foreground: their end is waited for. */
function collect({ kernel }: Task, shell: ShellState, frame: Extract<Frame, { k: 'children' }>): Wait | undefined {
  const { pids } = frame;
  if (pids.some((pid) => kernel.find(pid)?.exit === null)) return { for: 'child', pids };
  const codes = pids.map((pid) => kernel.reap(pid) ?? 127);
  const failed = shell.options.includes('p') ? codes.findLast((code) => code !== 0) : undefined;
  const status = failed ?? codes.at(-1) ?? 0;
  shell.frames.pop();
  if (frame.negated) shell.status = status === 0 ? 1 : 0;
  else settle(shell, status);
  return undefined;
}
