/**
 * Turns the words of a script into texts: variables, command substitutions, arithmetic, fields, file names.
 * Invariant: never waits. Where the output of a command is needed, `need` names it; whoever expands runs the command, adds its
 * output to the memo and expands anew. What has an effect is taken from the memo too, so that nothing happens twice.
 */
import type { FileSystem } from '../files/fileSystem.ts';
import { resolvePath } from '../files/fileSystem.ts';
import { evaluate } from './arithmetic.ts';
import { element, elements, indices } from './arrays.ts';
import { applyOperator } from './parameters.ts';
import { isPattern, literalPattern, matches, unescapePattern } from './pattern.ts';
import { getVariable, setVariable } from './variables.ts';
import type { ShellState } from './state.ts';
import type { Part, Word } from './syntax.ts';

export interface Surroundings {
  readonly shell: ShellState;
  readonly files: () => FileSystem;
  readonly cwd: string;
  /** Special variables such as `$$` that the shell itself does not know. */
  readonly special: (name: string) => string | undefined;
}

type Variable = Extract<Part, { kind: 'variable' }>;

interface Field {
  text: string;
  /** The same with what is quoted escaped. */
  pattern: string;
  quoted: boolean;
}

export class Expansion {
  /** A script whose output is needed. */
  need: string | undefined;
  problem: string | undefined;
  private readonly around: Surroundings;
  private readonly memo: string[];
  private at = 0;

  constructor(around: Surroundings, memo: string[]) {
    this.around = around;
    this.memo = memo;
  }

  get stopped(): boolean {
    return this.need !== undefined || this.problem !== undefined;
  }

  words(words: readonly Word[]): readonly string[] {
    const all: string[] = [];
    for (const word of words) {
      if (this.stopped) return all;
      for (const braced of this.around.shell.options.includes('B') ? braces(word) : [word])
        all.push(...this.fields(braced).flatMap((field) => this.names(field)));
    }
    return all;
  }

  /** Without fields and file names. */
  text(word: Word): string {
    return this.fields(word, false)
      .map((field) => field.text)
      .join(' ');
  }

  /** What is quoted stands for itself. */
  pattern(word: Word): string {
    return this.textAndPattern(word).pattern;
  }

  textAndPattern(word: Word): { readonly text: string; readonly pattern: string } {
    const fields = this.fields(word, false);
    return { text: fields.map((field) => field.text).join(' '), pattern: fields.map((field) => field.pattern).join(' ') };
  }

  private fields(word: Word, splits = true): readonly Field[] {
    const fields: Field[] = [];
    let current: Field | undefined;
    const append = (text: string, quoted: boolean): void => {
      if (current === undefined) fields.push((current = { text: '', pattern: '', quoted: false }));
      current.text += text;
      current.pattern += quoted ? literalPattern(text) : text;
      current.quoted ||= quoted;
    };
    const separate = (): void => void (current = undefined);
    for (const [index, part] of word.entries()) {
      if (this.stopped) return fields;
      const next = word[index + 1];
      const listed = part.kind === 'variable' ? this.listed(part) : undefined;
      if (listed !== undefined) {
        // `"$@"` is as many words as there are; the empty quotes before it add none.
        if (part.quoted && listed.length === 0 && fields.length === 1 && current?.text === '' && next === undefined) fields.length = 0;
        for (const [place, value] of listed.entries()) {
          if (place > 0) separate();
          if (part.quoted || !splits) append(value, true);
          else this.split(value, append, separate);
        }
        continue;
      }
      const text = this.part(part, index === 0 || !splits ? next : undefined);
      if (part.quoted || !splits || part.kind === 'text') append(text, part.quoted);
      else this.split(text, append, separate);
    }
    return fields;
  }

  private split(text: string, append: (text: string, quoted: boolean) => void, separate: () => void): void {
    const ifs = this.around.shell.vars['IFS'] ?? ' \t\n';
    if (ifs === '') return append(text, false);
    let piece = '';
    let begun = false;
    for (const char of text) {
      if (!ifs.includes(char)) {
        piece += char;
        begun = true;
        continue;
      }
      const blank = ' \t\n'.includes(char);
      // A comma between two commas makes an empty word, a blank between two blanks does not.
      if (begun) append(piece, false);
      else if (!blank) append('', true);
      separate();
      piece = '';
      begun = false;
    }
    if (begun) append(piece, false);
  }

