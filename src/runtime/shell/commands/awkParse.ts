/** Reads programs of awk. Counterpart: the grammar of POSIX awk, without functions of one's own and redirections. */
export type AwkExpression =
  | { readonly e: 'text'; readonly text: string }
  | { readonly e: 'pattern'; readonly source: string }
  | { readonly e: 'variable'; readonly name: string; readonly index?: readonly AwkExpression[] }
  | { readonly e: 'field'; readonly number: AwkExpression }
  | { readonly e: 'unary'; readonly operator: string; readonly of: AwkExpression }
  | { readonly e: 'binary'; readonly operator: string; readonly left: AwkExpression; readonly right: AwkExpression }
  | { readonly e: 'choice'; readonly condition: AwkExpression; readonly yes: AwkExpression; readonly no: AwkExpression }
  | {
      readonly e: 'assign';
      readonly operator: string;
      readonly target: AwkExpression;
      readonly value: AwkExpression;
      readonly after: boolean;
    }
  | { readonly e: 'call'; readonly name: string; readonly args: readonly AwkExpression[] };

export type AwkStatement =
  | { readonly s: 'print' | 'printf'; readonly args: readonly AwkExpression[] }
  | { readonly s: 'expression'; readonly of: AwkExpression }
  | { readonly s: 'block'; readonly body: readonly AwkStatement[] }
  | { readonly s: 'if'; readonly condition: AwkExpression; readonly yes: AwkStatement; readonly no?: AwkStatement }
  | { readonly s: 'while'; readonly condition: AwkExpression; readonly body: AwkStatement; readonly next?: AwkStatement }
  | { readonly s: 'in'; readonly name: string; readonly array: string; readonly body: AwkStatement }
  | { readonly s: 'next' | 'break' | 'continue' }
  | { readonly s: 'exit'; readonly code?: AwkExpression };

export interface AwkRule {
  readonly when: 'BEGIN' | 'END' | 'line';
  readonly pattern?: AwkExpression;
  /** Without one, the line is printed. */
  readonly body?: AwkStatement;
}

export interface AwkProgram {
  readonly rules: readonly AwkRule[];
}

