/**
 * Tokens to an expression tree, macros expanded.
 * Invariant: never throws on any text; the issues have cel-go's texts and places, as ANTLR makes them for its grammar.
 * Counterpart: cel-go/parser.
 */
import { OP, type CallExpr, type Expr, type MapEntry, type StructField } from './ast.ts';
import { tokenize, type Token, type TokenType } from './lexer.ts';
import { parseBytes, parseDouble, parseInt64, parseString, parseUint64, type Literal } from './literal.ts';
import { expandMacro } from './macros.ts';
import type { Issue } from './source.ts';
import { EXPRESSION, ParseAborted, TokenStream } from './tokenStream.ts';

export interface Parsed {
  /** Undefined if the text could not be read at all. */
  readonly expr: Expr | undefined;
  readonly issues: readonly Issue[];
}

const MAX_SIZE = 100_000;
const MAX_DEPTH = 250;

/** @param bindings whether `cel.bind` is a macro */
export function parse(source: string, bindings = false): Parsed {
  const issues: Issue[] = [];
  if (source.length > MAX_SIZE) {
    const message = `expression code point size exceeds limit: size: ${[...source].length}, limit ${MAX_SIZE}`;
    return { expr: undefined, issues: [{ offset: -1, message }] };
  }
  const stream = new TokenStream(tokenize(source, issues), issues);
  try {
    const expr = new Parser(stream, issues, source, bindings).start();
    return { expr, issues: issues.toSorted((left, right) => left.offset - right.offset) };
  } catch (error) {
    if (!(error instanceof ParseAborted)) throw error;
    return { expr: undefined, issues: issues.toSorted((left, right) => left.offset - right.offset) };
  }
}

class Parser {
  private readonly stream: TokenStream;
  private readonly issues: Issue[];
  private readonly source: string;
  private readonly bindings: boolean;
  private depth = 0;

  constructor(stream: TokenStream, issues: Issue[], source: string, bindings: boolean) {
    this.stream = stream;
    this.issues = issues;
    this.source = source;
    this.bindings = bindings;
  }

  start(): Expr {
    const expr = this.expr();
    this.stream.expect('EOF', []);
    return expr;
  }

  private expr(): Expr {
    if (++this.depth > MAX_DEPTH) {
      this.issues.push({ offset: this.stream.peek().offset, message: `expression recursion limit exceeded: ${MAX_DEPTH}` });
      throw new ParseAborted();
    }
    const condition = this.or();
    const mark = this.stream.accept('?');
    if (mark === undefined) {
      this.depth--;
      return condition;
    }
    const yes = this.stream.within([':'], () => this.or());
    this.stream.expect(':', EXPRESSION);
    const no = this.expr();
    this.depth--;
    return call(mark.offset, OP.conditional, [condition, yes, no]);
  }

  private or(): Expr {
    return this.logical('||', OP.or, () => this.logical('&&', OP.and, () => this.relation()));
  }

  /** Long chains become balanced trees, so that their depth stays small. */
  private logical(type: TokenType, fn: string, operand: () => Expr): Expr {
    const terms = [operand()];
    const offsets: number[] = [];
    for (let token = this.stream.accept(type); token !== undefined; token = this.stream.accept(type)) {
      offsets.push(token.offset);
      terms.push(operand());
    }
    const balance = (low: number, high: number): Expr => {
      const middle = Math.floor((low + high + 1) / 2);
      const left = middle === low ? (terms[middle] as Expr) : balance(low, middle - 1);
      const right = middle === high ? (terms[middle + 1] as Expr) : balance(middle + 1, high);
      return call(offsets[middle] ?? 0, fn, [left, right]);
    };
    return offsets.length === 0 ? (terms[0] as Expr) : balance(0, offsets.length - 1);
  }

  private relation(): Expr {
    let left = this.sum();
    for (let fn = RELATIONS[this.stream.peek().type]; fn !== undefined; fn = RELATIONS[this.stream.peek().type]) {
      const { offset } = this.stream.next();
      left = call(offset, fn, [left, this.sum()]);
    }
    return left;
  }

  private sum(): Expr {
    let left = this.product();
    for (let fn = SUMS[this.stream.peek().type]; fn !== undefined; fn = SUMS[this.stream.peek().type]) {
      const { offset } = this.stream.next();
      left = call(offset, fn, [left, this.product()]);
    }
    return left;
  }

  private product(): Expr {
    let left = this.unary();
    for (let fn = PRODUCTS[this.stream.peek().type]; fn !== undefined; fn = PRODUCTS[this.stream.peek().type]) {
      const { offset } = this.stream.next();
      left = call(offset, fn, [left, this.unary()]);
    }
    return left;
  }

