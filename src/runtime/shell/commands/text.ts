/** Commands that work on lines of text. */
import type { Command, Execution, Process } from '../process.ts';
import { complain, linesOf, options, print, readFiles } from './support.ts';

export const textCommands: Readonly<Record<string, Command>> = {
  grep,
  head: (task, args) => ends(task, args, 'head'),
  sed,
  sort,
  tail: (task, args) => ends(task, args, 'tail'),
  tr,
  uniq: filter('uniq', (lines) => lines.filter((line, index) => index === 0 || line !== lines[index - 1])),
  wc,
};

function filter(name: string, change: (lines: readonly string[], flags: ReadonlySet<string>) => readonly string[]): Command {
  return function* run(task: Process, args: readonly string[]): Execution {
    const { flags, names } = options(args, 'k');
    const { texts, failed } = yield* readFiles(task, name, names);
    const lines = change(
      texts.flatMap(({ content }) => linesOf(content)),
      flags,
    );
    if (lines.length > 0) task.out(`${lines.join('\n')}\n`);
    return failed ? 1 : 0;
  };
}

function sort(task: Process, args: readonly string[]): number | Execution {
  return filter('sort', (lines, flags) => {
    const numeric = flags.has('n');
    const sorted = lines.toSorted((a, b) => (numeric ? Number.parseFloat(a) - Number.parseFloat(b) : 0) || (a < b ? -1 : a > b ? 1 : 0));
    const unique = flags.has('u') ? [...new Set(sorted)] : sorted;
    return flags.has('r') ? unique.toReversed() : unique;
  })(task, args);
}

function* ends(task: Process, args: readonly string[], command: 'head' | 'tail'): Execution {
  // `-5` is the old form of `-n 5`.
  const { values, names, flags } = options(
    args.map((arg) => arg.replace(/^-(\d+)$/, '-n$1')),
    'nc',
  );
  const follow = command === 'tail' && (flags.has('f') || flags.has('F'));
  const { texts, failed } = yield* readFiles(task, command, names);
  const bytes = values.get('c');
  const count = Number.parseInt(values.get('n') ?? '10', 10) || 0;
  for (const { name, content } of texts) {
    if (texts.length > 1) print(task, `==> ${name} <==\n`);
    if (bytes !== undefined) {
      const size = Math.abs(Number.parseInt(bytes, 10)) || 0;
      task.out(command === 'head' ? content.slice(0, size) : content.slice(Math.max(content.length - size, 0)));
      continue;
    }
    const lines = linesOf(content);
    const kept =
      command === 'head'
        ? lines.slice(0, count)
        : values.get('n')?.startsWith('+') === true
          ? lines.slice(count - 1)
          : lines.slice(Math.max(lines.length - count, 0));
    if (kept.length > 0) task.out(`${kept.join('\n')}\n`);
  }
  while (follow) yield { for: 'tick' };
  return failed ? 1 : 0;
}

