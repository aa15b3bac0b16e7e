/**
 * The shell of simulated containers: carries scripts out, over the commands of ./commands.
 * Invariant: pipelines run from left to right, each command with the whole output of the one before.
 * Counterpart: /bin/sh of a small image.
 */
import { decodeUtf8, encodeUtf8 } from '../files/bytes.ts';
import { resolvePath } from '../files/fileSystem.ts';
import { evaluate } from './arithmetic.ts';
import { parseScript } from './parse.ts';
import { Input, type Execution, type Process, type Wait } from './process.ts';
import type { Node, Part, Redirect, Word } from './syntax.ts';

const MAX_LOOPS = 100_000;

export class Shell {
  readonly task: Process;
  private readonly positional: readonly string[];
  private status = 0;
  private exiting: number | undefined;
  private breaking: 'break' | 'continue' | undefined;
  private loops = 0;

  constructor(task: Process, positional: readonly string[] = ['sh']) {
    this.task = task;
    this.positional = positional;
  }

  /** Whether `exit` was called. */
  get ended(): boolean {
    return this.exiting !== undefined;
  }

  *script(text: string): Execution {
    const node = parseScript(text);
    if (typeof node === 'string') {
      this.task.err(encodeUtf8(`${this.positional[0] ?? 'sh'}: ${node}\n`));
      return (this.status = 2);
    }
    yield* this.node(node, this.task);
    return this.exiting ?? this.status;
  }

  private *node(node: Node, task: Process): Generator<Wait, void, void> {
    if (this.exiting !== undefined) return;
    switch (node.kind) {
      case 'list':
        for (const { node: item, operator } of node.items) {
          if (this.exiting !== undefined || this.breaking !== undefined) return;
          if ((operator === '&&' && this.status !== 0) || (operator === '||' && this.status === 0)) continue;
          yield* this.node(item, task);
        }
        return;
      case 'pipeline':
        yield* this.pipeline(node.commands, task);
        if (node.negated) this.status = this.status === 0 ? 1 : 0;
        return;
      case 'if':
        for (const { condition, body } of node.clauses) {
          yield* this.node(condition, task);
          if (this.status === 0) return yield* this.node(body, task);
        }
        this.status = 0;
        if (node.otherwise !== undefined) yield* this.node(node.otherwise, task);
        return;
      case 'loop':
        return yield* this.loop(node, task);
      case 'for':
        for (const value of yield* this.expandAll(node.words, task)) {
          task.env[node.name] = value;
          yield* this.node(node.body, task);
          if (this.endsLoop()) return;
        }
        return;
      case 'simple':
        return yield* this.simple(node, task);
    }
  }

  private *loop(node: Extract<Node, { kind: 'loop' }>, task: Process): Generator<Wait, void, void> {
    for (;;) {
      yield* this.node(node.condition, task);
      if ((this.status === 0) === node.until) break;
      yield* this.node(node.body, task);
      if (this.endsLoop()) return;
      if (++this.loops > MAX_LOOPS) {
        this.loops = 0;
        yield { for: 'tick' };
      }
    }
    this.status = 0;
  }

  private endsLoop(): boolean {
    const { breaking } = this;
    this.breaking = undefined;
    return breaking === 'break' || this.exiting !== undefined;
  }

  private *pipeline(commands: readonly Node[], task: Process): Generator<Wait, void, void> {
    let { input } = task;
    for (const [index, command] of commands.entries()) {
      const last = index === commands.length - 1;
      let output = '';
      const out = last ? task.out : (bytes: string): void => void (output += bytes);
      yield* this.node(command, { ...task, input, out });
      input = new Input(output, true);
    }
  }

