/**
 * Reads scripts of the POSIX shell: lists, pipelines, redirections, expansions, `if`, `while`, `until` and `for`.
 * Invariant: never throws; what it does not know is a syntax error. Counterpart: /bin/sh.
 */
import type { Node, Redirect, Word } from './syntax.ts';
import { tokenize, type Token } from './tokens.ts';

/** @returns the script, or the text of the syntax error */
export function parseScript(script: string): Node | string {
  const tokens = tokenize(script);
  if (typeof tokens === 'string') return tokens;
  const parser = new Parser(tokens);
  const node = parser.list([]);
  return parser.problem ?? node;
}

const MAX_DEPTH = 100;

class Parser {
  problem: string | undefined;
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  list(ends: readonly string[]): Node {
    const items: { node: Node; operator: ';' | '&&' | '||' }[] = [];
    let operator: ';' | '&&' | '||' = ';';
    if (this.depth++ > MAX_DEPTH) this.fail('script nested too deeply');
    for (;;) {
      while (this.isOperator(';', '\n', '&')) this.at++;
      const token = this.tokens[this.at];
      if (this.problem !== undefined || token === undefined || this.isWord(...ends)) break;
      items.push({ node: this.pipeline(), operator });
      operator = ';';
      if (this.isOperator('&&', '||')) {
        operator = this.text() as '&&' | '||';
        this.at++;
      } else if (this.tokens[this.at] !== undefined && !this.isOperator(';', '\n', '&') && !this.isWord(...ends)) this.unexpected();
    }
    this.depth--;
    if (ends.length > 0 && this.tokens[this.at] === undefined)
      this.fail(`syntax error: unexpected end of file (expecting "${ends[0] ?? ''}")`);
    return { kind: 'list', items };
  }

  private pipeline(): Node {
    const negated = this.isWord('!');
    if (negated) this.at++;
    const commands = [this.command()];
    while (this.isOperator('|') && this.problem === undefined) {
      this.at++;
      commands.push(this.command());
    }
    const [only] = commands;
    return commands.length === 1 && !negated && only !== undefined ? only : { kind: 'pipeline', commands, negated };
  }

  private command(): Node {
    while (this.isOperator('\n')) this.at++;
    if (this.isWord('if')) return this.conditional();
    if (this.isWord('while', 'until')) return this.loop();
    if (this.isWord('for')) return this.forLoop();
    if (this.isWord('{')) {
      this.at++;
      const body = this.list(['}']);
      this.at++;
      return body;
    }
    return this.simple();
  }

  private conditional(): Node {
    const clauses: { condition: Node; body: Node }[] = [];
    do {
      this.at++;
      const condition = this.list(['then']);
      this.at++;
      clauses.push({ condition, body: this.list(['fi', 'elif', 'else']) });
    } while (this.isWord('elif') && this.problem === undefined);
    let otherwise: Node | undefined;
    if (this.isWord('else')) {
      this.at++;
      otherwise = this.list(['fi']);
    }
    this.at++;
    return { kind: 'if', clauses, ...(otherwise === undefined ? {} : { otherwise }) };
  }

  private loop(): Node {
    const until = this.isWord('until');
    this.at++;
    const condition = this.list(['do']);
    this.at++;
    const body = this.list(['done']);
    this.at++;
    return { kind: 'loop', until, condition, body };
  }

  private forLoop(): Node {
    this.at++;
    const name = this.plain() ?? '';
    this.at++;
    const words: Word[] = [];
    if (this.isWord('in')) {
      this.at++;
      for (let token = this.tokens[this.at]; token?.kind === 'word'; token = this.tokens[++this.at]) words.push(token.word);
    }
    while (this.isOperator(';', '\n')) this.at++;
    if (!this.isWord('do')) this.unexpected();
    this.at++;
    const body = this.list(['done']);
    this.at++;
    return { kind: 'for', name, words, body };
  }

  private simple(): Node {
    const assignments: (readonly [string, Word])[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (let token = this.tokens[this.at]; token !== undefined && token.kind !== 'operator'; token = this.tokens[this.at]) {
      this.at++;
      if (token.kind === 'redirect') {
        const target = this.tokens[this.at++];
        if (target?.kind !== 'word') this.unexpected();
        else redirects.push({ fd: token.fd, operator: token.operator, target: target.word });
        continue;
      }
      const assignment = words.length === 0 ? assignmentOf(token.word) : undefined;
      if (assignment === undefined) words.push(token.word);
      else assignments.push(assignment);
    }
    if (words.length === 0 && assignments.length === 0 && redirects.length === 0) this.unexpected();
    return { kind: 'simple', assignments, words, redirects };
  }

  private isOperator(...texts: readonly string[]): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'operator' && texts.includes(token.text);
  }

  private isWord(...texts: readonly string[]): boolean {
    const plain = this.plain();
    return plain !== undefined && texts.includes(plain);
  }

  private plain(): string | undefined {
    const token = this.tokens[this.at];
    return token?.kind === 'word' ? token.plain : undefined;
  }

  private text(): string {
    const token = this.tokens[this.at];
    if (token === undefined) return 'end of file';
    if (token.kind === 'operator') return token.text === '\n' ? 'newline' : token.text;
    return token.kind === 'word' ? (token.plain ?? 'word') : token.operator;
  }

  private unexpected(): void {
    this.fail(`syntax error: unexpected "${this.text()}"`);
    this.at = this.tokens.length;
  }

  private fail(text: string): void {
    this.problem ??= text;
  }
}

function assignmentOf(word: Word): readonly [string, Word] | undefined {
  const [first, ...rest] = word;
  if (first?.kind !== 'text' || first.quoted) return undefined;
  const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(first.text);
  return match === null ? undefined : [match[1] ?? '', [{ ...first, text: match[2] ?? '' }, ...rest]];
}
