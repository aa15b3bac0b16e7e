/** `sed`: substitutions, printing, deleting, changing and adding lines, by number, pattern or range. */
import type { Command } from '../../process/machine.ts';
import type { Task } from '../../process/task.ts';
import type { Wait } from '../../process/world.ts';
import { eachLine, expressionOf, isWait, linesOf, readFiles, type Memory } from './support.ts';

export const sedCommands: Readonly<Record<string, Command>> = { sed };

type Address = number | '$' | RegExp;

interface Instruction {
  readonly from: Address | undefined;
  readonly to: Address | undefined;
  readonly negated: boolean;
  readonly act: string;
  readonly expression?: RegExp;
  readonly text: string;
  readonly prints?: boolean;
  readonly only?: number;
}

function sed(task: Task, args: readonly string[], memory: Memory): number | Wait {
  const scripts: string[] = [];
  const names: string[] = [];
  let [quiet, inPlace, extended] = [false, false, false];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '-e' || arg === '--expression') scripts.push(args[++index] ?? '');
    else if (arg.startsWith('-i') || arg === '--in-place') inPlace = true;
    else if (/^-[nEr]+$/.test(arg)) {
      quiet ||= arg.includes('n');
      extended ||= /[Er]/.test(arg);
    } else names.push(arg);
  }
  const texts = scripts.length > 0 ? scripts : names.splice(0, 1);
  const instructions = parse(texts.join('\n'), extended);
  if (typeof instructions === 'string') {
    task.complain(`sed: unsupported command '${instructions}'`);
    return 1;
  }
  if (inPlace) {
    const read = readFiles(task, memory, 'sed', names);
    if (isWait(read)) return read;
    for (const { name, content } of read.texts) {
      const lines = linesOf(content);
      const state: Record<string, boolean> = {};
      const out: string[] = [];
      for (const [index, line] of lines.entries())
        if (edit(instructions, line, index + 1, index === lines.length - 1, quiet, state, out)) break;
      const problem = task.files.write(task.path(name), out.length === 0 ? '' : `${out.join('\n')}\n`);
      if (problem !== undefined) task.complain(`sed: ${name}: ${problem}`);
    }
    return read.failed ? 1 : 0;
  }
  const state = (memory['ranges'] ??= {}) as Record<string, boolean>;
  const wantsLast = instructions.some(({ from, to }) => from === '$' || to === '$');
  if (wantsLast) {
    const read = readFiles(task, memory, 'sed', names);
    if (isWait(read)) return read;
    const lines = read.texts.flatMap(({ content }) => linesOf(content));
    const out: string[] = [];
    for (const [index, line] of lines.entries())
      if (edit(instructions, line, index + 1, index === lines.length - 1, quiet, state, out)) break;
    if (out.length > 0) task.out(`${out.join('\n')}\n`);
    return read.failed ? 1 : 0;
  }
  const done = eachLine(task, memory, 'sed', names, (line, number) => {
    const out: string[] = [];
    const stops = edit(instructions, line, number, false, quiet, state, out);
    if (out.length > 0) task.out(`${out.join('\n')}\n`);
    return stops ? 'stop' : undefined;
  });
  return isWait(done) ? done : done ? 1 : 0;
}

/** @returns whether it ends here */
function edit(
  instructions: readonly Instruction[],
  given: string,
  number: number,
  last: boolean,
  quiet: boolean,
  ranges: Record<string, boolean>,
  out: string[],
): boolean {
  let line = given;
  const after: string[] = [];
  for (const [index, instruction] of instructions.entries()) {
    if (applies(instruction, line, number, last, ranges, index) === instruction.negated) continue;
    switch (instruction.act) {
      case 's': {
        const { expression } = instruction;
        if (expression === undefined) break;
        let found = 0;
        const before = line;
        line = line.replace(expression, (...match) =>
          instruction.only !== undefined && ++found !== instruction.only
            ? String(match[0])
            : filled(instruction.text, match as readonly unknown[]),
        );
        if (instruction.prints === true && line !== before) out.push(line);
        break;
      }
      case 'y':
        line = [...line]
          .map((char) => (instruction.text.split('\n')[1] ?? '')[(instruction.text.split('\n')[0] ?? '').indexOf(char)] ?? char)
          .join('');
        break;
      case 'd':
        out.push(...after);
        return false;
      case 'p':
        out.push(line);
        break;
      case '=':
        out.push(String(number));
        break;
      case 'q':
        if (!quiet) out.push(line);
        return true;
      case 'i':
        out.push(instruction.text);
        break;
      case 'a':
        after.push(instruction.text);
        break;
      case 'c':
        out.push(instruction.text, ...after);
        return false;
    }
  }
  if (!quiet) out.push(line);
  out.push(...after);
  return false;
}