  private part(part: Part, next: Part | undefined): string {
    switch (part.kind) {
      case 'text':
        return part.quoted ? part.text : this.tilde(part.text, next);
      case 'variable':
        return this.variable(part);
      case 'arithmetic':
        return this.arithmetic(this.text(part.expression));
      case 'command': {
        const known = this.memo[this.at++];
        if (known === undefined) this.need = part.script;
        return known ?? '';
      }
    }
  }

  /** The value of an expression; empty after a problem. */
  arithmetic(expression: string): string {
    const known = this.memo[this.at++];
    if (known !== undefined) return known;
    if (this.stopped) return '';
    const { shell } = this.around;
    const result = evaluate(expression, {
      get: (name) => this.value(name) ?? '',
      set: (name, value) => void setVariable(shell, name, value),
    });
    if ('problem' in result) {
      this.problem = `arithmetic: ${expression.trim()}: ${result.problem}`.replace(
        /^arithmetic: .*: (divide by zero|arithmetic syntax error|bad number)$/,
        '$1',
      );
      return '';
    }
    this.memo[this.at - 1] = String(result.value);
    return String(result.value);
  }

  private tilde(text: string, next: Part | undefined): string {
    if (!text.startsWith('~') || (text.length > 1 && text[1] !== '/') || (text === '~' && next !== undefined)) return text;
    return `${this.around.shell.vars['HOME'] ?? '/root'}${text.slice(1)}`;
  }

  /** What is as many words as it has members: `$@`, `$*`, and all of an array. */
  private listed(part: Variable): readonly string[] | undefined {
    const { name, quoted, operator, subscript } = part;
    const { shell } = this.around;
    const all = subscript === undefined ? name : wholeOf(subscript);
    if (all !== '@' && all !== '*') return undefined;
    if (operator === '!' && subscript !== undefined) return all === '*' && quoted ? undefined : indices(shell, name).map(String);
    const members = subscript === undefined ? shell.positional : elements(shell, name);
    const found = operator === undefined ? members : this.each(part, members);
    return found === undefined || all === '@' || !quoted ? found : [found.join((shell.vars['IFS'] ?? ' ').slice(0, 1))];
  }