  private *simple(node: Extract<Node, { kind: 'simple' }>, outer: Process): Generator<Wait, void, void> {
    const words = yield* this.expandAll(node.words, outer);
    const task = yield* this.redirected(node.redirects, outer);
    if (task === undefined) {
      this.status = 1;
      return;
    }
    const values: [string, string][] = [];
    for (const [name, word] of node.assignments) values.push([name, yield* this.expandOne(word, outer)]);
    const [name, ...args] = words;
    if (name === undefined) {
      for (const [key, value] of values) outer.env[key] = value;
      this.status = 0;
      task.finish();
      return;
    }
    const own = values.length === 0 ? task : { ...task, env: { ...task.env, ...Object.fromEntries(values) } };
    if (!(yield* this.builtin(name, args, own, outer))) {
      this.status = yield* runCommand(own, name, args, this.positional[0] ?? 'sh');
    }
    task.finish();
  }

  /** What changes the shell itself. */
  private *builtin(name: string, args: readonly string[], task: Process, outer: Process): Generator<Wait, boolean, void> {
    this.status = 0;
    switch (name) {
      case ':':
        return true;
      case 'exit':
        this.exiting = Number.parseInt(args[0] ?? String(this.status), 10) & 255;
        return true;
      case 'break':
      case 'continue':
        this.breaking = name;
        return true;
      case 'cd': {
        const path = resolvePath(outer.cwd, args[0] ?? outer.env['HOME'] ?? '/');
        if (task.machine.files.stat(path)?.kind === 'directory') {
          outer.cwd = this.task.cwd = path;
          outer.env['PWD'] = path;
        } else this.fail(task, `cd: can't cd to ${args[0] ?? ''}: No such file or directory`);
        return true;
      }
      case 'export':
        for (const pair of args) {
          const [key = '', ...value] = pair.split('=');
          if (value.length > 0) outer.env[key] = value.join('=');
        }
        return true;
      case 'unset':
        for (const key of args) delete outer.env[key];
        return true;
      case 'set':
      case 'trap':
      case 'wait':
        return true;
      case 'exec':
        if (args[0] !== undefined) this.exiting = yield* runCommand(task, args[0], args.slice(1), 'sh');
        return true;
      case 'read': {
        let line = task.input.takeLine();
        while (line === undefined && !task.input.closed) {
          yield { for: 'input' };
          line = task.input.takeLine();
        }
        outer.env[args.find((arg) => !arg.startsWith('-')) ?? 'REPLY'] = decodeUtf8(line ?? '').replace(/\n$/, '');
        this.status = line === undefined ? 1 : 0;
        return true;
      }
      default:
        return false;
    }
  }

  private fail(task: Process, text: string): undefined {
    task.err(encodeUtf8(`${this.positional[0] ?? 'sh'}: ${text}\n`));
    this.status = 1;
    return undefined;
  }

  private *redirected(redirects: readonly Redirect[], outer: Process): Generator<Wait, (Process & { finish(): void }) | undefined, void> {
    let { input, out, err } = outer;
    const written = new Map<string, { content: string }>();
    const { files } = outer.machine;
    for (const { fd, operator, target } of redirects) {
      const name = yield* this.expandOne(target, outer);
      if (operator === '>&') {
        if (fd === 2 && name === '1') err = out;
        else if (fd === 1 && name === '2') out = err;
        continue;
      }
      const path = resolvePath(outer.cwd, name);
      if (operator === '<') {
        const read = files.read(path);
        if (typeof read === 'string')
          return this.fail(outer, `can't open ${name}: ${read.toLowerCase().replace('no such file or directory', 'no such file')}`);
        input = new Input(read.content, true);
        continue;
      }
      const former = operator === '>>' ? files.read(path) : { content: '' };
      const file = { content: typeof former === 'string' ? '' : former.content };
      const problem = files.write(path, file.content);
      if (problem !== undefined) return this.fail(outer, `can't create ${name}: ${problem}`);
      written.set(path, file);
      const sink = (bytes: string): void => void (file.content += bytes);
      if (fd === 2) err = sink;
      else out = sink;
    }
    const finish = (): void => {
      for (const [path, { content }] of written) files.write(path, content);
    };
    return { ...outer, input, out, err, finish };
  }

