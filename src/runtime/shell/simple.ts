/** Simple commands: assignments, redirects, and a function, a builtin or a program. */
import { isShellName, programFor } from '../process/exec.ts';
import { Task } from '../process/task.ts';
import type { Wait } from '../process/world.ts';
import { assigned, clearArray, setArray } from './arrays.ts';
import { INLINE, isBuiltin, SPECIAL } from './builtins.ts';
import { printed } from './commands/printf.ts';
import { condition } from './condition.ts';
import { enter } from './enter.ts';
import { piped } from './fork.ts';
import { nodeOf, settle } from './frames.ts';
import { applyRedirects, restoreFds, type Redirection } from './redirects.ts';
import type { ExpandFrame, ShellState } from './state.ts';
import { begin, suspends } from './suspend.ts';
import { exportedVariables, setVariable } from './variables.ts';

export function runSimple(task: Task, shell: ShellState, frame: ExpandFrame): Wait | undefined {
  const node = nodeOf(shell, frame);
  if (node.kind !== 'simple') return void shell.frames.pop();
  const substituted = frame.memo.length > 0 || frame.capture >= 0;
  const expansion = begin(task, shell, frame);
  const first = node.words[0]?.[0];
  const isCondition = node.words[0]?.length === 1 && first?.kind === 'text' && first.text === '[[';
  const operands = isCondition ? node.words.map((word) => expansion.textAndPattern(word)) : [];
  const words = isCondition ? operands.map(({ text }) => text) : expansion.words(node.words);
  const expanded = node.redirects.map(({ fd, operator, target }): Redirection => ({ fd, operator, target: expansion.text(target) }));
  const values = node.assignments.flatMap(({ name, append, value, subscript, items }) => {
    if (items !== undefined) return assigned(shell, name, append, expansion.words(items));
    const key = subscript === undefined ? name : `${name}[${expansion.arithmetic(expansion.text(subscript))}]`;
    return [[key, `${append ? (shell.vars[key] ?? '') : ''}${expansion.text(value)}`] as const];
  });
  if (suspends(task, shell, frame, expansion)) return undefined;
  const redirects = piped(task, shell, expanded);
  for (const { name, append, items } of node.assignments) if (items !== undefined && !append) clearArray(shell, name);
  shell.frames.pop();
  if (shell.options.includes('x')) trace(task, values, words);
  const [name, ...args] = words;
  if (name === undefined) return assignOnly(task, shell, values, redirects, substituted);
  if (isCondition) {
    const patterns = operands.slice(1, -1).map(({ pattern }) => pattern);
    settle(
      shell,
      condition(task, words.slice(1, -1), patterns, (found) => setArray(shell, 'BASH_REMATCH', found)),
    );
    return undefined;
  }
  const made = shell.functions[name];
  if (made !== undefined && !SPECIAL.has(name)) return callFunction(task, shell, made, args, values, redirects);
  if (isBuiltin(name)) return callBuiltin(task, shell, words, values, redirects);
  if (INLINE.has(name)) return runInline(task, shell, words, redirects);
  return runProgram(task, shell, words, values, redirects);
}

type Values = readonly (readonly [name: string, value: string])[];

function assignOnly(task: Task, shell: ShellState, values: Values, redirects: readonly Redirection[], substituted: boolean): undefined {
  if (!substituted) shell.status = 0;
  for (const [name, value] of values) {
    if (setVariable(shell, name, value)) continue;
    task.complain(`${shell.name}: ${name}: is read only`);
    return giveUp(shell);
  }
  const saved: Record<string, number | null> = {};
  const problem = applyRedirects(task, redirects, saved);
  restoreFds(task, saved);
  if (problem !== undefined) task.complain(`${shell.name}: ${problem}`);
  settle(shell, problem === undefined ? shell.status : 1);
  return undefined;
}

/** A mistake of the script that ends a shell to which nobody types. */
function giveUp(shell: ShellState): undefined {
  shell.frames.length = 0;
  shell.status = shell.name.includes('bash') ? 1 : 2;
  if (shell.interactive === 'no') shell.exiting = shell.status;
  return undefined;
}

/** Leads the shell's own descriptors elsewhere until the frame on the stack brings them back. @returns false after a problem */
function redirectOwn(task: Task, shell: ShellState, redirects: readonly Redirection[]): boolean {
  if (redirects.length === 0) return true;
  const saved: Record<string, number | null> = {};
  const problem = applyRedirects(task, redirects, saved);
  if (problem === undefined) {
    shell.frames.push({ k: 'restore', fds: saved });
    return true;
  }
  restoreFds(task, saved);
  task.complain(`${shell.name}: ${problem}`);
  settle(shell, 1);
  return false;
}

function callFunction(
  task: Task,
  shell: ShellState,
  { s, n }: { readonly s: number; readonly n: number },
  args: readonly string[],
  values: Values,
  redirects: readonly Redirection[],
): undefined {
  if (!redirectOwn(task, shell, redirects)) return undefined;
  const locals: Record<string, string | null> = {};
  for (const [name, value] of values) {
    locals[name] = shell.vars[name] ?? null;
    setVariable(shell, name, value);
  }
  shell.frames.push({ k: 'call', positional: shell.positional, locals });
  shell.positional = args;
  if (shell.frames.length > MAX_FRAMES) {
    task.complain(`${shell.name}: function nested too deeply`);
    shell.frames.length = 0;
    shell.exiting = 2;
    return undefined;
  }
  return enter(task, shell, s, n);
}

