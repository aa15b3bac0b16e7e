/** What changes the shell itself. */
import { clearArray } from './arrays.ts';
import type { Json } from '../../base/json.ts';
import { decodeUtf8 } from '../files/bytes.ts';
import { optionLetter, programFor } from '../process/exec.ts';
import type { Task } from '../process/task.ts';
import { signalOf, type Wait } from '../process/world.ts';
import { evaluate } from './arithmetic.ts';
import { leaveLoop, pushScript } from './frames.ts';
import { read, readLines } from './read.ts';
import { restoreFds } from './redirects.ts';
import type { Frame, ShellState } from './state.ts';
import { exportedVariables, getVariable, setVariable } from './variables.ts';

/** An exit code, what it waits for, or nothing where the status is set by what comes next. */
type Result = number | Wait | undefined;
type Builtin = (task: Task, shell: ShellState, args: readonly string[], memory: Record<string, Json>) => Result;

/** No function takes these names. */
export const SPECIAL: ReadonlySet<string> = new Set([
  'break',
  ':',
  'continue',
  '.',
  'eval',
  'exec',
  'exit',
  'export',
  'readonly',
  'return',
  'set',
  'shift',
  'trap',
  'unset',
]);

/** These are programs of the image, too; a shell carries them out itself, as they end at once. */
export const INLINE: ReadonlySet<string> = new Set(['echo', 'printf', 'test', '[', 'true', 'false', 'pwd', 'kill']);

const KEYWORDS = new Set('if then elif else fi for while until do done case esac in function { } ! [['.split(' '));

export function isBuiltin(name: string): boolean {
  return BUILTINS.has(name);
}

export function builtin(task: Task, shell: ShellState, [name = '', ...args]: readonly string[], memory: Record<string, Json>): Result {
  return BUILTINS.get(name)?.(task, shell, args, memory);
}

const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', () => 0],
  ['.', source],
  ['source', source],
  ['break', (task, shell, args) => loop(task, shell, args, false)],
  ['continue', (task, shell, args) => loop(task, shell, args, true)],
  ['cd', changeDirectory],
  ['command', command],
  ['builtin', command],
  ['declare', (task, shell, args) => declare(task, shell, args, false)],
  ['eval', (task, shell, args) => (pushScript(task, shell, args.join(' ')) ? undefined : 2)],
  ['exec', execute],
  ['exit', exit],
  ['export', (task, shell, args) => declare(task, shell, args, true)],
  ['typeset', (task, shell, args) => declare(task, shell, args, false)],
  ['getopts', getopts],
  ['hash', () => 0],
  ['jobs', () => 0],
  ['let', (_task, shell, args) => arithmetic(shell, args)],
  ['local', local],
  ['mapfile', readLines],
  ['read', read],
  ['readarray', readLines],
  ['readonly', (task, shell, args) => { declare(task, shell, args, false); for (const arg of args) shell.readonly[nameOf(arg)] = true; return 0; }], // prettier-ignore
  ['return', returnFrom],
  ['set', set],
  ['shift', (_task, shell, [count = '1']) => { const by = Number(count); if (by > shell.positional.length) return 1; shell.positional = shell.positional.slice(by); return 0; }], // prettier-ignore
  ['shopt', () => 0],
  ['times', () => 0],
  ['trap', trap],
  ['type', type],
  ['ulimit', (task, _shell, args) => { if (args.length < 2) task.print('unlimited\n'); return 0; }], // prettier-ignore
  ['umask', (task, _shell, args) => { if (args.length === 0) task.print('0022\n'); return 0; }], // prettier-ignore
  ['alias', () => 0],
  ['unalias', () => 0],
  ['unset', (_task, shell, args) => { for (const arg of args) { clearArray(shell, arg); delete shell.exported[arg]; delete shell.functions[arg]; } return 0; }], // prettier-ignore
  ['wait', waitFor],
]);

function nameOf(arg: string): string {
  return arg.split('=')[0] ?? arg;
}

