/** Commands that work on lines of text. */
import type { Command } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import type { Wait } from '../../process/world.ts';
import { decodeUtf8 } from '../../files/bytes.ts';
import { byteCount, eachLine, expressionOf, isWait, linesOf, options, readFiles, type Memory } from './support.ts';

export const textCommands: Readonly<Record<string, Command>> = {
  cut,
  egrep: (task, args, memory) => grep(task, ['-E', ...args], memory),
  fgrep: (task, args, memory) => grep(task, ['-F', ...args], memory),
  grep,
  head: (task, args, memory) => ends(task, args, memory, 'head'),
  nl: (task, args, memory) => streamed(task, args, memory, 'nl', (line, number) => `${String(number).padStart(6)}\t${line}`),
  rev: (task, args, memory) => streamed(task, args, memory, 'rev', (line) => [...line].toReversed().join('')),
  sort,
  tac: filter('tac', (lines) => lines.toReversed()),
  tail: (task, args, memory) => ends(task, args, memory, 'tail'),
  tr,
  uniq,
  wc,
};

function streamed(
  task: Task,
  args: readonly string[],
  memory: Memory,
  name: string,
  change: (line: string, number: number) => string,
): number | Wait {
  const done = eachLine(task, memory, name, options(args).names, (line, number) => task.out(`${change(line, number)}\n`));
  return isWait(done) ? done : Number(done);
}

function filter(
  name: string,
  change: (lines: readonly string[], flags: ReadonlySet<string>, values: ReadonlyMap<string, string>) => readonly string[],
): Command {
  return (task, args, memory) => {
    const { flags, values, names } = options(args, 'kt');
    const read = readFiles(task, memory, name, names);
    if (isWait(read)) return read;
    const lines = change(
      read.texts.flatMap(({ content }) => linesOf(content)),
      flags,
      values,
    );
    if (lines.length > 0) task.out(`${lines.join('\n')}\n`);
    return read.failed ? 1 : 0;
  };
}

function sort(task: Task, args: readonly string[], memory: Memory): number | Wait {
  return filter('sort', (lines, flags, values) => {
    const [, field, how = ''] = /^(\d+)(?:,\d+)?([nr]*)/.exec(values.get('k') ?? '') ?? [];
    const separator = values.get('t') ?? /\s+/;
    const key = (line: string): string => (field === undefined ? line : (line.trim().split(separator)[Number(field) - 1] ?? ''));
    const numeric = flags.has('n') || how.includes('n') || flags.has('h');
    const compare = (a: string, b: string): number => {
      const [x, y] = [key(a), key(b)];
      return (
        (numeric ? (Number.parseFloat(x) || 0) - (Number.parseFloat(y) || 0) : 0) ||
        (x < y ? -1 : x > y ? 1 : 0) ||
        (a < b ? -1 : a > b ? 1 : 0)
      );
    };
    const sorted = lines.toSorted(compare);
    const unique = flags.has('u') ? [...new Set(sorted)] : sorted;
    return flags.has('r') || how.includes('r') ? unique.toReversed() : unique;
  })(task, args, memory);
}

function uniq(task: Task, args: readonly string[], memory: Memory): number | Wait {
  return filter('uniq', (lines, flags) => {
    const groups: { line: string; count: number }[] = [];
    for (const line of lines) {
      const last = groups.at(-1);
      if (last?.line === line) last.count++;
      else groups.push({ line, count: 1 });
    }
    const kept = groups.filter(({ count }) => (flags.has('d') ? count > 1 : flags.has('u') ? count === 1 : true));
    return kept.map(({ line, count }) => (flags.has('c') ? `${String(count).padStart(7)} ${line}` : line));
  })(task, args, memory);
}