  private unary(): Expr {
    this.stream.sync(EXPRESSION);
    const first = this.stream.peek();
    if (first.type !== '!' && first.type !== '-') return this.member();
    const isNumber = ['NUM_INT', 'NUM_FLOAT'].includes(this.stream.peek(1).type);
    if (first.type === '-' && isNumber) return this.member();
    let count = 0;
    // Each sign but one that belongs to a number.
    while (this.stream.is(first.type)) {
      this.stream.next();
      count++;
    }
    this.stream.sync(EXPRESSION);
    const operand = this.member();
    return count % 2 === 0 ? operand : call(first.offset, first.type === '!' ? OP.not : OP.negate, [operand]);
  }

  private member(): Expr {
    let operand = this.primary();
    for (;;) {
      if (this.stream.is('.')) operand = this.select(operand);
      else if (this.stream.is('[')) operand = this.index(operand);
      else return operand;
    }
  }

  private select(operand: Expr): Expr {
    const dot = this.stream.next();
    const optional = this.stream.accept('?');
    const name = this.stream.peek();
    if (name.type !== 'IDENTIFIER' && name.type !== 'ESC_IDENTIFIER') {
      if (optional !== undefined) this.stream.mismatch(['IDENTIFIER', 'ESC_IDENTIFIER']);
      this.stream.noViable(this.source.slice(dot.start, name.type === 'EOF' ? undefined : name.start + name.text.length), name);
    }
    this.stream.next();
    if (name.type === 'ESC_IDENTIFIER') this.issues.push({ offset: name.offset, message: "unsupported syntax: '`'" });
    const field = name.type === 'ESC_IDENTIFIER' ? name.text.slice(1, -1) : name.text;
    if (optional !== undefined) return call(dot.offset, OP.optSelect, [operand, { kind: 'const', offset: name.offset, value: field }]);
    if (name.type === 'IDENTIFIER' && this.stream.is('(')) {
      const open = this.stream.next();
      return this.call(open, field, operand);
    }
    return { kind: 'select', offset: dot.offset, operand, field, testOnly: false };
  }

  private index(operand: Expr): Expr {
    const open = this.stream.next();
    const optional = this.stream.accept('?') !== undefined;
    const index = this.stream.within([']'], () => this.expr());
    this.stream.expect(']');
    return call(open.offset, optional ? OP.optIndex : OP.index, [operand, index]);
  }

  /** After the opening parenthesis, which is where a call stands for messages. */
  private call(open: Token, fn: string, target: Expr | undefined): Expr {
    this.stream.sync([...EXPRESSION, ')']);
    const args: Expr[] = [];
    if (!this.stream.is(')')) {
      this.stream.within([',', ')'], () => {
        do args.push(this.expr());
        while (this.stream.accept(',') !== undefined);
      });
    }
    this.stream.expect(')');
    const made: CallExpr = { kind: 'call', offset: open.offset, fn, target, args };
    return expandMacro(made, this.issues, this.bindings) ?? made;
  }

  private primary(): Expr {
    this.stream.sync(EXPRESSION);
    const token = this.stream.peek();
    switch (token.type) {
      case '(': {
        this.stream.next();
        const inner = this.stream.within([')'], () => this.expr());
        this.stream.expect(')');
        return inner;
      }
      case '[':
        return this.list();
      case '{':
        return this.map();
      case '.':
      case 'IDENTIFIER':
        return this.identifier();
      default:
        return this.literal();
    }
  }

  private identifier(): Expr {
    const leading = this.stream.accept('.');
    const message = this.messageName();
    if (message !== undefined) return this.message(leading === undefined ? message.name : `.${message.name}`, message.open);
    const name = this.stream.peek();
    if (name.type !== 'IDENTIFIER') this.stream.noViable(`.${name.type === 'EOF' ? '' : name.text}`, name);
    this.stream.next();
    if (RESERVED.has(name.text)) this.issues.push({ offset: name.offset, message: `reserved identifier: ${name.text}` });
    const text = leading === undefined ? name.text : `.${name.text}`;
    if (this.stream.is('(')) return this.call(this.stream.next(), text, undefined);
    return { kind: 'ident', offset: (leading ?? name).offset, name: text };
  }