function source(task: Task, shell: ShellState, [name = '', ...args]: readonly string[]): Result {
  const read = task.files.read(task.path(name));
  if (typeof read === 'string') {
    task.complain(`${shell.name}: .: can't open '${name}': ${read}`);
    if (shell.interactive === 'no') end(shell, 2);
    return 2;
  }
  shell.frames.push({ k: 'source' });
  if (args.length > 0) {
    shell.frames.push({ k: 'call', positional: shell.positional, locals: {} });
    shell.positional = args;
  }
  return pushScript(task, shell, decodeUtf8(read.content)) ? undefined : 2;
}

function loop(task: Task, shell: ShellState, [levels = '1']: readonly string[], again: boolean): Result {
  const left = leaveLoop(shell, Number(levels) || 1, again);
  unwind(task, left ?? []);
  shell.status = 0;
  return undefined;
}

/** What the frames that were left would have brought back. */
function unwind(task: Task, frames: readonly Frame[]): void {
  for (const frame of frames.toReversed()) if (frame.k === 'restore') restoreFds(task, frame.fds);
}

function changeDirectory(task: Task, shell: ShellState, args: readonly string[]): number {
  const wanted = args.find((arg) => arg === '-' || !arg.startsWith('-')) ?? shell.vars['HOME'] ?? '/';
  const path = task.path(wanted === '-' ? (shell.vars['OLDPWD'] ?? '/') : wanted);
  const entry = task.files.stat(path);
  if (entry?.kind !== 'directory') {
    task.complain(`${shell.name}: cd: can't cd to ${wanted}: ${entry === undefined ? 'No such file or directory' : 'Not a directory'}`);
    return shell.name.includes('bash') ? 1 : 2;
  }
  shell.vars['OLDPWD'] = task.proc.cwd;
  task.proc.cwd = path;
  shell.vars['PWD'] = path;
  if (wanted === '-') task.print(`${path}\n`);
  return 0;
}

