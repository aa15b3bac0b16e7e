import type { Token, TokenType } from './lexer.ts';
import type { Issue } from './source.ts';

/** Ends parsing; never leaves parser.ts. */
export class ParseAborted extends Error {}

/** What an expression can begin with. */
export const EXPRESSION: readonly TokenType[] = [
  '[',
  '{',
  '(',
  '.',
  '-',
  '!',
  'true',
  'false',
  'null',
  'NUM_FLOAT',
  'NUM_INT',
  'NUM_UINT',
  'STRING',
  'BYTES',
  'IDENTIFIER',
];

/** In the order in which messages list them. */
const ORDER: readonly TokenType[] = [
  ...(['==', '!=', 'in', '<', '<=', '>=', '>', '&&', '||', '[', ']', '{', '}', '(', ')', '.', ',', '-', '!', '?', ':', '+'] as const),
  ...(['*', '/', '%', 'true', 'false', 'null', 'NUM_FLOAT', 'NUM_INT', 'NUM_UINT', 'STRING', 'BYTES', 'IDENTIFIER'] as const),
  'ESC_IDENTIFIER',
];

/** What can follow any whole expression. */
const OPERATORS: readonly TokenType[] = ['==', '!=', 'in', '<', '<=', '>=', '>', '&&', '||', '[', '.', '-', '?', '+', '*', '/', '%'];

/**
 * The tokens as the parser takes them, with ANTLR's ways to report and to get over a wrong one: a token too many is
 * dropped, a missing one is assumed, anything else ends parsing.
 */
export class TokenStream {
  private readonly tokens: readonly Token[];
  private readonly issues: Issue[];
  private index = 0;
  /** What may stand after the expression that is being read, innermost last. */
  private readonly closers: (readonly TokenType[])[] = [['EOF']];

  constructor(tokens: readonly Token[], issues: Issue[]) {
    this.tokens = tokens;
    this.issues = issues;
  }

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.index++;
    return token;
  }

  is(type: TokenType): boolean {
    return this.peek().type === type;
  }

  accept(type: TokenType): Token | undefined {
    return this.is(type) ? this.next() : undefined;
  }

  /** Runs `read` while only `closers` can end an expression. */
  within<T>(closers: readonly TokenType[], read: () => T): T {
    this.closers.push(closers);
    const result = read();
    this.closers.pop();
    return result;
  }

  /** Takes a token that must be there. `then`: what can stand after it if that is not an operator or the end of an expression. */
  expect(type: TokenType, then?: readonly TokenType[]): Token {
    const token = this.peek();
    if (token.type === type) return this.next();
    if (this.peek(1).type === type) {
      this.report(`extraneous input '${shown(token)}' expecting ${display([type])}`, token);
      this.index++;
      return this.next();
    }
    if ((then ?? [...OPERATORS, ...(this.closers.at(-1) ?? [])]).includes(token.type)) {
      this.report(`missing ${display([type])} at '${shown(token)}'`, token);
      return { ...token, type, text: '' };
    }
    return this.mismatch([type]);
  }

  /** The next token must be one of these, or a single wrong one is dropped. */
  sync(types: readonly TokenType[]): void {
    const token = this.peek();
    if (types.includes(token.type)) return;
    if (types.includes(this.peek(1).type) && token.type !== 'EOF') {
      this.report(`extraneous input '${shown(token)}' expecting ${display(types)}`, token);
      this.index++;
      return;
    }
    this.mismatch(types);
  }

  mismatch(types: readonly TokenType[]): never {
    const token = this.peek();
    this.report(`mismatched input '${shown(token)}' expecting ${display(types)}`, token);
    throw new ParseAborted();
  }

  /** `text` is the input from where no way led on. */
  noViable(text: string, token: Token): never {
    this.report(`no viable alternative at input '${text}'`, token);
    throw new ParseAborted();
  }

  private report(message: string, token: Token): void {
    this.issues.push({ offset: token.offset, message: `Syntax error: ${message}` });
  }
}

function shown(token: Token): string {
  return token.text.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
}

function display(types: readonly TokenType[]): string {
  const sorted = ORDER.filter((type) => types.includes(type));
  const names = (types.includes('EOF') ? (['EOF', ...sorted] as const) : sorted).map(nameOf);
  return names.length === 1 ? (names[0] ?? '') : `{${names.join(', ')}}`;
}

function nameOf(type: TokenType): string {
  if (type === 'EOF') return '<EOF>';
  return /^[A-Z]/.test(type) ? type : `'${type}'`;
}