  /** What an operator makes of each of several values, or which of them it takes. */
  private each({ name, operator, operand = [], second, subscript }: Variable, members: readonly string[]): readonly string[] | undefined {
    if (operator === ':') {
      const [from = 0, count] = [operand, ...(second === undefined ? [] : [second])].map((word) =>
        Number(this.arithmetic(this.text(word))),
      );
      // `${@:0}` begins with the name of the shell.
      const whole = subscript === undefined ? [this.around.shell.name, ...members] : members;
      const start = from < 0 ? Math.max(whole.length + from, 0) : from;
      return whole.slice(start, count === undefined ? undefined : start + Math.max(count, 0));
    }
    if (operator === undefined || !/^[#%/^,]/.test(operator)) return undefined;
    const pattern = this.pattern(operand);
    const by = second === undefined ? undefined : this.text(second);
    return members.map((member) => {
      const result = applyOperator(name, member, operator, pattern, by);
      return 'text' in result ? result.text : member;
    });
  }

  /** The value of an element, or of all of them in one text. */
  private subscripted(name: string, subscript: Word): string | undefined {
    const { shell } = this.around;
    if (wholeOf(subscript) !== undefined) return elements(shell, name).join((shell.vars['IFS'] ?? ' ').slice(0, 1));
    return element(shell, name, Number(this.arithmetic(this.text(subscript))));
  }

  private variable({ name, operator, operand, second, subscript }: Variable): string {
    const { shell } = this.around;
    if (operator === 'length' && subscript !== undefined && wholeOf(subscript) !== undefined) return String(indices(shell, name).length);
    const value = subscript === undefined ? this.value(name) : this.subscripted(name, subscript);
    if (operator === undefined) {
      if (value === undefined && shell.options.includes('u') && !'@*'.includes(name)) this.problem = `${name}: parameter not set`;
      return value ?? '';
    }
    if (operator === 'length' && '@*'.includes(name)) return String(shell.positional.length);
    if (operator === '!') return this.value(value ?? '') ?? '';
    const isPatternOperator = '#%/'.includes(operator[0] ?? ' ');
    const given = operand === undefined ? '' : isPatternOperator ? this.pattern(operand) : this.lazily(operator, value, operand);
    const other = second === undefined ? undefined : this.text(second);
    if (this.stopped) return '';
    const isSlice = operator === ':';
    const result = applyOperator(
      name,
      value,
      operator,
      isSlice ? this.arithmetic(given) : given,
      isSlice && other !== undefined ? this.arithmetic(other) : other,
    );
    if ('problem' in result) {
      this.problem = result.problem;
      return '';
    }
    if (result.assign === true) setVariable(shell, name, result.text);
    return result.text;
  }

  /** The word behind `:-` and its like is only expanded where it is used. */
  private lazily(operator: string, value: string | undefined, operand: Word): string {
    const isSet = operator.startsWith(':') ? (value ?? '') !== '' : value !== undefined;
    const used = operator.endsWith('+') ? isSet : !isSet;
    return used || operator === ':' ? this.text(operand) : '';
  }

  private value(name: string): string | undefined {
    return this.around.special(name) ?? getVariable(this.around.shell, name);
  }

  /** The files that a field names; the field itself if there are none. */
  private names({ text, pattern, quoted }: Field): readonly string[] {
    if (text === '' && !quoted) return [];
    if (this.around.shell.options.includes('f') || !isPattern(pattern)) return [text];
    const found = glob(this.around, pattern);
    return found.length === 0 ? [text] : found;
  }
}

/** Whether a subscript means the whole array. */
function wholeOf([first, ...rest]: Word): string | undefined {
  return rest.length === 0 && first?.kind === 'text' && (first.text === '@' || first.text === '*') ? first.text : undefined;
}

function glob({ files, cwd }: Surroundings, pattern: string): readonly string[] {
  let found = [pattern.startsWith('/') ? '/' : ''];
  for (const piece of pattern.split('/').filter((part) => part !== '')) {
    found = found.flatMap((before) => {
      const directory = resolvePath(cwd, before === '' ? '.' : before);
      const join = (name: string): string => `${before}${before === '' || before.endsWith('/') ? '' : '/'}${name}`;
      if (!isPattern(piece)) {
        const name = join(unescapePattern(piece));
        return files().stat(resolvePath(cwd, name)) === undefined ? [] : [name];
      }
      return (files().list(directory) ?? [])
        .filter((name) => (!name.startsWith('.') || piece.startsWith('.')) && matches(piece, name))
        .map(join);
    });
  }
  return found;
}

const MOST_WORDS = 10_000;

/** `a{1..3}b` and `{a,b}` of bash. */
function braces(word: Word): readonly Word[] {
  const index = word.findIndex((part) => part.kind === 'text' && !part.quoted && /\{[^{}]*(?:,|\.\.)[^{}]*\}/.test(part.text));
  const part = word[index];
  if (part?.kind !== 'text') return [word];
  const match = /\{([^{}]*)\}/.exec(part.text);
  if (match === null) return [word];
  const made: Word[] = [];
  for (const member of members(match[1] ?? '')) {
    if (made.length >= MOST_WORDS) break;
    const text = part.text.slice(0, match.index) + member + part.text.slice(match.index + match[0].length);
    made.push(...braces([...word.slice(0, index), { ...part, text }, ...word.slice(index + 1)]));
  }
  return made.slice(0, MOST_WORDS);
}

function members(inside: string): readonly string[] {
  const range = /^(-?\d+|[a-zA-Z])\.\.(-?\d+|[a-zA-Z])(?:\.\.(-?\d+))?$/.exec(inside);
  if (range === null) return inside.split(',');
  const [, first = '', last = '', step] = range;
  const numeric = /\d/.test(first);
  const [from, to] = numeric ? [Number(first), Number(last)] : [first.charCodeAt(0), last.charCodeAt(0)];
  const by = Math.max(Math.abs(Number(step ?? 1)), 1) * (from <= to ? 1 : -1);
  const all: string[] = [];
  for (let value = from; (by > 0 ? value <= to : value >= to) && all.length < 10_000; value += by)
    all.push(
      numeric ? String(value).padStart(first.startsWith('0') && first.length > 1 ? first.length : 0, '0') : String.fromCharCode(value),
    );
  return all;
}
