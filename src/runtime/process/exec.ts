/**
 * Finds the program that a name stands for: a command of the image, a script, a shell, or something that is not simulated.
 * Counterpart: execve and the search along PATH.
 */
import { cloneJson } from '../../base/json.ts';
import { decodeUtf8 } from '../files/bytes.ts';
import { resolvePath } from '../files/fileSystem.ts';
import { parseScript } from '../shell/parse.ts';
import type { ShellState } from '../shell/state.ts';
import { newShell } from '../shell/variables.ts';
import type { Machine } from './machine.ts';
import type { Program } from './world.ts';

export interface NotExecuted {
  /** 126: it cannot be executed, 127: there is none. */
  readonly code: 126 | 127;
  readonly text: 'not found' | 'Permission denied' | 'No such file or directory' | 'Is a directory';
}

const SHELLS: ReadonlySet<string> = new Set(['sh', 'ash', 'bash', 'dash']);
const SERVERS: ReadonlySet<string> = new Set(['nginx']);
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export function isShellName(name: string): boolean {
  return SHELLS.has(baseName(name));
}

export function baseName(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/** @param cwd absolute */
export function programFor(
  machine: Machine,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
  tty = false,
): Program | NotExecuted {
  const [name = ''] = args;
  const base = baseName(name);
  if (name.includes('/')) return atPath(machine, resolvePath(cwd, name), args, env, cwd, tty);
  if (machine.has(base)) return builtIn(machine, base, args, env, cwd, tty);
  for (const directory of (env['PATH'] ?? DEFAULT_PATH).split(':')) {
    const path = resolvePath(cwd, `${directory}/${name}`);
    if (machine.files().stat(path)?.kind === 'file') return atPath(machine, path, args, env, cwd, tty);
  }
  return machine.foreign(args, env) ?? { code: 127, text: 'not found' };
}

function atPath(
  machine: Machine,
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
  tty: boolean,
): Program | NotExecuted {
  const entry = machine.files().stat(path);
  const base = baseName(path);
  if (entry === undefined) {
    const foreign = machine.foreign(args, env);
    return foreign ?? { code: 127, text: 'not found' };
  }
  if (entry.kind === 'directory') return { code: 126, text: 'Permission denied' };
  if (entry.kind !== 'file' || (entry.mode & 0o111) === 0) return { code: 126, text: 'Permission denied' };
  if (entry.content === '') return builtIn(machine, base, args, env, cwd, tty);
  const first = /^#!\s*(\S+)(?:[ \t]+([^\n]*))?\n?/.exec(entry.content);
  const [, interpreter = '/bin/sh', rest = ''] = first ?? [];
  const words = rest.trim() === '' ? [] : rest.trim().split(/\s+/);
  const called = baseName(interpreter) === 'env' ? words : [interpreter, ...words];
  if (!isShellName(called[0] ?? '')) return machine.foreign([...called, path, ...args.slice(1)], env) ?? { code: 127, text: 'not found' };
  return builtIn(machine, baseName(called[0] ?? 'sh'), [...called, path, ...args.slice(1)], env, cwd, tty);
}

function builtIn(
  machine: Machine,
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
  tty: boolean,
): Program | NotExecuted {
  if (SHELLS.has(name)) return shellProgram(machine, args, env, cwd, tty);
  // A name such as `nginx` is that of a server and of what controls it.
  const server = SERVERS.has(name) ? machine.foreign(args, env) : undefined;
  if (server !== undefined && !(server.kind === 'server' && server.healthy === true)) return server;
  if (machine.commands.has(name)) return { kind: 'command', name, args: args.slice(1), memory: {} };
  return machine.foreign(args, env) ?? { code: 127, text: 'not found' };
}

/** `sh [-exu] -c SCRIPT [NAME ARG…]`, `sh FILE [ARG…]`, or a shell that reads its input. */
function shellProgram(
  machine: Machine,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
  tty: boolean,
): Program | NotExecuted {
  const [name = 'sh'] = args;
  let options = name.includes('bash') ? 'B' : '';
  let index = 1;
  let isScript = false;
  for (; /^[-+]./.test(args[index] ?? ''); index++) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      index++;
      break;
    }
    if (arg.startsWith('--')) continue;
    for (const letter of arg.slice(1)) {
      if (letter === 'c') isScript = true;
      else if (letter === 'o') options += optionLetter(args[++index] ?? '');
      else options += letter;
    }
  }
  const rest = args.slice(index);
  if (isScript) {
    const [script = '', own = name, ...positional] = rest;
    return { kind: 'shell', shell: scripted(newShell(own, env), script, positional, options) };
  }
  const [file, ...positional] = rest;
  if (file === undefined) {
    const shell = newShell(name, env, tty ? 'prompt' : 'lines');
    return { kind: 'shell', shell: { ...shell, options } };
  }
  const read = machine.files().read(resolvePath(cwd, file));
  if (typeof read === 'string') {
    const script = `echo "${name}: can't open '${file}': ${read}" >&2; exit 2`;
    return { kind: 'shell', shell: scripted(newShell(name, env), script, [], options) };
  }
  return { kind: 'shell', shell: scripted(newShell(file, env), decodeUtf8(read.content), positional, options) };
}

/** The letter by which a long option is kept. */
export function optionLetter(name: string): string {
  const letters: Readonly<Record<string, string>> = {
    errexit: 'e',
    nounset: 'u',
    xtrace: 'x',
    noglob: 'f',
    pipefail: 'p',
    allexport: 'a',
    noexec: 'n',
    verbose: 'v',
  };
  return letters[name] ?? '';
}

function scripted(shell: ShellState, text: string, positional: readonly string[], options: string): ShellState {
  const read = parseScript(text);
  const isForBash = typeof read !== 'string' && read.usesBash === true && !options.includes('B');
  const script = isForBash ? 'syntax error: unexpected "("' : read;
  if (typeof script === 'string') {
    const report = `printf '%s\\n' "$KUBEPAD_PROBLEM" >&2; exit 2`;
    const parsed = parseScript(report);
    return {
      ...shell,
      vars: { KUBEPAD_PROBLEM: `${shell.name}: ${script}` },
      sources: [report],
      frames: [{ k: 'list', s: 0, n: typeof parsed === 'string' ? 0 : parsed.root, i: 0 }],
    };
  }
  return { ...cloneJson(shell), positional, options, sources: [text], frames: [{ k: 'list', s: 0, n: script.root, i: 0 }] };
}