  private *expandAll(words: readonly Word[], task: Process): Generator<Wait, readonly string[], void> {
    const all: string[] = [];
    for (const word of words) all.push(...(yield* this.expand(word, task)));
    return all;
  }

  private *expandOne(word: Word, task: Process): Generator<Wait, string, void> {
    let text = '';
    for (const part of word) text += yield* this.part(part, task);
    return text;
  }

  /** A word as the words that it becomes: what is not quoted is split at blanks, and matched with file names. */
  private *expand(word: Word, task: Process): Generator<Wait, readonly string[], void> {
    const fields: string[] = [''];
    let quotedAny = false;
    let pattern = false;
    for (const part of word) {
      const text = yield* this.part(part, task);
      quotedAny ||= part.quoted;
      if (part.kind === 'text' || part.quoted) {
        fields[fields.length - 1] += text;
        pattern ||= part.kind === 'text' && !part.quoted && /[*?]/.test(text);
        continue;
      }
      const [first = '', ...rest] = text.split(/[ \t\n]+/);
      fields[fields.length - 1] += first;
      fields.push(...rest);
    }
    const kept = fields.filter((field, index) => field !== '' || (quotedAny && index === 0));
    return pattern ? kept.flatMap((field) => glob(task, field)) : kept;
  }

  private *part(part: Part, task: Process): Generator<Wait, string, void> {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'variable':
        return this.variable(part, task);
      case 'arithmetic':
        return String(evaluate(part.expression, (name) => task.env[name] ?? ''));
      case 'command': {
        let output = '';
        const inner = new Shell({ ...task, env: { ...task.env }, out: (bytes) => void (output += bytes) }, this.positional);
        this.status = yield* inner.script(part.script);
        return decodeUtf8(output).replace(/\n+$/, '');
      }
    }
  }

  private variable({ name, operator, operand = '' }: Extract<Part, { kind: 'variable' }>, { env }: Process): string {
    const value = this.lookUp(name, env);
    if (operator === '#') return String((value ?? '').length);
    if (operator === ':+') return (value ?? '') === '' ? '' : operand;
    if (operator === ':-') return (value ?? '') === '' ? operand : (value ?? '');
    return value ?? (operator === '-' ? operand : '');
  }

  private lookUp(name: string, env: Readonly<Record<string, string>>): string | undefined {
    if (name === '?') return String(this.status);
    if (name === '$') return '1';
    if (name === '#') return String(this.positional.length - 1);
    if (name === '@' || name === '*') return this.positional.slice(1).join(' ');
    return /^\d$/.test(name) ? this.positional[Number(name)] : env[name];
  }
}

/** Runs a program that is found by name, as a child of a shell. */
export function* runCommand(task: Process, name: string, args: readonly string[], shell: string): Execution {
  const command = task.machine.commands.get(name.startsWith('/') ? (name.split('/').at(-1) ?? name) : name);
  if (command === undefined) {
    task.err(encodeUtf8(`${shell}: ${name}: not found\n`));
    return 127;
  }
  const result = command(task, args);
  return typeof result === 'number' ? result : yield* result;
}

function glob({ machine, cwd }: Process, pattern: string): readonly string[] {
  const slash = pattern.lastIndexOf('/');
  const directory = slash < 0 ? '' : pattern.slice(0, slash + 1);
  const expression = new RegExp(
    `^${pattern
      .slice(slash + 1)
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  const names = machine.files.list(resolvePath(cwd, directory === '' ? '.' : directory)) ?? [];
  const found = names.filter((name) => expression.test(name) && (!name.startsWith('.') || pattern.slice(slash + 1).startsWith('.')));
  return found.length === 0 ? [pattern] : found.map((name) => `${directory}${name}`);
}