/** `command [-v] NAME` */
function command(task: Task, shell: ShellState, args: readonly string[]): Result {
  const [flag = '', name = ''] = args;
  if (flag === '-v' || flag === '-V') return type(task, shell, [name], {}, true);
  if (isBuiltin(flag)) return builtin(task, shell, args, {});
  return pushScript(task, shell, args.map((arg) => `'${arg.replaceAll("'", `'"'"'`)}'`).join(' ')) ? undefined : 2;
}

function type(task: Task, shell: ShellState, args: readonly string[], _memory: Record<string, Json> = {}, brief = false): number {
  if (args[0] === '-t') return kinds(task, shell, args.slice(1));
  let status = 0;
  for (const name of args) {
    if (shell.functions[name] !== undefined) task.print(brief ? `${name}\n` : `${name} is a function\n`);
    else if (isBuiltin(name) || INLINE.has(name)) task.print(brief ? `${name}\n` : `${name} is a shell builtin\n`);
    else if (task.machine.has(name)) task.print(brief ? `/bin/${name}\n` : `${name} is /bin/${name}\n`);
    else {
      const program = programFor(task.machine, [name], exportedVariables(shell), task.cwd);
      if ('kind' in program && program.kind !== 'server') task.print(brief ? `${name}\n` : `${name} is ${name}\n`);
      else {
        if (!brief) task.complain(`${name}: not found`);
        status = 127;
      }
    }
  }
  return status;
}

/** `type -t NAME…` */
function kinds(task: Task, shell: ShellState, names: readonly string[]): number {
  let status = 0;
  for (const name of names) {
    const isFile = task.machine.has(name) || 'kind' in programFor(task.machine, [name], exportedVariables(shell), task.cwd);
    const inShell = isBuiltin(name) || INLINE.has(name) ? 'builtin' : undefined;
    const kind =
      shell.functions[name] !== undefined ? 'function' : KEYWORDS.has(name) ? 'keyword' : (inShell ?? (isFile ? 'file' : undefined));
    if (kind === undefined) status = 1;
    else task.print(`${kind}\n`);
  }
  return status;
}

/** `export`, `declare`, `readonly`: sets, exports, or shows. */
function declare(task: Task, shell: ShellState, args: readonly string[], exporting: boolean): number {
  const isExported = exporting || args.some((arg) => /^-\w*x/.test(arg));
  const names = args.filter((arg) => !/^[-+]/.test(arg));
  const removes = args.includes('-n');
  if (names.length === 0) {
    for (const [name, value] of sortedEntries(exportedVariables(shell))) task.print(`export ${name}='${value}'\n`);
    return 0;
  }
  for (const arg of names) {
    const name = nameOf(arg);
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      task.complain(`${shell.name}: export: ${arg}: bad variable name`);
      return 1;
    }
    if (arg.includes('=')) setVariable(shell, name, arg.slice(name.length + 1));
    if (removes) delete shell.exported[name];
    else if (isExported) shell.exported[name] = true;
  }
  return 0;
}

function execute(task: Task, shell: ShellState, args: readonly string[]): Result {
  const words = args[0] === '-a' ? args.slice(2) : args;
  const [name] = words;
  if (name === undefined) return 0;
  const env = exportedVariables(shell);
  const program = programFor(task.machine, words, env, task.cwd, shell.interactive === 'prompt');
  if ('kind' in program) {
    task.become(words, env, program);
    return undefined;
  }
  task.complain(`${shell.name}: exec: ${name}: ${program.text}`);
  end(shell, program.code);
  return undefined;
}

function exit(_task: Task, shell: ShellState, [code]: readonly string[]): undefined {
  end(shell, code === undefined ? shell.status : Number.parseInt(code, 10) & 255);
  return undefined;
}

function end(shell: ShellState, code: number): void {
  const handler = shell.frames.find((frame) => frame.k === 'trap');
  shell.frames.length = 0;
  shell.exiting = Number.isNaN(code) ? 2 : code;
  shell.status = shell.exiting;
  if (handler !== undefined) shell.pending.length = 0;
}

function returnFrom(task: Task, shell: ShellState, [code]: readonly string[]): Result {
  const index = shell.frames.findLastIndex(({ k }) => k === 'call' || k === 'source');
  const status = code === undefined ? shell.status : Number.parseInt(code, 10) & 255;
  if (index < 0) return exit(task, shell, code === undefined ? [] : [code]);
  unwind(task, shell.frames.splice(index + 1));
  return status;
}

function local(_task: Task, shell: ShellState, args: readonly string[]): number {
  const call = shell.frames.findLast((frame) => frame.k === 'call');
  for (const arg of args) {
    if (arg.startsWith('-')) continue;
    const name = nameOf(arg);
    if (call?.k === 'call' && !Object.hasOwn(call.locals, name)) call.locals[name] = shell.vars[name] ?? null;
    if (arg.includes('=')) setVariable(shell, name, arg.slice(name.length + 1));
    else delete shell.vars[name];
  }
  return 0;
}

/** Options of the shell, or its positional parameters. */
function set(task: Task, shell: ShellState, args: readonly string[]): number {
  if (args.length === 0) {
    for (const [name, value] of sortedEntries(shell.vars)) task.print(`${name}='${value}'\n`);
    return 0;
  }
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--' || !/^[-+]./.test(arg)) {
      shell.positional = args.slice(arg === '--' ? index + 1 : index);
      return 0;
    }
    for (const letter of arg.slice(1)) {
      const option = letter === 'o' ? optionLetter(args[++index] ?? '') : letter;
      shell.options = shell.options.replaceAll(option === '' ? '\0' : option, '') + (arg.startsWith('-') ? option : '');
    }
  }
  return 0;
}

