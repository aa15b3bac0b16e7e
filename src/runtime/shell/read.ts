/** The builtins that read what is written to the shell. */
import type { Json } from '../../base/json.ts';
import { decodeUtf8 } from '../files/bytes.ts';
import type { Task } from '../process/task.ts';
import type { Wait } from '../process/world.ts';
import { setArray } from './arrays.ts';
import type { ShellState } from './state.ts';
import { setVariable } from './variables.ts';

type Memory = Record<string, Json>;

/** `read [-r] [-p PROMPT] [-t SECONDS] [-d ''] [-a ARRAY] [NAME…]` */
export function read(task: Task, shell: ShellState, args: readonly string[], memory: Memory): number | Wait {
  const names: string[] = [];
  let raw = false;
  let whole = false;
  let array: string | undefined;
  let seconds: number | undefined;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const letters = arg.startsWith('-') ? arg.slice(1) : '';
    if (letters === '') {
      names.push(arg);
      continue;
    }
    raw ||= letters.includes('r');
    const last = letters.at(-1) ?? '';
    if (!'adinNptu'.includes(last)) continue;
    const value = args[++index] ?? '';
    if (last === 'p') {
      if (memory['asked'] !== true) task.write(2, value);
      memory['asked'] = true;
    } else if (last === 't') seconds = Number(value);
    else if (last === 'a') array = value;
    else if (last === 'd') whole = value === '';
  }
  const untilMs = seconds === undefined ? undefined : ((memory['untilMs'] as number | undefined) ?? task.nowMs + seconds * 1000);
  if (untilMs !== undefined) memory['untilMs'] = untilMs;
  for (;;) {
    const line = task.line(0);
    if (line === undefined) {
      if (untilMs !== undefined && task.nowMs >= untilMs) return 1;
      return { for: 'input', fd: 0, ...(untilMs === undefined ? {} : { untilMs }) };
    }
    const before = (memory['before'] as string | undefined) ?? '';
    const all = before + decodeUtf8(line ?? '');
    const isEnded = line?.endsWith('\n') === true;
    if (whole && line !== null) {
      memory['before'] = all;
      continue;
    }
    let text = whole ? all : all.replace(/\n$/, '');
    // A backslash at its end makes the next line go on with it.
    if (!raw && isEnded && /(?:^|[^\\])(?:\\\\)*\\$/.test(text)) {
      memory['before'] = text.slice(0, -1);
      continue;
    }
    if (!raw) text = text.replaceAll(/\\(.)/g, '$1');
    if (array === undefined) setWords(shell, names.length === 0 ? ['REPLY'] : names, text);
    else setArray(shell, array, words(shell, text));
    return isEnded ? 0 : 1;
  }
}

/** `mapfile [-t] [ARRAY]`: all lines. */
export function readLines(task: Task, shell: ShellState, args: readonly string[], memory: Memory): number | Wait {
  const lines = (memory['lines'] ??= []) as string[];
  for (;;) {
    const line = task.line(0);
    if (line === undefined) return { for: 'input', fd: 0 };
    if (line === null) break;
    const text = decodeUtf8(line);
    lines.push(args.includes('-t') ? text.replace(/\n$/, '') : text);
  }
  const name = args.findLast((arg) => !arg.startsWith('-')) ?? 'MAPFILE';
  setArray(shell, name, lines);
  return 0;
}

function setWords(shell: ShellState, names: readonly string[], text: string): void {
  const found = words(shell, text, names.length);
  for (const [index, name] of names.entries()) setVariable(shell, name, found[index] ?? '');
}

/** The words of a text; the last of as many as are wanted is all that is left. */
function words(shell: ShellState, text: string, most = Number.POSITIVE_INFINITY): readonly string[] {
  const ifs = shell.vars['IFS'] ?? ' \t\n';
  const isBlank = (char: string | undefined): boolean => char !== undefined && ifs.includes(char) && ' \t\n'.includes(char);
  const found: string[] = [];
  let [at, end] = [0, text.length];
  while (isBlank(text[end - 1])) end--;
  const skip = (): void => {
    while (isBlank(text[at])) at++;
  };
  skip();
  while (at < end && found.length < most - 1) {
    let to = at;
    while (to < end && !ifs.includes(text[to] ?? '')) to++;
    found.push(text.slice(at, to));
    at = isBlank(text[to]) ? to : to + 1;
    skip();
  }
  if (at < end) found.push(text.slice(at, end));
  return found;
}
