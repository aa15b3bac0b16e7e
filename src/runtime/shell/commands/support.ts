import type { Json } from '../../../base/json.ts';
import type { Task } from '../../process/task.ts';
import type { Wait } from '../../process/world.ts';

export type Memory = Record<string, Json>;

/** Whether the tools are those of busybox; else those of GNU. Their words differ. */
export function isBusyBox({ machine }: Task): boolean {
  return machine.has('wget') && !machine.has('apt-get') && !machine.has('bash');
}

export function isWait(value: unknown): value is Wait {
  return typeof value === 'object' && value !== null && 'for' in value;
}

/** Everything that comes in until the end. What there is so far stays in the memory. */
export function readAll(task: Task, memory: Memory): string | Wait {
  const { bytes, ended } = task.take(0);
  const all = ((memory['input'] as string | undefined) ?? '') + bytes;
  memory['input'] = all;
  if (ended) return all;
  // Who holds all that comes needs memory for it: so `tail /dev/zero` ends.
  if (all.length >= 1_000_000) {
    memory['input'] = '';
    const held = ((memory['held'] as number | undefined) ?? 0) + 64 * all.length;
    memory['held'] = held;
    task.proc.load = { milliCpu: 1000, memoryBytes: held };
    task.kernel.checkMemory();
    return { for: 'time', atMs: task.nowMs + 50 };
  }
  return { for: 'input', fd: 0 };
}

export interface ReadFile {
  /** `-` is the input. */
  readonly name: string;
  readonly content: string;
}

/** The bytes of the files that are named, or of the input if none is. Missing files are complained of. */
export function readFiles(
  task: Task,
  memory: Memory,
  command: string,
  names: readonly string[],
): { readonly texts: readonly ReadFile[]; readonly failed: boolean } | Wait {
  const wanted = names.length === 0 ? ['-'] : names.map((name) => (name === '/dev/stdin' ? '-' : name));
  let input = '';
  if (wanted.includes('-')) {
    const read = readAll(task, memory);
    if (isWait(read)) return read;
    input = read;
  }
  const texts: ReadFile[] = [];
  let failed = false;
  for (const name of wanted) {
    if (name === '-') {
      texts.push({ name, content: input });
      continue;
    }
    const read = task.files.read(task.path(name));
    if (typeof read === 'string') {
      task.complain(command === 'cat' && isBusyBox(task) ? `cat: can't open '${name}': ${read}` : `${command}: ${name}: ${read}`);
      failed = true;
    } else texts.push({ name, content: read.content });
  }
  return { texts, failed };
}

/** A line without its end, and its number over all inputs. */
type EachLine = (line: string, number: number, file: string) => void | 'stop';

/** Gives each line of the files, or of the input as it comes. @returns whether a file is missing, or what is waited for */
export function eachLine(task: Task, memory: Memory, command: string, names: readonly string[], each: EachLine): boolean | Wait {
  const count = (): number => (memory['lines'] = ((memory['lines'] as number | undefined) ?? 0) + 1);
  if (names.length === 0 || (names.length === 1 && names[0] === '-')) {
    for (let line = task.line(0); ; line = task.line(0)) {
      if (line === undefined) return { for: 'input', fd: 0 };
      if (line === null || each(line.replace(/\n$/, ''), count(), '-') === 'stop') return false;
      if (task.broken) return false;
    }
  }
  const read = readFiles(task, memory, command, names);
  if (isWait(read)) return read;
  for (const { name, content } of read.texts)
    for (const line of linesOf(content)) if (each(line, count(), name) === 'stop') return read.failed;
  return read.failed;
}

export interface Options {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly names: readonly string[];
}

/**
 * Single letters behind dashes, and the other arguments. `--` ends the options. Letters in `withValue` take the next word.
 * @param long names of long options that take a value
 */
export function options(args: readonly string[], withValue = '', long: readonly string[] = []): Options {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const names: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      names.push(...args.slice(index + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') names.push(arg);
    else if (arg.startsWith('--')) {
      const [name = '', ...value] = arg.split('=');
      flags.add(name);
      if (value.length > 0) values.set(name, value.join('='));
      else if (long.includes(name)) values.set(name, args[++index] ?? '');
    } else {
      for (let at = 1; at < arg.length; at++) {
        const letter = arg[at] ?? '';
        flags.add(letter);
        if (!withValue.includes(letter)) continue;
        const rest = arg.slice(at + 1);
        values.set(letter, rest === '' ? (args[++index] ?? '') : rest);
        break;
      }
    }
  }
  return { flags, values, names };
}

/** Lines without their ends. */
export function linesOf(content: string): readonly string[] {
  const lines = content.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

const FOR_EVER_MS = 1e14;

/** Milliseconds of `1.5`, `10s`, `2m`, `1h`, `1d`; undefined if it is none. */
export function seconds(text: string): number | undefined {
  const units: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const match = /^(\d*\.?\d+)([smhd]?)$/.exec(text);
  return match === null ? undefined : Math.min(Math.round(Number(match[1]) * (units[match[2] ?? ''] ?? 1000)), FOR_EVER_MS);
}

/** Bytes of `10`, `4k`, `100M`, `1GiB`; undefined if it is none. */
export function byteCount(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([kKmMgGtT]?)(?:i?[bB])?$/.exec(text);
  if (match === null) return undefined;
  return Math.floor(Number(match[1]) * 1024 ** ['', 'k', 'm', 'g', 't'].indexOf((match[2] ?? '').toLowerCase()));
}

/** A regular expression as grep and sed have it; undefined if it is none. @param extended `+?|(){}` mean something without a backslash */
export function expressionOf(pattern: string, flags: string, extended: boolean): RegExp | undefined {
  const classes: Readonly<Record<string, string>> = {
    alpha: 'a-zA-Z',
    digit: '0-9',
    alnum: 'a-zA-Z0-9',
    upper: 'A-Z',
    lower: 'a-z',
    space: '\\s',
    blank: ' \\t',
    punct: '!-/:-@\\[-`{-~',
  };
  let source = pattern.replaceAll(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole);
  if (!extended)
    source = source.replaceAll(/\\?[(){}|+?]/g, (found) => (found.length === 2 ? found.slice(1) : `\\${found}`)).replace(/^\*/, '\\*');
  try {
    return new RegExp(source.replaceAll('\\<', '\\b').replaceAll('\\>', '\\b'), flags);
  } catch {
    return undefined;
  }
}