  /** `a.b.C{`: names with dots up to a brace. */
  private messageName(): { readonly name: string; readonly open: Token } | undefined {
    let ahead = 0;
    let name = '';
    for (;;) {
      const token = this.stream.peek(ahead);
      if (token.type !== 'IDENTIFIER') return undefined;
      name += token.text;
      const after = this.stream.peek(ahead + 1);
      ahead += 2;
      if (after.type === '{') {
        for (let count = 1; count < ahead; count++) this.stream.next();
        return { name, open: this.stream.next() };
      }
      if (after.type !== '.') return undefined;
      name += '.';
    }
  }

  private message(name: string, open: Token): Expr {
    const fields: StructField[] = [];
    this.stream.sync(['}', ',', '?', 'IDENTIFIER', 'ESC_IDENTIFIER']);
    if (!this.stream.is('}') && !this.stream.is(',')) {
      do {
        if (this.stream.is('}')) break;
        const optional = this.stream.accept('?') !== undefined;
        if (!this.stream.is('IDENTIFIER') && !this.stream.is('ESC_IDENTIFIER')) this.stream.mismatch(['?', 'IDENTIFIER', 'ESC_IDENTIFIER']);
        const field = this.stream.next();
        const colon = this.stream.expect(':', EXPRESSION);
        const value = this.stream.within([',', '}'], () => this.expr());
        const fieldName = field.type === 'ESC_IDENTIFIER' ? field.text.slice(1, -1) : field.text;
        fields.push({ offset: colon.offset, name: fieldName, value, optional });
      } while (this.stream.accept(',') !== undefined);
    } else this.stream.accept(',');
    this.stream.sync(['}', ',']);
    this.stream.expect('}');
    return { kind: 'struct', offset: open.offset, name, fields };
  }

  private list(): Expr {
    const open = this.stream.next();
    const elements: Expr[] = [];
    const optional = new Set<number>();
    this.stream.sync([...EXPRESSION, ']', ',', '?']);
    if (!this.stream.is(']') && !this.stream.is(',')) {
      do {
        if (this.stream.is(']')) break;
        if (this.stream.accept('?') !== undefined) optional.add(elements.length);
        elements.push(this.stream.within([',', ']'], () => this.expr()));
      } while (this.stream.accept(',') !== undefined);
    } else this.stream.accept(',');
    this.stream.sync([']', ',']);
    this.stream.expect(']');
    return { kind: 'list', offset: open.offset, elements, optional };
  }

  private map(): Expr {
    const open = this.stream.next();
    const entries: MapEntry[] = [];
    this.stream.sync([...EXPRESSION, '}', ',', '?']);
    if (!this.stream.is('}') && !this.stream.is(',')) {
      do {
        if (this.stream.is('}')) break;
        const optional = this.stream.accept('?') !== undefined;
        const key = this.stream.within([':'], () => this.expr());
        const colon = this.stream.expect(':', EXPRESSION);
        const value = this.stream.within([',', '}'], () => this.expr());
        entries.push({ offset: colon.offset, key, value, optional });
      } while (this.stream.accept(',') !== undefined);
    } else this.stream.accept(',');
    this.stream.sync(['}', ',']);
    this.stream.expect('}');
    return { kind: 'map', offset: open.offset, entries };
  }

  private literal(): Expr {
    const sign = this.stream.accept('-');
    const token = this.stream.next();
    const { offset } = sign ?? token;
    const literal = literalOf(token, sign !== undefined);
    if ('value' in literal) return { kind: 'const', offset, value: literal.value };
    this.issues.push({ offset, message: literal.error });
    return { kind: 'const', offset, value: null };
  }
}

function literalOf(token: Token, negative: boolean): Literal {
  switch (token.type) {
    case 'NUM_INT':
      return parseInt64(token.text, negative);
    case 'NUM_UINT':
      return parseUint64(token.text);
    case 'NUM_FLOAT':
      return parseDouble(token.text, negative);
    case 'STRING':
      return parseString(token.text);
    case 'BYTES':
      return parseBytes(token.text);
    default:
      return { value: token.type === 'null' ? null : token.type === 'true' };
  }
}

function call(offset: number, fn: string, args: readonly Expr[]): Expr {
  return { kind: 'call', offset, fn, target: undefined, args };
}

type Operators = { readonly [type in TokenType]?: string };

const RELATIONS: Operators = {
  '==': OP.equals,
  '!=': OP.notEquals,
  in: OP.in,
  '<': OP.less,
  '<=': OP.lessEquals,
  '>=': OP.greaterEquals,
  '>': OP.greater,
};
const SUMS: Operators = { '+': OP.add, '-': OP.subtract };
const PRODUCTS: Operators = { '*': OP.multiply, '/': OP.divide, '%': OP.modulo };

const RESERVED: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);