function trap(task: Task, shell: ShellState, args: readonly string[]): number {
  const [action = '', ...signals] = args[0] === '--' ? args.slice(1) : args;
  if (args.length === 0) {
    for (const [signal, text] of Object.entries(shell.traps)) task.print(`trap -- '${text}' ${signal}\n`);
    return 0;
  }
  const resets = action === '-' || signals.length === 0;
  for (const text of signals.length === 0 ? [action] : signals) {
    const signal = text === 'EXIT' || text === '0' ? 'EXIT' : signalOf(text);
    if (signal === undefined) {
      if (text === 'ERR' || text === 'DEBUG' || text === 'RETURN') continue;
      task.complain(`${shell.name}: trap: ${text}: invalid signal specification`);
      return 1;
    }
    if (resets) delete shell.traps[signal];
    else shell.traps[signal] = action;
  }
  return 0;
}

/** `wait [PID…]`: for background processes. */
function waitFor({ kernel }: Task, shell: ShellState, args: readonly string[]): Result {
  const wanted = args.filter((arg) => !arg.startsWith('-')).map((arg) => Number(arg.replace('%', '')));
  const pids = wanted.length === 0 ? shell.jobs : wanted;
  const left = pids.filter((pid) => kernel.find(pid)?.exit === null);
  const isAny = args.includes('-n');
  if (left.length > 0 && !(isAny && left.length < pids.length))
    return isAny ? { for: 'child', pids: left.slice(0, 1) } : { for: 'child', pids: left };
  let status = 0;
  for (const pid of pids.filter((each) => !left.includes(each))) {
    const known = shell.ended[pid];
    const code = kernel.find(pid) === undefined ? (known ?? 127) : (kernel.reap(pid) ?? 127);
    shell.ended[pid] = code;
    if (wanted.length > 0 || isAny) status = code;
    const index = shell.jobs.indexOf(pid);
    if (index >= 0) shell.jobs.splice(index, 1);
  }
  return status;
}

function arithmetic(shell: ShellState, args: readonly string[]): number {
  const variables = {
    get: (name: string) => getVariable(shell, name) ?? '',
    set: (name: string, value: string) => void setVariable(shell, name, value),
  };
  const result = evaluate(args.at(-1) ?? '', variables);
  for (const arg of args.slice(0, -1)) evaluate(arg, variables);
  return 'value' in result && result.value !== 0 ? 0 : 1;
}

/** `getopts LETTERS NAME [ARG…]`: of the positional parameters, unless others are given. */
function getopts(task: Task, shell: ShellState, [letters = '', name = 'opt', ...given]: readonly string[]): number {
  const words = given.length > 0 ? given : shell.positional;
  const index = Number(shell.vars['OPTIND'] ?? '1');
  const place = shell.optionPlace;
  const arg = words[index - 1];
  const isOver = arg === undefined || !/^-./.test(arg) || arg === '--';
  if (isOver) {
    if (arg === '--') shell.vars['OPTIND'] = String(index + 1);
    shell.vars[name] = '?';
    return 1;
  }
  const letter = arg[place] ?? '';
  const at = letters.indexOf(letter);
  const takesValue = at >= 0 && letters[at + 1] === ':';
  const rest = arg.slice(place + 1);
  const next = takesValue ? (rest === '' ? index + 2 : index + 1) : place + 1 < arg.length ? index : index + 1;
  shell.vars['OPTIND'] = String(next);
  shell.optionPlace = next === index ? place + 1 : 1;
  const isUnknown = at < 0 || letter === ':';
  const value = takesValue ? (rest === '' ? words[index] : rest) : '';
  if (isUnknown || value === undefined) {
    const isSilent = letters.startsWith(':');
    const problem = isUnknown ? `Illegal option -${letter}` : `No arg for -${letter} option`;
    const inBash = `${shell.name}: ${isUnknown ? 'illegal option' : 'option requires an argument'} -- ${letter}`;
    if (!isSilent) task.complain(shell.name.includes('bash') ? inBash : problem);
    shell.vars[name] = isSilent && !isUnknown ? ':' : '?';
    if (isSilent) shell.vars['OPTARG'] = letter;
    else delete shell.vars['OPTARG'];
    return 0;
  }
  shell.vars[name] = letter;
  shell.vars['OPTARG'] = value;
  return 0;
}

function sortedEntries(values: Readonly<Record<string, string>>): readonly (readonly [name: string, value: string])[] {
  return Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
