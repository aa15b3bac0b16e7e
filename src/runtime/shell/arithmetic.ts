/**
 * Whole numbers as `$((…))` has them: the operators of C with their order, assignments, `++` and `--`.
 * Invariant: never throws; the first problem is given back.
 */
export interface Variables {
  readonly get: (name: string) => string;
  readonly set: (name: string, value: string) => void;
}

export type Evaluated = { readonly value: number; readonly assigned: boolean } | { readonly problem: string };

const TOKEN =
  /\s*(0[xX][0-9a-fA-F]+|\d+#[0-9a-zA-Z]+|\d+|[A-Za-z_]\w*|<<=|>>=|\*\*|\+\+|--|&&|\|\||[-+*/%&|^]=|[<>=!]=|<<|>>|[-+*/%&|^~!<>=?:(),])/y;

export function evaluate(expression: string, variables: Variables): Evaluated {
  const evaluation = new Evaluation(expression, variables);
  const value = evaluation.run();
  return evaluation.problem === undefined ? { value, assigned: evaluation.assigned } : { problem: evaluation.problem };
}

const MOST_NESTED = 200;
const LEVELS: readonly (readonly string[])[] = [
  ['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<=', '>=', '<', '>'], ['<<', '>>'], ['+', '-'], ['*', '/', '%'],
]; // prettier-ignore

class Evaluation {
  problem: string | undefined;
  assigned = false;
  private readonly tokens: string[] = [];
  private readonly variables: Variables;
  private at = 0;
  private depth = 0;
  /** Above 0: what is read has no effect, as behind `0 &&`. */
  private skipping = 0;

  constructor(expression: string, variables: Variables) {
    this.variables = variables;
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(expression); match !== null; match = TOKEN.exec(expression)) {
      this.tokens.push(match[1] ?? '');
      if (expression.slice(TOKEN.lastIndex).trim() === '') return;
    }
    if (expression.trim() !== '') this.problem = 'arithmetic syntax error';
  }

  run(): number {
    if (this.tokens.length === 0) return 0;
    const value = this.comma();
    if (this.at < this.tokens.length) this.problem ??= 'arithmetic syntax error';
    return value;
  }

  private comma(): number {
    let value = this.assignment();
    while (this.take(',')) value = this.assignment();
    return value;
  }

  private assignment(): number {
    const name = this.tokens[this.at] ?? '';
    const operator = this.tokens[this.at + 1] ?? '';
    if (/^[A-Za-z_]/.test(name) && /^(?:[-+*/%&|^]|<<|>>)?=$/.test(operator)) {
      this.at += 2;
      const right = this.assignment();
      return this.assign(name, operator === '=' ? right : this.apply(operator.slice(0, -1), this.valueOf(name), right));
    }
    const condition = this.binary(0);
    if (!this.take('?')) return condition;
    const yes = this.when(condition !== 0, () => this.assignment());
    if (!this.take(':')) this.problem ??= 'arithmetic syntax error';
    const no = this.when(condition === 0, () => this.assignment());
    return condition === 0 ? no : yes;
  }

  private binary(level: number): number {
    const operators = LEVELS[level];
    if (operators === undefined) return this.power();
    let left = this.binary(level + 1);
    for (let operator = this.tokens[this.at]; operator !== undefined && operators.includes(operator); operator = this.tokens[this.at]) {
      this.at++;
      const decided = (operator === '&&' && left === 0) || (operator === '||' && left !== 0);
      const right = this.when(!decided, () => this.binary(level + 1));
      left = this.apply(operator, left, right);
    }
    return left;
  }

  private power(): number {
    const base = this.unary();
    return this.take('**') ? Math.trunc(base ** this.power()) : base;
  }

  private unary(): number {
    if (++this.depth > MOST_NESTED) {
      this.problem ??= 'arithmetic syntax error';
      this.at = this.tokens.length;
    }
    const value = this.oneUnary();
    this.depth--;
    return value;
  }

  private oneUnary(): number {
    const operator = this.tokens[this.at] ?? '';
    if (operator === '++' || operator === '--') {
      this.at++;
      const name = this.tokens[this.at++] ?? '';
      return this.assign(name, this.valueOf(name) + (operator === '++' ? 1 : -1));
    }
    if (!['-', '+', '!', '~'].includes(operator)) return this.primary();
    this.at++;
    const value = this.unary();
    return operator === '-' ? -value : operator === '!' ? Number(value === 0) : operator === '~' ? ~value : value;
  }

  private primary(): number {
    const token = this.tokens[this.at++];
    if (token === '(') {
      const value = this.comma();
      if (!this.take(')')) this.problem ??= 'arithmetic syntax error';
      return value;
    }
    if (token !== undefined && /^\d/.test(token)) return number(token);
    if (token === undefined || !/^[A-Za-z_]/.test(token)) {
      this.problem ??= 'arithmetic syntax error';
      return 0;
    }
    const value = this.valueOf(token);
    if (this.take('++')) this.assign(token, value + 1);
    else if (this.take('--')) this.assign(token, value - 1);
    return value;
  }

  private apply(operator: string, left: number, right: number): number {
    switch (operator) {
      case '+':
        return left + right;
      case '-':
        return left - right;
      case '*':
        return left * right;
      case '/':
      case '%':
        if (right === 0) {
          if (this.skipping === 0) this.problem ??= 'divide by zero';
          return 0;
        }
        return operator === '/' ? Math.trunc(left / right) : left % right;
      case '<<':
        return Number(BigInt.asIntN(64, whole(left) << BigInt(whole(right) & 63n)));
      case '>>':
        return Math.floor(left / 2 ** right);
      case '&':
        return Number(whole(left) & whole(right));
      case '|':
        return Number(whole(left) | whole(right));
      case '^':
        return Number(whole(left) ^ whole(right));
      case '&&':
        return Number(left !== 0 && right !== 0);
      case '||':
        return Number(left !== 0 || right !== 0);
      default:
        return Number(compare(operator, left, right));
    }
  }

  private when(condition: boolean, read: () => number): number {
    if (!condition) this.skipping++;
    const value = read();
    if (!condition) this.skipping--;
    return value;
  }

  private valueOf(name: string): number {
    const text = this.variables.get(name).trim();
    if (text === '') return 0;
    if (/^-?(?:0[xX][0-9a-fA-F]+|\d+)$/.test(text)) return text.startsWith('-') ? -number(text.slice(1)) : number(text);
    // A variable may hold an expression; one that names itself is none.
    const inner =
      text === name
        ? undefined
        : evaluate(text, { get: (other) => (other === name ? '' : this.variables.get(other)), set: () => undefined });
    if (inner !== undefined && 'value' in inner) return inner.value;
    this.problem ??= `bad number`;
    return 0;
  }

  private assign(name: string, value: number): number {
    if (this.skipping > 0) return value;
    this.assigned = true;
    this.variables.set(name, String(value));
    return value;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }
}

/** As a number of 64 bits. */
function whole(value: number): bigint {
  return Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : 0n;
}

function compare(operator: string, left: number, right: number): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    default:
      return left >= right;
  }
}

/** A zero in front means octal. */
function number(text: string): number {
  const [base = '', digits] = text.split('#');
  if (digits !== undefined) return Number.parseInt(digits, Number(base)) || 0;
  if (/^0\d+$/.test(text)) return Number.parseInt(text, 8) || 0;
  return Number(text);
}