function applies(
  { from, to }: Instruction,
  line: string,
  number: number,
  last: boolean,
  ranges: Record<string, boolean>,
  index: number,
): boolean {
  const hits = (address: Address): boolean =>
    address === '$' ? last : typeof address === 'number' ? address === number : address.test(line);
  if (from === undefined) return true;
  if (to === undefined) return hits(from);
  if (ranges[index] === true) {
    if (typeof to === 'number' ? number >= to : hits(to)) ranges[index] = false;
    return typeof to !== 'number' || number <= to;
  }
  if (!hits(from)) return false;
  ranges[index] = !(typeof to === 'number' && to <= number);
  return true;
}

/** `\1`, `&`, `\n` in what stands for the found text. */
function filled(text: string, match: readonly unknown[]): string {
  return text.replaceAll(/\\([0-9n&tr\\])|&/g, (whole, escaped: string | undefined) => {
    if (escaped === undefined) return String(match[0]);
    if (escaped === 'n') return '\n';
    if (escaped === 't') return '\t';
    return /\d/.test(escaped) ? String(match[Number(escaped)] ?? '') : whole.slice(1);
  });
}

/** @returns the instructions, or what cannot be read */
function parse(script: string, extended: boolean): readonly Instruction[] | string {
  const instructions: Instruction[] = [];
  let rest = script.trim();
  while (rest !== '') {
    const addressed = /^(\d+|\$|\/(?:[^/\\]|\\.)*\/)?(?:,(\d+|\$|\/(?:[^/\\]|\\.)*\/))?\s*(!?)\s*([spdqiacy=}{])/.exec(rest);
    if (addressed === null) return script;
    const [whole, first, second, negation, act = ''] = addressed;
    const [from, to] = [first, second].map((text) => addressOf(text, extended));
    if (from === 'bad' || to === 'bad') return script;
    rest = rest.slice(whole.length);
    const common = { from, to, negated: negation === '!', act };
    if (act === '{' || act === '}') return script;
    if (act === 's' || act === 'y') {
      const delimiter = rest[0] ?? '/';
      const parts = split(rest.slice(1), delimiter);
      if (parts === undefined) return script;
      const [pattern, replacement, behind] = parts;
      const [flags = ''] = /^[gIip\d]*/.exec(behind) ?? [];
      rest = behind.slice(flags.length);
      if (act === 'y') instructions.push({ ...common, text: `${pattern}\n${replacement}` });
      else {
        const only = /\d+/.exec(flags)?.[0];
        const expression = expressionOf(
          pattern,
          `${flags.includes('g') || only !== undefined ? 'g' : ''}${/i/i.test(flags) ? 'i' : ''}`,
          extended,
        );
        if (expression === undefined) return script;
        instructions.push({
          ...common,
          expression,
          text: replacement,
          prints: flags.includes('p'),
          ...(only === undefined ? {} : { only: Number(only) }),
        });
      }
    } else if (act === 'i' || act === 'a' || act === 'c') {
      const end = rest.search(/(?<!\\)\n/);
      const text = (end < 0 ? rest : rest.slice(0, end)).replace(/^\s*\\?\n?\s*/, '').replaceAll('\\\n', '\n');
      instructions.push({ ...common, text });
      rest = end < 0 ? '' : rest.slice(end);
    } else instructions.push({ ...common, text: '' });
    rest = rest.replace(/^[\s;]+/, '');
  }
  return instructions;
}

function addressOf(text: string | undefined, extended: boolean): Address | undefined | 'bad' {
  if (text === undefined || text === '$') return text;
  if (!text.startsWith('/')) return Number(text);
  return expressionOf(text.slice(1, -1), '', extended) ?? 'bad';
}

/** `pattern/replacement/rest` */
function split(text: string, delimiter: string): readonly [string, string, string] | undefined {
  const parts: string[] = [''];
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '\\' && at + 1 < text.length) {
      const next = text[++at] ?? '';
      parts[parts.length - 1] += next === delimiter && delimiter !== '&' ? next : `\\${next}`;
    } else if (char === delimiter) {
      if (parts.length === 2) return [parts[0] ?? '', parts[1] ?? '', text.slice(at + 1)];
      parts.push('');
    } else parts[parts.length - 1] += char;
  }
  return undefined;
}
