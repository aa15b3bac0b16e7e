/** What stands between the words of a script: blanks, operators, redirects, here-documents. */
import { Reader } from './reader.ts';
import type { Redirect, Word } from './syntax.ts';

const OPERATOR = /&&|\|\||;;&|;;|;&|;|\|&|\||&|\n|\(|\)/y;
const REDIRECT = /(\d*)(&>>?|<<<|<<-?|>>|>\||>&|<&|<>|>|<)/y;
const LITERAL = /[^\s;&|<>()'"$`\\]+(?=[\s;&|<>()]|$)/y;

interface HereDocument {
  readonly redirect: { target: Word };
  readonly delimiter: string;
  readonly strip: boolean;
  readonly literal: boolean;
}

export class Lexer extends Reader {
  protected usesBash = false;
  private documents: HereDocument[] = [];

  protected redirect(): Redirect | undefined {
    REDIRECT.lastIndex = this.at;
    const found = REDIRECT.exec(this.text);
    if (found === null) return undefined;
    const [whole, digits = '', symbol = ''] = found;
    this.at += whole.length;
    this.blanks();
    const fd = digits === '' ? (symbol.startsWith('<') ? 0 : 1) : Number(digits);
    if (symbol === '<<' || symbol === '<<-') {
      const start = this.at;
      const delimiter = this.word();
      const literal = /['"\\]/.test(this.text.slice(start, this.at));
      const redirect = { fd, operator: '<<' as const, target: [] as Word };
      const text = delimiter.map((part) => (part.kind === 'text' ? part.text : '')).join('');
      this.documents.push({ redirect, delimiter: text, strip: symbol === '<<-', literal });
      return redirect;
    }
    if (symbol === '<' && this.text.startsWith('<(', this.at)) {
      this.usesBash = true;
      this.at++;
      return { fd, operator: '<(', target: [{ kind: 'text', text: this.bracketed(), quoted: true }] };
    }
    const target = this.word();
    if (target.length === 0) this.unexpected();
    return { fd, operator: (symbol === '&>>' ? '&>' : symbol) as Redirect['operator'], target };
  }

  /** Behind the end of a line: the texts of the here-documents that began in it. */
  protected readDocuments(): void {
    for (const { redirect, delimiter, strip, literal } of this.documents) {
      let body = '';
      for (;;) {
        const end = this.text.indexOf('\n', this.at);
        const line = this.text.slice(this.at, end < 0 ? this.text.length : end);
        const shown = strip ? line.replace(/^\t+/, '') : line;
        this.at = end < 0 ? this.text.length : end + 1;
        if (shown === delimiter) break;
        body += `${shown}\n`;
        if (end < 0) break;
      }
      redirect.target = literal ? [{ kind: 'text', text: body, quoted: true }] : document(body);
    }
    this.documents = [];
  }

  protected blanks(): void {
    for (;;) {
      const char = this.text[this.at];
      if (char === ' ' || char === '\t' || char === '\r') this.at++;
      else if (this.text.startsWith('\\\n', this.at)) this.at += 2;
      else if (char === '#') while (!this.ended && this.text[this.at] !== '\n') this.at++;
      else return;
    }
  }

  /** Blanks, ends of lines and semicolons. @param linesOnly no semicolons */
  protected separators(linesOnly = false): void {
    for (;;) {
      this.blanks();
      const char = this.text[this.at];
      if (char === '\n') {
        this.at++;
        this.readDocuments();
      } else if (char === ';' && !linesOnly && this.text[this.at + 1] !== ';' && this.text[this.at + 1] !== '&') this.at++;
      else return;
    }
  }

  protected operator(): string | undefined {
    this.blanks();
    OPERATOR.lastIndex = this.at;
    return OPERATOR.exec(this.text)?.[0];
  }

  /** The word that follows, if nothing in it is quoted or expanded. */
  protected literal(): string | undefined {
    this.blanks();
    LITERAL.lastIndex = this.at;
    return LITERAL.exec(this.text)?.[0];
  }

  protected take(word: string): void {
    this.blanks();
    this.at += word.length;
    this.blanks();
  }

  protected keyword(word: string): void {
    this.separators();
    if (this.literal() === word) this.at += word.length;
    else if (this.ended) this.fail(`syntax error: unexpected end of file (expecting "${word}")`);
    else this.unexpected(word);
  }

  protected expect(operator: string): void {
    this.separators();
    if (this.text.startsWith(operator, this.at)) this.at += operator.length;
    else if (this.ended) this.fail(`syntax error: unexpected end of file (expecting "${operator}")`);
    else this.unexpected(operator);
  }

  protected unexpected(expected?: string): void {
    const operator = this.operator();
    const found = this.ended ? 'end of file' : operator === '\n' ? 'newline' : (operator ?? this.literal() ?? 'word');
    const shown = this.ended || operator === '\n' || found === 'word' ? found : `"${found}"`;
    this.fail(`syntax error: unexpected ${shown}${expected === undefined ? '' : ` (expecting "${expected}")`}`);
  }
}

/** A here-document expands variables and commands, and quotes mean nothing in it. */
function document(body: string): Word {
  const reader = new Reader(body.replaceAll('"', '\\"'));
  return reader.parts(() => false, true);
}