function ends(task: Task, args: readonly string[], memory: Memory, command: 'head' | 'tail'): number | Wait {
  // `-5` is the old form of `-n 5`.
  const { values, names, flags } = options(
    args.map((arg) => arg.replace(/^-(\d+)$/, '-n$1')),
    'nc',
    ['--lines', '--bytes'],
  );
  if (memory['followed'] !== undefined) return follow(task, names, memory);
  const lines = values.get('n') ?? values.get('--lines') ?? '10';
  const bytes = values.get('c') ?? values.get('--bytes');
  const count = Math.abs(Number.parseInt(lines, 10)) || 0;
  if (command === 'head' && names.length === 0)
    return headOfInput(task, memory, bytes === undefined ? count : undefined, byteCount(bytes ?? '0') ?? 0);
  const follows = command === 'tail' && (flags.has('f') || flags.has('F') || flags.has('--follow'));
  if (follows && names.length > 0 && names.every((name) => task.path(name) === '/dev/null')) return { for: 'ever' };
  // What has no end is read until the memory is used up.
  if (names.some((name) => /^\/dev\/(zero|u?random)$/.test(task.path(name))))
    return devour(task, memory, command === 'head' ? (byteCount(bytes ?? '0') ?? 0) : undefined);
  const read = readFiles(task, memory, command, names);
  if (isWait(read)) return read;
  const offsets: Record<string, number> = {};
  for (const { name, content } of read.texts) {
    offsets[name] = content.length;
    if (read.texts.length > 1) task.print(`==> ${name} <==\n`);
    if (bytes !== undefined) {
      const size = byteCount(bytes.replace(/^[-+]/, '')) ?? 0;
      task.out(command === 'head' ? content.slice(0, size) : content.slice(Math.max(content.length - size, 0)));
      continue;
    }
    const all = linesOf(content);
    const kept =
      command === 'head'
        ? lines.startsWith('-')
          ? all.slice(0, -count)
          : all.slice(0, count)
        : lines.startsWith('+')
          ? all.slice(count - 1)
          : all.slice(Math.max(all.length - count, 0));
    if (kept.length > 0) task.out(`${kept.join('\n')}\n`);
  }
  if (!follows) return read.failed ? 1 : 0;
  if (read.failed && !flags.has('F')) return 1;
  memory['followed'] = offsets;
  return { for: 'time', atMs: task.nowMs + FOLLOW_MS };
}

const FOLLOW_MS = 1_000;

/** Once a second what the files have grown by. */
function follow(task: Task, names: readonly string[], memory: Memory): Wait {
  const offsets = memory['followed'] as Record<string, number>;
  for (const name of names) {
    const read = task.files.read(task.path(name));
    if (typeof read === 'string') continue;
    const from = offsets[name] ?? 0;
    // A file that has become shorter is read from its beginning.
    if (read.content.length !== from) task.out(read.content.slice(read.content.length < from ? 0 : from));
    offsets[name] = read.content.length;
  }
  return { for: 'time', atMs: task.nowMs + FOLLOW_MS };
}

function headOfInput(task: Task, memory: Memory, lines: number | undefined, bytes: number): number | Wait {
  if (lines === undefined) {
    const got = (memory['bytes'] as number | undefined) ?? 0;
    const { bytes: taken, ended } = task.take(0, bytes - got);
    task.out(taken);
    memory['bytes'] = got + taken.length;
    return ended || got + taken.length >= bytes ? 0 : { for: 'input', fd: 0 };
  }
  const done = eachLine(task, memory, 'head', [], (line, number) => {
    if (number <= lines) task.out(`${line}\n`);
    return number >= lines ? 'stop' : undefined;
  });
  return isWait(done) ? done : 0;
}

/** Reads what has no end: the memory grows until there is none, or, of `head -c`, until it has enough. */
function devour(task: Task, memory: Memory, most: number | undefined): number | Wait {
  if (most !== undefined) {
    task.out('\0'.repeat(Math.min(most, 8_388_608)));
    return 0;
  }
  const held = ((memory['held'] as number | undefined) ?? 0) + 64 * 1_048_576;
  memory['held'] = held;
  task.proc.load = { milliCpu: 1000, memoryBytes: held };
  if (!task.kernel.checkMemory()) return 137;
  return { for: 'time', atMs: task.nowMs + 50 };
}

function grep(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const { flags, values, names } = options(args, 'eABCm');
  const [given = '', ...others] = values.has('e') ? [values.get('e') ?? '', ...names] : names;
  const fixed = flags.has('F') ? given.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&') : given;
  const pattern = flags.has('w') ? `\\b(?:${fixed})\\b` : flags.has('x') ? `^(?:${fixed})$` : fixed;
  const extended = flags.has('E') || flags.has('F') || flags.has('P') || flags.has('w') || flags.has('x');
  const expression = expressionOf(pattern, `${flags.has('i') ? 'i' : ''}${flags.has('o') ? 'g' : ''}`, extended);
  if (expression === undefined) {
    task.complain(`grep: bad regex '${given}'`);
    return 2;
  }
  const rest = flags.has('r') || flags.has('R') ? others.flatMap((name) => filesBelow(task, name)) : others;
  const many = (rest.length > 1 || flags.has('r') || flags.has('R')) && !flags.has('h');
  const found = (memory['found'] ??= {}) as Record<string, number>;
  const numbers = (memory['numbers'] ??= {}) as Record<string, number>;
  const most = Number(values.get('m') ?? Number.POSITIVE_INFINITY);
  const done = eachLine(task, memory, 'grep', rest, (line, _number, file) => {
    const number = (numbers[file] = (numbers[file] ?? 0) + 1);
    expression.lastIndex = 0;
    if (expression.test(line) === flags.has('v')) return undefined;
    found[file] = (found[file] ?? 0) + 1;
    if (flags.has('q')) return 'stop';
    if (flags.has('c') || flags.has('l')) return undefined;
    const prefix = `${many ? `${file}:` : ''}${flags.has('n') ? `${number}:` : ''}`;
    for (const shown of flags.has('o') ? (line.match(expression) ?? []) : [line]) task.out(`${prefix}${shown}\n`);
    return (found[file] ?? 0) >= most ? 'stop' : undefined;
  });
  if (isWait(done)) return done;
  const names2 = rest.length === 0 ? ['-'] : rest;
  if (flags.has('c')) for (const name of names2) task.print(`${many ? `${name}:` : ''}${found[name] ?? 0}\n`);
  if (flags.has('l')) for (const name of names2) if ((found[name] ?? 0) > 0) task.print(`${name}\n`);
  if (done && !flags.has('s')) return 2;
  return Object.keys(found).length > 0 ? 0 : 1;
}