const TOKEN =
  /[ \t\r]*(?:\\\n[ \t]*)*(?:(#[^\n]*)|("(?:[^"\\]|\\.)*")|(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)|([A-Za-z_]\w*)|(\+\+|--|&&|\|\||[-+*/%^=!<>]=|!~|[-+*/%^=!<>~?:(),;{}[\]$\n]))/y;
const BINARY: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['in'],
  ['~', '!~'],
  ['<', '<=', '==', '!=', '>', '>='],
  [' '],
  ['+', '-'],
  ['*', '/', '%'],
];

/** @returns the program, or what is wrong with it */
export function parseAwk(text: string): AwkProgram | string {
  const parser = new AwkParser(text);
  const rules = parser.rules();
  return parser.problem ?? { rules };
}

class AwkParser {
  problem: string | undefined;
  private readonly text: string;
  private at = 0;
  private depth = 0;
  private token = '';
  private kind: 'text' | 'number' | 'name' | 'operator' | 'end' = 'end';

  constructor(text: string) {
    this.text = text;
    this.advance();
  }

  rules(): readonly AwkRule[] {
    const rules: AwkRule[] = [];
    for (this.blank(); this.kind !== 'end' && this.problem === undefined; this.blank()) {
      if (this.token === 'BEGIN' || this.token === 'END') {
        const when = this.token;
        this.advance();
        rules.push({ when, body: this.block() });
        continue;
      }
      const pattern = this.token === '{' ? undefined : this.expression();
      const body = this.token === '{' ? this.block() : undefined;
      rules.push({ when: 'line', ...(pattern === undefined ? {} : { pattern }), ...(body === undefined ? {} : { body }) });
    }
    return rules;
  }

  private block(): AwkStatement {
    this.expect('{');
    const body: AwkStatement[] = [];
    for (this.blank(); this.token !== '}' && this.kind !== 'end' && this.problem === undefined; this.blank()) body.push(this.statement());
    this.expect('}');
    return { s: 'block', body };
  }

  private statement(): AwkStatement {
    if (++this.depth > MOST_NESTED) this.fail(this.token);
    const made = this.oneStatement();
    this.depth--;
    return made;
  }

  private oneStatement(): AwkStatement {
    if (this.token === '{' && this.kind === 'operator') return this.block();
    const word = this.kind === 'name' ? this.token : '';
    switch (word) {
      case 'print':
      case 'printf': {
        this.advance();
        const args: AwkExpression[] = [];
        while (!this.ends()) {
          args.push(this.expression());
          if (this.token !== ',') break;
          this.advance();
        }
        return { s: word, args };
      }
      case 'if': {
        this.advance();
        const condition = this.bracketed();
        const yes = this.body();
        this.blank();
        if (this.token !== 'else') return { s: 'if', condition, yes };
        this.advance();
        return { s: 'if', condition, yes, no: this.body() };
      }
      case 'while':
        this.advance();
        return { s: 'while', condition: this.bracketed(), body: this.body() };
      case 'for':
        return this.loop();
      case 'next':
      case 'break':
      case 'continue':
        this.advance();
        return { s: word };
      case 'exit':
        this.advance();
        return this.ends() ? { s: 'exit' } : { s: 'exit', code: this.expression() };
      default:
        return { s: 'expression', of: this.expression() };
    }
  }

  private loop(): AwkStatement {
    this.advance();
    this.expect('(');
    const first = this.token === ';' ? undefined : this.statement();
    if (first?.s === 'expression' && first.of.e === 'binary' && first.of.operator === 'in') {
      this.expect(')');
      const { left, right } = first.of;
      return { s: 'in', name: left.e === 'variable' ? left.name : '', array: right.e === 'variable' ? right.name : '', body: this.body() };
    }
    this.expect(';');
    const condition: AwkExpression = this.token === ';' ? { e: 'text', text: '1' } : this.expression();
    this.expect(';');
    const next = this.token === ')' ? undefined : this.statement();
    this.expect(')');
    const loop: AwkStatement = { s: 'while', condition, body: this.body(), ...(next === undefined ? {} : { next }) };
    return first === undefined ? loop : { s: 'block', body: [first, loop] };
  }

  private body(): AwkStatement {
    this.blank();
    const statement = this.statement();
    return statement;
  }

  private bracketed(): AwkExpression {
    this.expect('(');
    const condition = this.expression();
    this.expect(')');
    return condition;
  }

  private expression(): AwkExpression {
    if (++this.depth > MOST_NESTED) this.fail(this.token);
    const made = this.assignment();
    this.depth--;
    return made;
  }

  private assignment(): AwkExpression {
    const target = this.choice();
    if (this.kind !== 'operator' || !/^[-+*/%^]?=$/.test(this.token)) return target;
    const operator = this.token.slice(0, -1);
    this.advance();
    return { e: 'assign', operator, target, value: this.expression(), after: false };
  }

  private choice(): AwkExpression {
    const condition = this.binary(0);
    if (this.token !== '?' || this.kind !== 'operator') return condition;
    this.advance();
    const yes = this.expression();
    this.expect(':');
    return { e: 'choice', condition, yes, no: this.expression() };
  }

  private binary(level: number): AwkExpression {
    const operators = BINARY[level];
    if (operators === undefined) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const isJoin = operators[0] === ' ' && this.startsOperand();
      const found = isJoin || ((this.kind === 'operator' || this.token === 'in') && operators.includes(this.token));
      if (!found || this.problem !== undefined) return left;
      const operator = isJoin ? ' ' : this.token;
      if (!isJoin) this.advance();
      left = { e: 'binary', operator, left, right: this.binary(level + 1) };
    }
  }

  /** Two values beside each other are joined. */
  private startsOperand(): boolean {
    if (this.kind === 'text' || this.kind === 'number') return true;
    if (this.kind === 'name') return this.token !== 'in';
    return this.kind === 'operator' && (this.token === '$' || this.token === '(');
  }

  private unary(): AwkExpression {
    if (++this.depth > MOST_NESTED) this.fail(this.token);
    const made = this.oneUnary();
    this.depth--;
    return made;
  }

  private oneUnary(): AwkExpression {
    if (this.kind === 'operator' && ['!', '-', '+', '++', '--'].includes(this.token)) {
      const operator = this.token;
      this.advance();
      const of = this.unary();
      if (operator === '++' || operator === '--') return { e: 'assign', operator: operator[0] ?? '', target: of, value: ONE, after: false };
      return { e: 'unary', operator, of };
    }
    const value = this.primary();
    if (this.token !== '++' && this.token !== '--') return value;
    const operator = this.token[0] ?? '';
    this.advance();
    return { e: 'assign', operator, target: value, value: ONE, after: true };
  }

  private primary(): AwkExpression {
    const { token, kind } = this;
    if (kind === 'operator' && token === '/') return this.pattern();
    this.advance();
    if (kind === 'text' || kind === 'number') return { e: 'text', text: token };
    if (token === '(') {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (token === '$') return { e: 'field', number: this.primary() };
    if (kind !== 'name') {
      this.fail(token);
      return { e: 'text', text: '' };
    }
    if (this.token === '(' && FUNCTIONS.has(token)) return { e: 'call', name: token, args: this.list('(', ')') };
    if (FUNCTIONS.has(token) && token === 'length') return { e: 'call', name: token, args: [] };
    return this.token === '[' ? { e: 'variable', name: token, index: this.list('[', ']') } : { e: 'variable', name: token };
  }

  private list(open: string, close: string): readonly AwkExpression[] {
    this.expect(open);
    const items: AwkExpression[] = [];
    while (this.token !== close && this.kind !== 'end' && this.problem === undefined) {
      items.push(this.expression());
      if (this.token === ',') this.advance();
    }
    this.expect(close);
    return items;
  }

  /** `/…/`; the token before it was only its first stroke. */
  private pattern(): AwkExpression {
    const match = /((?:[^/\\]|\\.)*)\//y;
    match.lastIndex = this.at;
    const found = match.exec(this.text);
    if (found === null) this.fail('/');
    this.at = match.lastIndex;
    this.advance();
    return { e: 'pattern', source: found?.[1] ?? '' };
  }

  private ends(): boolean {
    return this.kind === 'end' || (this.kind === 'operator' && [';', '}', '\n', ')'].includes(this.token));
  }

  private blank(): void {
    while (this.kind === 'operator' && (this.token === ';' || this.token === '\n')) this.advance();
  }

  private expect(token: string): void {
    if (this.token === '\n' && token !== '\n') this.blank();
    if (this.token === token && this.kind === 'operator') this.advance();
    else this.fail(this.token);
  }

  private fail(token: string): void {
    this.problem ??= `Unexpected ${this.kind === 'end' ? 'end of string' : 'token'}${token === '' ? '' : ` ${token}`}`;
    this.at = this.text.length;
    this.kind = 'end';
    this.token = '';
  }

  private advance(): void {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.text);
    if (found === null) {
      if (this.text.slice(this.at).trim() !== '' && this.at < this.text.length)
        this.problem ??= `Unexpected token ${this.text.slice(this.at).trim()[0] ?? ''}`;
      this.at = this.text.length;
      [this.token, this.kind] = ['', 'end'];
      return;
    }
    this.at = TOKEN.lastIndex;
    const [, comment, quoted, number, name, operator = ''] = found;
    if (comment !== undefined) this.advance();
    else if (quoted !== undefined) [this.token, this.kind] = [unquoted(quoted), 'text'];
    else if (number !== undefined) [this.token, this.kind] = [number, 'number'];
    else if (name !== undefined) [this.token, this.kind] = [name, 'name'];
    else [this.token, this.kind] = [operator, 'operator'];
  }
}

const MOST_NESTED = 200;
const ONE: AwkExpression = { e: 'text', text: '1' };
const FUNCTIONS = new Set([
  'length',
  'substr',
  'index',
  'split',
  'sub',
  'gsub',
  'match',
  'toupper',
  'tolower',
  'sprintf',
  'int',
  'systime',
  'strftime',
  'rand',
  'srand',
  'sqrt',
  'exp',
  'log',
  'sin',
  'cos',
]);

function unquoted(text: string): string {
  const known: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\', '/': '/' };
  return text.slice(1, -1).replaceAll(/\\(.)/g, (whole, letter: string) => known[letter] ?? whole);
}
