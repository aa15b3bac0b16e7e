/**
 * Variables and quotes in the arguments of instructions.
 * Invariant: never throws; what is wrong is a value in BuildKit's words.
 * Counterpart: frontend/dockerfile/shell/lex.go of github.com/moby/buildkit.
 */
import { expressionOf } from '../pattern.ts';

export type Variables = (name: string) => string | undefined;

export interface ExpandError {
  readonly error: string;
}

/** One text, its quotes taken away. */
export function expandText(text: string, variables: Variables, escape = '\\'): string | ExpandError {
  const result = new Lexer(text, variables, escape, false).run();
  return typeof result === 'string' ? result : 'error' in result ? result : result.join(' ');
}

/** Words, apart by blanks outside of quotes; those of an unquoted variable are words of their own. */
export function expandWords(text: string, variables: Variables, escape = '\\'): readonly string[] | ExpandError {
  const result = new Lexer(text, variables, escape, true).run();
  return typeof result === 'string' ? [result] : result;
}

/** A text without quotes, as in a here-document: only variables are replaced. */
export function expandPlain(text: string, variables: Variables): string {
  return text.replaceAll(
    /\\([$\\`])|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::-([^}]*))?\})/g,
    (_, escaped: string | undefined, bare: string | undefined, braced: string | undefined, fallback: string | undefined) =>
      escaped ?? (variables(bare ?? braced ?? '') || (fallback ?? '')),
  );
}

class Lexer {
  private readonly text: string;
  private readonly variables: Variables;
  private readonly escape: string;
  private readonly splits: boolean;
  private readonly words: string[] = [];
  private word = '';
  private open = false;
  private at = 0;
  private error: string | undefined;

  constructor(text: string, variables: Variables, escape: string, splits: boolean) {
    this.text = text;
    this.variables = variables;
    this.escape = escape;
    this.splits = splits;
  }

  run(): string | readonly string[] | ExpandError {
    while (this.at < this.text.length && this.error === undefined) this.step(this.text.charAt(this.at));
    if (this.error !== undefined) return { error: `failed to process "${this.text}": ${this.error}` };
    if (!this.splits) return this.word;
    this.end();
    return this.words;
  }

  private step(char: string): void {
    if (char === "'") this.single();
    else if (char === '"') this.double();
    else if (char === '$') this.unquoted(this.dollar());
    else if (char === this.escape && this.at + 1 < this.text.length) {
      this.add(this.text.charAt(this.at + 1));
      this.at += 2;
    } else {
      this.at++;
      if (this.splits && /\s/.test(char)) this.end();
      else this.add(char);
    }
  }

  private single(): void {
    const close = this.text.indexOf("'", this.at + 1);
    if (close < 0) this.error = 'unexpected end of statement while looking for matching single-quote';
    else this.add(this.text.slice(this.at + 1, close));
    this.at = close + 1;
  }

  private double(): void {
    this.at++;
    this.add('');
    for (;;) {
      if (this.at >= this.text.length) {
        this.error = 'unexpected end of statement while looking for matching double-quote';
        return;
      }
      const char = this.text.charAt(this.at);
      const next = this.text.charAt(this.at + 1);
      if (char === '"') break;
      if (char === '$') this.add(this.dollar());
      else if (char === this.escape && (next === '"' || next === '$' || next === this.escape)) {
        this.add(next);
        this.at += 2;
      } else {
        this.add(char);
        this.at++;
      }
    }
    this.at++;
  }

  /** A variable outside of quotes: its blanks part words. */
  private unquoted(value: string): void {
    if (!this.splits) return this.add(value);
    const [first = '', ...rest] = value.split(/\s+/);
    if (first !== '') this.add(first);
    for (const part of rest) {
      this.end();
      if (part !== '') this.add(part);
    }
  }

  /** Reads `$NAME` or `${NAME…}` and returns what it stands for. */
  private dollar(): string {
    if (this.text.charAt(this.at + 1) !== '{') {
      const [name = ''] = /^(?:[A-Za-z_]\w*|\d|[@*#])/.exec(this.text.slice(this.at + 1)) ?? [];
      this.at += 1 + name.length;
      return name === '' ? '$' : (this.variables(name) ?? '');
    }
    const close = closingBrace(this.text, this.at + 2);
    if (close < 0) {
      this.error = 'syntax error: missing }';
      return '';
    }
    const body = this.text.slice(this.at + 2, close);
    this.at = close + 1;
    return this.substitution(body);
  }

  private substitution(body: string): string {
    const [, name, rest = ''] = /^([A-Za-z_]\w*|\d+)([\s\S]*)$/.exec(body) ?? [];
    if (name === undefined) return this.fail(body === '' ? 'syntax error: empty variable name in substitution' : 'bad substitution');
    const value = this.variables(name);
    if (rest === '') return value ?? '';
    const [, colon = '', operator = '', word = ''] = /^(:?)([-+?]|##?|%%?|\/\/?)([\s\S]*)$/.exec(rest) ?? [];
    const isSet = colon === ':' ? (value ?? '') !== '' : value !== undefined;
    switch (operator) {
      case '-':
        return isSet ? (value ?? '') : this.nested(word);
      case '+':
        return isSet ? this.nested(word) : '';
      case '?':
        if (isSet) return value ?? '';
        return this.fail(`${name}: ${word === '' ? 'not allowed to be unset' : this.nested(word)}`);
      case '#':
      case '##':
      case '%':
      case '%%':
        return trimmed(value ?? '', this.nested(word), operator);
      case '/':
      case '//': {
        const [pattern = '', replacement = ''] = word.split('/');
        const expression = expressionOf(globSource(this.nested(pattern), true), operator === '//' ? 'g' : '');
        return pattern === '' ? (value ?? '') : (value ?? '').replace(expression, () => this.nested(replacement));
      }
      default:
        return this.fail(`unsupported modifier (${rest.slice(0, rest.startsWith(':') ? 2 : 1)}) in substitution`);
    }
  }

  private nested(text: string): string {
    const result = expandText(text, this.variables, this.escape);
    return typeof result === 'string' ? result : this.fail(result.error);
  }

  private fail(error: string): string {
    this.error ??= error;
    return '';
  }

  private add(text: string): void {
    this.word += text;
    this.open = true;
  }

  private end(): void {
    if (this.open) this.words.push(this.word);
    this.word = '';
    this.open = false;
  }
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) depth++;
    else if (text.charAt(at) === '}' && --depth === 0) return at;
  }
  return -1;
}

/** The shortest (`#`, `%`) or longest (`##`, `%%`) beginning or end that fits the pattern is cut off. */
function trimmed(value: string, pattern: string, operator: string): string {
  const longest = operator.length === 2;
  const atStart = operator.startsWith('#');
  const fits = expressionOf(`^${globSource(pattern, true)}$`, 's');
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length);
  for (const length of longest ? lengths.toReversed() : lengths) {
    const piece = atStart ? value.slice(0, length) : value.slice(value.length - length);
    if (fits.test(piece)) return atStart ? value.slice(length) : value.slice(0, value.length - length);
  }
  return value;
}

/** A pattern of a shell as a regular expression. @param slashes whether `*` and `?` stand for slashes, too */
export function globSource(pattern: string, slashes: boolean): string {
  const any = slashes ? '[\\s\\S]' : '[^/]';
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    const close = char === '[' ? pattern.indexOf(']', at + 2) : -1;
    if (char === '*') source += `${any}*`;
    else if (char === '?') source += any;
    else if (char === '\\' && at + 1 < pattern.length) source += quoteMeta(pattern.charAt(++at));
    else if (close > 0) {
      source += `[${pattern
        .slice(at + 1, close)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')}]`;
      at = close;
    } else source += quoteMeta(char);
  }
  return source;
}

function quoteMeta(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
