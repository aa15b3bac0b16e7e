/**
 * Reads the words of a shell script: quotes, `$NAME`, `${…}`, `$(…)`, `$((…))`, backquotes.
 * Invariant: never throws; the first problem stops the reading and is kept.
 */
import type { ParameterOperator, Part, Word } from './syntax.ts';

const MOST_NESTED = 40;
const NAME = /[A-Za-z_]\w*|[0-9@*#?$!-]/y;
const BRACED = /[A-Za-z_]\w*|\d+|[@*#?$!-]/y;
const OPERATORS: readonly ParameterOperator[] = [
  ':-', ':=', ':?', ':+', '-', '=', '?', '+', '##', '#', '%%', '%', '//', '/', ':', '^^', '^', ',,', ',',
]; // prettier-ignore

export class Reader {
  readonly text: string;
  at = 0;
  problem: string | undefined;
  private nesting: number;

  /** @param nesting how deep the text stands in another */
  constructor(text: string, nesting = 0) {
    this.text = text;
    this.nesting = nesting;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  fail(problem: string): void {
    this.problem ??= problem;
    this.at = this.text.length;
  }

  /** A word up to a blank or an operator. */
  word(): Word {
    return this.parts((char) => /[\s;&|<>()]/.test(char), false);
  }

  /** A regular expression behind `=~`: its brackets and bars belong to it. */
  expression(): Word {
    let open = 0;
    return this.parts((char) => {
      if (char === '(') open++;
      else if (char === ')') open--;
      return open < 0 || (open === 0 && /\s/.test(char));
    }, false);
  }

  /** Text up to a character, with what is expanded in it. @param quoted as between double quotes */
  parts(ends: (char: string) => boolean, quoted: boolean): Word {
    if (++this.nesting > MOST_NESTED) this.fail('syntax error: nested too deeply');
    const parts: Part[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') parts.push({ kind: 'text', text, quoted });
      text = '';
    };
    while (!this.ended) {
      const char = this.text[this.at] ?? '';
      if (ends(char)) break;
      if (char === '\\') {
        const next = this.text[this.at + 1];
        this.at += 2;
        if (next === '\n') continue;
        if (quoted) text += next !== undefined && '$`"\\'.includes(next) ? next : `\\${next ?? ''}`;
        else {
          flush();
          parts.push({ kind: 'text', text: next ?? '\\', quoted: true });
        }
      } else if (char === "'" && !quoted) {
        flush();
        const end = this.text.indexOf("'", this.at + 1);
        if (end < 0) this.fail('syntax error: unterminated quoted string');
        else {
          parts.push({ kind: 'text', text: this.text.slice(this.at + 1, end), quoted: true });
          this.at = end + 1;
        }
      } else if (char === '"') {
        flush();
        this.at++;
        const inner = this.parts((other) => other === '"', true);
        if (this.ended) this.fail('syntax error: unterminated quoted string');
        this.at++;
        parts.push({ kind: 'text', text: '', quoted: true }, ...inner);
      } else if (char === '$' && this.text[this.at + 1] === "'" && !quoted) {
        flush();
        parts.push(this.ansi());
      } else if (char === '$' || char === '`') {
        flush();
        parts.push(char === '`' ? this.backquoted(quoted) : this.expansion(quoted));
      } else {
        text += char;
        this.at++;
      }
    }
    flush();
    this.nesting--;
    return parts;
  }

  /** `$'a\tb'` */
  private ansi(): Part {
    const letters: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', e: '\u001b', '0': '\0', a: '\u0007' };
    const match = /\$'((?:[^'\\]|\\[^])*)'/y;
    match.lastIndex = this.at;
    const found = match.exec(this.text);
    if (found === null) this.fail('syntax error: unterminated quoted string');
    this.at += found?.[0].length ?? 0;
    return {
      kind: 'text',
      quoted: true,
      text: (found?.[1] ?? '').replaceAll(
        /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|([^]))/g,
        (_, hex?: string, code?: string, letter = '') => {
          const number = hex ?? code;
          return number === undefined ? (letters[letter] ?? letter) : String.fromCharCode(Number.parseInt(number, 16));
        },
      ),
    };
  }

  private backquoted(quoted: boolean): Part {
    let script = '';
    for (this.at++; !this.ended && this.text[this.at] !== '`'; this.at++) {
      if (this.text[this.at] === '\\' && '$`\\'.includes(this.text[this.at + 1] ?? ' ')) this.at++;
      script += this.text[this.at] ?? '';
    }
    if (this.ended) this.fail('syntax error: EOF in backquote substitution');
    this.at++;
    return { kind: 'command', script, quoted };
  }

  private expansion(quoted: boolean): Part {
    if (this.text.startsWith('$((', this.at)) {
      const end = this.closing(this.at + 1);
      if (end > 0 && this.text[end - 1] === ')') {
        const inner = new Reader(this.text.slice(this.at + 3, end - 1), this.nesting);
        const expression = inner.parts(() => false, true);
        if (inner.problem !== undefined) this.fail(inner.problem);
        this.at = end + 1;
        return { kind: 'arithmetic', expression, quoted };
      }
    }
    if (this.text[this.at + 1] === '(') {
      this.at++;
      return { kind: 'command', script: this.bracketed(), quoted };
    }
    if (this.text[this.at + 1] === '{') return this.braced(quoted);
    NAME.lastIndex = this.at + 1;
    const name = NAME.exec(this.text)?.[0];
    this.at += 1 + (name?.length ?? 0);
    return name === undefined ? { kind: 'text', text: '$', quoted } : { kind: 'variable', name, quoted };
  }

  /** The script between the brackets that begin here. */
  protected bracketed(): string {
    const start = this.at + 1;
    const end = this.closing(this.at);
    if (end < 0) this.fail('syntax error: unexpected end of file (expecting ")")');
    else this.at = end + 1;
    return this.text.slice(start, Math.max(end, start));
  }

  private braced(quoted: boolean): Part {
    this.at += 2;
    const before = this.text[this.at];
    let operator: ParameterOperator | undefined;
    if ((before === '#' || before === '!') && this.text[this.at + 1] !== '}' && /[\w@*]/.test(this.text[this.at + 1] ?? '')) {
      operator = before === '#' ? 'length' : '!';
      this.at++;
    }
    BRACED.lastIndex = this.at;
    const name = BRACED.exec(this.text)?.[0] ?? '';
    this.at += name.length;
    let subscript: Word | undefined;
    if (this.text[this.at] === '[' && /^[A-Za-z_]/.test(name)) {
      this.at++;
      subscript = this.parts((char) => char === ']', false);
      this.at++;
    }
    operator ??= OPERATORS.find((candidate) => this.text.startsWith(candidate, this.at));
    const closes = (char: string): boolean => char === '}';
    let operand: Word | undefined;
    let second: Word | undefined;
    if (operator !== undefined && operator !== 'length' && operator !== '!') {
      this.at += operator.length;
      const parted = operator === '/' || operator === '//' ? '/' : operator === ':' ? ':' : undefined;
      const unquoted = quoted && !/^[:=?+-]/.test(operator);
      operand = this.parts((char) => closes(char) || char === parted, quoted && !unquoted);
      if (parted !== undefined && this.text[this.at] === parted) {
        this.at++;
        second = this.parts(closes, quoted && !unquoted);
      }
    }
    if (name === '' || this.text[this.at] !== '}') this.fail('syntax error: bad substitution');
    this.at++;
    const part = { kind: 'variable', name, quoted, ...(subscript === undefined ? {} : { subscript }) } as const;
    if (operator === undefined) return part;
    return { ...part, operator, ...(operand === undefined ? {} : { operand }), ...(second === undefined ? {} : { second }) };
  }

  /** The place of the bracket that closes the one at `open`; -1 if none does. */
  private closing(open: number, level = 0): number {
    if (level > MOST_NESTED) return -1;
    let depth = 0;
    for (let at = open; at < this.text.length; at++) {
      const char = this.text[at] ?? '';
      if (char === '\\') at++;
      else if (char === "'") {
        at = this.text.indexOf("'", at + 1);
        if (at < 0) return -1;
      } else if (char === '"') at = this.skipDouble(at, level);
      else if (char === '(') depth++;
      else if (char === ')' && --depth === 0) return at;
    }
    return -1;
  }

  private skipDouble(open: number, level: number): number {
    let at = open + 1;
    for (; at < this.text.length && this.text[at] !== '"'; at++) {
      if (this.text[at] === '\\') at++;
      else if (this.text.startsWith('$(', at)) {
        const end = this.closing(at + 1, level + 1);
        if (end < 0) return this.text.length;
        at = end;
      }
    }
    return at;
  }
}