function filesBelow(task: Task, name: string): readonly string[] {
  if (task.files.stat(task.path(name))?.kind !== 'directory') return [name];
  return (task.files.list(task.path(name)) ?? []).flatMap((child) => filesBelow(task, `${name.replace(/\/$/, '')}/${child}`));
}

/** `cut -d: -f1,3-` and `cut -c1-5` */
function cut(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const { flags, values, names } = options(args, 'dfcb');
  const delimiter = values.get('d') ?? '\t';
  const list = values.get('f') ?? values.get('c') ?? values.get('b') ?? '';
  const wanted = list.split(',').map((range) => {
    const [, from = '', dash, to = ''] = /^(\d*)(-?)(\d*)$/.exec(range) ?? [];
    return { from: Number(from || '1'), to: dash === '' ? Number(from) : to === '' ? Number.POSITIVE_INFINITY : Number(to) };
  });
  const pick = (parts: readonly string[]): readonly string[] =>
    parts.filter((_, index) => wanted.some(({ from, to }) => index + 1 >= from && index + 1 <= to));
  const done = eachLine(task, memory, 'cut', names, (line) => {
    if (!values.has('f')) task.out(`${pick([...line]).join('')}\n`);
    else if (line.includes(delimiter)) task.out(`${pick(line.split(delimiter)).join(delimiter)}\n`);
    else if (!flags.has('s')) task.out(`${line}\n`);
  });
  return isWait(done) ? done : Number(done);
}

function tr(task: Task, args: readonly string[]): number | Wait {
  const { flags, names } = options(args);
  const complement = flags.has('c') || flags.has('C');
  const from = range(names[0] ?? '');
  const to = range(names[1] ?? '');
  const isIn = (char: string): boolean => from.includes(char) !== complement;
  for (;;) {
    const { bytes, ended } = task.take(0);
    let changed = '';
    for (const char of bytes) {
      if (!isIn(char)) changed += char;
      else if (flags.has('d')) continue;
      else if (to === '') changed += flags.has('s') && changed.endsWith(char) ? '' : char;
      else {
        const other = complement ? (to.at(-1) ?? '') : (to[from.indexOf(char)] ?? to.at(-1) ?? '');
        changed += flags.has('s') && changed.endsWith(other) ? '' : other;
      }
    }
    task.out(changed);
    if (ended || task.broken) return 0;
    if (bytes === '') return { for: 'input', fd: 0 };
    // What has no end is read as fast as somebody takes it.
    return { for: 'room', fd: 1 };
  }
}

function range(text: string): string {
  const classes: Readonly<Record<string, string>> = {
    upper: 'A-Z',
    lower: 'a-z',
    digit: '0-9',
    alpha: 'A-Za-z',
    alnum: '0-9A-Za-z',
    space: ' \t\n\r',
    punct: '!-/:-@[-`{-~',
  };
  return text
    .replaceAll(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? '')
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll('\\r', '\r')
    .replaceAll('\\0', '\0')
    .replaceAll(/([^])-([^])/g, (_, first: string, last: string) => {
      let all = '';
      for (let code = first.charCodeAt(0); code <= last.charCodeAt(0) && all.length < 256; code++) all += String.fromCharCode(code);
      return all;
    });
}

function wc(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const { flags, names } = options(args);
  const read = readFiles(task, memory, 'wc', names);
  if (isWait(read)) return read;
  const all = flags.size === 0;
  const rows = read.texts.map(({ name, content }) => ({
    name,
    counts: [
      ...(all || flags.has('l') ? [content.split('\n').length - 1] : []),
      ...(all || flags.has('w') ? [content.split(/\s+/).filter((word) => word !== '').length] : []),
      ...(all || flags.has('c') || flags.has('m') ? [flags.has('m') ? decodeUtf8(content).length : content.length] : []),
    ],
  }));
  const [first] = rows;
  if (rows.length > 1 && first !== undefined)
    rows.push({ name: 'total', counts: first.counts.map((_, index) => rows.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0)) });
  for (const { name, counts } of rows) task.print(`${counts.join(' ')}${name === '-' ? '' : ` ${name}`}\n`);
  return read.failed ? 1 : 0;
}