const MAX_FRAMES = 3_000;

/** The variables get their former values back when the builtin is done. */
function keepVariables(shell: ShellState, values: Values): void {
  const locals = Object.fromEntries(values.map(([name]) => [name, shell.vars[name] ?? null]));
  shell.frames.push({ k: 'call', positional: shell.positional, locals });
}

function callBuiltin(
  task: Task,
  shell: ShellState,
  words: readonly string[],
  values: Values,
  redirects: readonly Redirection[],
): undefined {
  const [name = ''] = words;
  if (values.length > 0 && !SPECIAL.has(name) && !/^(?:declare|typeset|local)$/.test(name)) keepVariables(shell, values);
  for (const [variable, value] of values) setVariable(shell, variable, value);
  if (name === 'exec') {
    // Its redirects stay.
    const problem = applyRedirects(task, redirects);
    if (problem !== undefined) {
      task.complain(`${shell.name}: ${problem}`);
      settle(shell, 1);
      return undefined;
    }
  } else if (!redirectOwn(task, shell, redirects)) return undefined;
  shell.frames.push({ k: 'builtin', args: words, memory: {} });
  return undefined;
}

function runInline(task: Task, shell: ShellState, words: readonly string[], redirects: readonly Redirection[]): undefined {
  const [name = '', ...args] = words;
  const saved: Record<string, number | null> = {};
  const problem = applyRedirects(task, redirects, saved);
  if (problem !== undefined) task.complain(`${shell.name}: ${problem}`);
  const own = new Task(task.kernel, task.proc);
  if (name === 'printf' && args[0] === '-v' && shell.options.includes('B')) {
    const { text, status } = printed(own, args.slice(2));
    setVariable(shell, args[1] ?? '', text);
    restoreFds(task, saved);
    settle(shell, status);
    return undefined;
  }
  const result = problem === undefined ? task.machine.commands.get(name)?.(own, args, {}) : 1;
  restoreFds(task, saved);
  if (own.broken) {
    shell.frames.length = 0;
    shell.exiting = 141;
  } else settle(shell, typeof result === 'number' ? (own.full && result === 0 ? 1 : result) : 0);
  return undefined;
}

function runProgram(task: Task, shell: ShellState, words: readonly string[], values: Values, redirects: readonly Redirection[]): undefined {
  const [name = ''] = words;
  const env = { ...exportedVariables(shell), ...Object.fromEntries(values) };
  const { kernel, proc } = task;
  const program = programFor(kernel.machine, words, env, proc.cwd);
  if ('kind' in program && endsWith(shell)) {
    // The last command of a shell takes its place.
    const problem = applyRedirects(task, redirects);
    if (problem === undefined) return task.become(words, env, program);
    task.complain(`${shell.name}: ${problem}`);
    settle(shell, 1);
    return undefined;
  }
  const child = kernel.child(proc, words, env, 'kind' in program ? program : { kind: 'command', name: 'false', args: [], memory: {} });
  if (child === undefined) {
    task.complain(`${shell.name}: can't fork: Resource temporarily unavailable`);
    settle(shell, 2);
    return undefined;
  }
  const own = new Task(kernel, child);
  const problem = applyRedirects(own, redirects);
  if (problem !== undefined) {
    own.complain(`${shell.name}: ${problem}`);
    kernel.exit(child, 1);
  } else if (!('kind' in program)) {
    own.complain(notExecuted(shell.name, name, program.text));
    kernel.exit(child, program.code);
  } else kernel.execute(child);
  if (child.exit === null) shell.frames.push({ k: 'children', pids: [child.pid], negated: false });
  else settle(shell, kernel.reap(child.pid) ?? child.exit);
  return undefined;
}

/** Whether nothing is left for the shell to do. */
function endsWith(shell: ShellState): boolean {
  if (shell.interactive !== 'no' || Object.keys(shell.traps).length > 0 || shell.pending.length > 0) return false;
  return shell.frames.every((frame) => {
    if (frame.k !== 'list' && frame.k !== 'andor') return false;
    const node = nodeOf(shell, frame);
    return (node.kind === 'list' || node.kind === 'andor') && frame.i >= node.items.length;
  });
}

function notExecuted(shell: string, name: string, text: string): string {
  if (!isShellName(shell) || !shell.includes('bash')) return `${shell}: ${name}: ${text}`;
  const path = name.includes('/');
  return `${shell}: line 1: ${name}: ${text === 'not found' ? (path ? 'No such file or directory' : 'command not found') : text}`;
}

function trace(task: Task, values: Values, words: readonly string[]): void {
  const shown = [...values.map(([name, value]) => `${name}=${quote(value)}`), ...words.map(quote)];
  task.complain(`+ ${shown.join(' ')}`);
}

function quote(text: string): string {
  return text === '' || /[\s'"$;&|<>()*?`\\]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;
}