function* grep(task: Process, args: readonly string[]): Execution {
  const { flags, values, names } = options(args, 'e');
  const [pattern = '', ...rest] = values.has('e') ? [values.get('e') ?? '', ...names] : names;
  const expression = expressionOf(flags.has('F') ? pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&') : pattern, flags.has('i') ? 'i' : '');
  if (expression === undefined) {
    complain(task, `grep: bad regex '${pattern}'`);
    return 2;
  }
  const { texts, failed } = yield* readFiles(task, 'grep', rest);
  let found = 0;
  for (const { name, content } of texts) {
    const lines = linesOf(content);
    const matching = lines.flatMap((line, index) => (expression.test(line) !== flags.has('v') ? [{ line, number: index + 1 }] : []));
    found += matching.length;
    const prefix = texts.length > 1 && !flags.has('h') ? `${name}:` : '';
    if (flags.has('q')) continue;
    if (flags.has('c')) print(task, `${prefix}${matching.length}\n`);
    else if (flags.has('l') && matching.length > 0) print(task, `${name}\n`);
    else if (!flags.has('l')) for (const { line, number } of matching) task.out(`${prefix}${flags.has('n') ? `${number}:` : ''}${line}\n`);
  }
  if (failed) return 2;
  return found > 0 ? 0 : 1;
}

/** `sed [-n] [-i] 's/a/b/g' | 'Np' | 'Nd' [FILE…]` */
function* sed(task: Process, args: readonly string[]): Execution {
  const { flags, names } = options(args);
  const [script = '', ...files] = names;
  const { texts, failed } = yield* readFiles(task, 'sed', files);
  const edit = editor(script, flags.has('n'));
  if (edit === undefined) {
    complain(task, `sed: unsupported command '${script}'`);
    return 1;
  }
  for (const { name, content } of texts) {
    const lines = linesOf(content).flatMap(edit);
    const text = lines.length === 0 ? '' : `${lines.join('\n')}\n`;
    if (flags.has('i')) task.machine.files.write(name.startsWith('/') ? name : `${task.cwd}/${name}`, text);
    else task.out(text);
  }
  return failed ? 1 : 0;
}

function editor(script: string, quiet: boolean): ((line: string, index: number) => readonly string[]) | undefined {
  const substitution = /^s(.)(.*?)\1(.*?)\1([gIip]*)$/.exec(script);
  if (substitution !== null) {
    const [, , pattern = '', replacement = '', how = ''] = substitution;
    const expression = expressionOf(pattern, `${how.includes('g') ? 'g' : ''}${/i/i.test(how) ? 'i' : ''}`);
    if (expression === undefined) return undefined;
    const text = replacement
      .replaceAll('$', '$$$$')
      .replaceAll(/\\(\d)/g, '$$$1')
      .replaceAll(/(?<!\\)&/g, '$$&');
    return (line) => {
      const made = line.replace(expression, text);
      return quiet ? (how.includes('p') && made !== line ? [made] : []) : [made];
    };
  }
  const numbered = /^(?:(\d+)(?:,(\d+))?|\/(.*)\/)([pd])$/.exec(script);
  if (numbered === null) return undefined;
  const [, from, to, pattern, act] = numbered;
  const expression = pattern === undefined ? undefined : expressionOf(pattern, '');
  const chosen = (line: string, index: number): boolean =>
    expression?.test(line) ?? (index + 1 >= Number(from) && index + 1 <= Number(to ?? from));
  return (line, index) => {
    if (act === 'd') return chosen(line, index) ? [] : [line];
    return [...(quiet ? [] : [line]), ...(chosen(line, index) ? [line] : [])];
  };
}

/** Undefined for a pattern that is none. */
function expressionOf(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern.replaceAll(/\\([(){}|+?])/g, '$1'), flags);
  } catch {
    return undefined;
  }
}

function* tr(task: Process, args: readonly string[]): Execution {
  const { flags, names } = options(args);
  const { texts } = yield* readFiles(task, 'tr', []);
  const from = range(names[0] ?? '');
  const to = range(names[1] ?? '');
  const content = texts.map((text) => text.content).join('');
  const changed = flags.has('d')
    ? [...content].filter((char) => !from.includes(char))
    : [...content].map((char) => (from.includes(char) ? (to[from.indexOf(char)] ?? to.at(-1) ?? '') : char));
  task.out(changed.join(''));
  return 0;
}

function range(text: string): string {
  return text
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replaceAll(/(.)-(.)/g, (_, first: string, last: string) => {
      let all = '';
      for (let code = first.charCodeAt(0); code <= last.charCodeAt(0) && all.length < 256; code++) all += String.fromCharCode(code);
      return all;
    });
}

function* wc(task: Process, args: readonly string[]): Execution {
  const { flags, names } = options(args);
  const { texts, failed } = yield* readFiles(task, 'wc', names);
  const all = flags.size === 0;
  for (const { name, content } of texts) {
    const counts = [
      ...(all || flags.has('l') ? [content.split('\n').length - 1] : []),
      ...(all || flags.has('w') ? [content.split(/\s+/).filter((word) => word !== '').length] : []),
      ...(all || flags.has('c') ? [content.length] : []),
    ];
    print(task, `${counts.join(' ')}${name === '-' ? '' : ` ${name}`}\n`);
  }
  return failed ? 1 : 0;
}
