import type { AwkExpression, AwkProgram, AwkStatement } from './awkParse.ts';
import { formatted } from './printf.ts';
import { expressionOf } from './support.ts';

type Values = Record<string, string | Record<string, string>>;

/** A loop may not go on for ever within one line. */
const MOST_ROUNDS = 1_000_000;

/** A run of an awk program; all it remembers is in `variables`, so that it can go on with the next line later. */
export class AwkRun {
  readonly variables: Values;
  exit: number | undefined;
  private readonly program: AwkProgram;
  private readonly print: (text: string) => void;
  private fields: string[] = [''];
  private jump: 'next' | 'break' | 'continue' | undefined;
  private rounds = 0;

  constructor(program: AwkProgram, variables: Values, print: (text: string) => void) {
    this.program = program;
    this.variables = variables;
    this.print = print;
  }

  begin(): void {
    this.rules('BEGIN');
  }

  end(): void {
    if (this.exit === undefined) this.rules('END');
  }

  line(text: string): void {
    this.set('NR', String(number(this.get('NR')) + 1));
    this.split(text);
    this.rules('line');
  }

  private rules(when: 'BEGIN' | 'END' | 'line'): void {
    for (const rule of this.program.rules) {
      if (rule.when !== when || this.exit !== undefined) continue;
      if (rule.pattern !== undefined && !truth(this.value(rule.pattern))) continue;
      if (rule.body === undefined) this.print(`${this.fields[0] ?? ''}\n`);
      else this.run(rule.body);
      if (this.jump === 'next') break;
    }
    this.jump = undefined;
  }

  private run(statement: AwkStatement): void {
    if (this.exit !== undefined || this.jump !== undefined) return;
    switch (statement.s) {
      case 'block':
        for (const each of statement.body) this.run(each);
        return;
      case 'print': {
        const values = statement.args.map((arg) => this.value(arg));
        this.print(`${values.length === 0 ? (this.fields[0] ?? '') : values.join(this.get('OFS', ' '))}${this.get('ORS', '\n')}`);
        return;
      }
      case 'printf': {
        const [format = '', ...args] = statement.args.map((arg) => this.value(arg));
        this.print(formatted(format, args));
        return;
      }
      case 'expression':
        this.value(statement.of);
        return;
      case 'if':
        if (truth(this.value(statement.condition))) this.run(statement.yes);
        else if (statement.no !== undefined) this.run(statement.no);
        return;
      case 'while':
        while (truth(this.value(statement.condition)) && this.rounds++ < MOST_ROUNDS) {
          this.run(statement.body);
          if (this.leaves()) return;
          if (statement.next !== undefined) this.run(statement.next);
        }
        return;
      case 'in':
        for (const key of Object.keys(this.array(statement.array))) {
          this.set(statement.name, key);
          this.run(statement.body);
          if (this.leaves()) return;
        }
        return;
      case 'exit':
        this.exit = statement.code === undefined ? 0 : number(this.value(statement.code)) & 255;
        return;
      case 'next':
      case 'break':
      case 'continue':
        this.jump = statement.s;
    }
  }

  private leaves(): boolean {
    if (this.jump === 'continue') this.jump = undefined;
    if (this.jump === undefined) return this.exit !== undefined;
    if (this.jump === 'break') this.jump = undefined;
    return true;
  }

  private value(expression: AwkExpression): string {
    switch (expression.e) {
      case 'text':
        return expression.text;
      case 'pattern':
        return String(Number(expressionOf(expression.source, '', true)?.test(this.fields[0] ?? '') ?? false));
      case 'variable':
        return expression.index === undefined ? this.get(expression.name) : (this.array(expression.name)[this.key(expression.index)] ?? '');
      case 'field':
        return this.fields[number(this.value(expression.number))] ?? '';
      case 'unary': {
        const of = this.value(expression.of);
        return expression.operator === '!' ? String(Number(!truth(of))) : shown(expression.operator === '-' ? -number(of) : number(of));
      }
      case 'choice':
        return this.value(truth(this.value(expression.condition)) ? expression.yes : expression.no);
      case 'assign': {
        const before = this.value(expression.target);
        const right = this.value(expression.value);
        const after = expression.operator === '' ? right : shown(apply(expression.operator, number(before), number(right)));
        this.assign(expression.target, after);
        return expression.after ? shown(number(before)) : after;
      }
      case 'call':
        return this.call(expression.name, expression.args);
      case 'binary':
        return this.binary(expression);
    }
  }

  private binary({ operator, left, right }: Extract<AwkExpression, { e: 'binary' }>): string {
    const a = this.value(left);
    if (operator === '&&') return String(Number(truth(a) && truth(this.value(right))));
    if (operator === '||') return String(Number(truth(a) || truth(this.value(right))));
    if (operator === 'in') return String(Number(right.e === 'variable' && Object.hasOwn(this.array(right.name), a)));
    if (operator === '~' || operator === '!~') {
      const source = right.e === 'pattern' ? right.source : this.value(right);
      return String(Number((expressionOf(source, '', true)?.test(a) ?? false) === (operator === '~')));
    }
    const b = this.value(right);
    if (operator === ' ') return a + b;
    if (!/^[<>=!]/.test(operator)) return shown(apply(operator, number(a), number(b)));
    const order = isNumber(a) && isNumber(b) ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0;
    const results: Readonly<Record<string, boolean>> = {
      '<': order < 0,
      '<=': order <= 0,
      '==': order === 0,
      '!=': order !== 0,
      '>': order > 0,
      '>=': order >= 0,
    };
    return String(Number(results[operator] ?? false));
  }

  private call(name: string, args: readonly AwkExpression[]): string {
    const text = (index: number): string => (args[index] === undefined ? '' : this.value(args[index]));
    const source = (index: number): string => {
      const arg = args[index];
      return arg?.e === 'pattern' ? arg.source : text(index);
    };
    switch (name) {
      case 'length':
        return String((args.length === 0 ? (this.fields[0] ?? '') : text(0)).length);
      case 'substr': {
        const from = number(text(1)) - 1;
        return text(0).slice(Math.max(from, 0), args[2] === undefined ? undefined : Math.max(from + number(text(2)), 0));
      }
      case 'index':
        return String(text(0).indexOf(text(1)) + 1);
      case 'toupper':
        return text(0).toUpperCase();
      case 'tolower':
        return text(0).toLowerCase();
      case 'int':
        return shown(Math.trunc(number(text(0))));
      case 'sprintf':
        return formatted(text(0), args.slice(1).map((arg) => this.value(arg))); // prettier-ignore
      case 'match': {
        const found = expressionOf(source(1), '', true)?.exec(text(0)) ?? null;
        this.set('RSTART', String((found?.index ?? -1) + 1));
        this.set('RLENGTH', String(found?.[0].length ?? -1));
        return String((found?.index ?? -1) + 1);
      }
      case 'split': {
        const [, target] = args;
        const parts = cut(text(0), args[2] === undefined ? this.get('FS', ' ') : source(2));
        if (target?.e === 'variable')
          this.variables[target.name] = Object.fromEntries(parts.map((part, index) => [String(index + 1), part]));
        return String(parts.length);
      }
      case 'sub':
      case 'gsub': {
        const target: AwkExpression = args[2] ?? { e: 'field', number: { e: 'text', text: '0' } };
        let count = 0;
        const by = text(1);
        const changed = this.value(target).replace(
          expressionOf(source(0), name === 'gsub' ? 'g' : '', true) ?? '',
          (whole: string) => (count++, by.replaceAll(/(?<!\\)&/g, () => whole)),
        );
        if (count > 0) this.assign(target, changed);
        return String(count);
      }
      default:
        return shown(
          ({ sqrt: Math.sqrt, exp: Math.exp, log: Math.log, sin: Math.sin, cos: Math.cos }[name] ?? ((value: number) => value))(
            number(text(0)),
          ),
        );
    }
  }

  private assign(target: AwkExpression, value: string): void {
    if (target.e === 'variable' && target.index !== undefined) this.array(target.name)[this.key(target.index)] = value;
    else if (target.e === 'variable') this.set(target.name, value);
    else if (target.e === 'field') {
      const index = number(this.value(target.number));
      if (index === 0) return this.split(value);
      while (this.fields.length <= index) this.fields.push('');
      this.fields[index] = value;
      this.fields[0] = this.fields.slice(1).join(this.get('OFS', ' '));
    }
  }

  private split(text: string): void {
    this.fields = [text, ...cut(text, this.get('FS', ' '))];
    this.set('NF', String(this.fields.length - 1));
  }

  private key(index: readonly AwkExpression[]): string {
    return index.map((each) => this.value(each)).join('\u001c');
  }

  private array(name: string): Record<string, string> {
    const known = this.variables[name];
    if (typeof known === 'object') return known;
    return (this.variables[name] = {});
  }

  private get(name: string, otherwise = ''): string {
    const value = Object.hasOwn(this.variables, name) ? this.variables[name] : undefined;
    return typeof value === 'string' ? value : otherwise;
  }

  private set(name: string, value: string): void {
    this.variables[name] = value;
  }
}

function cut(text: string, separator: string): readonly string[] {
  if (separator === ' ') return text.split(/\s+/).filter((part) => part !== '');
  if (text === '') return [];
  if (separator.length <= 1) return text.split(separator);
  return text.split(expressionOf(separator, '', true) ?? separator);
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && !Number.isNaN(Number(text));
}

function number(text: string): number {
  return Number.parseFloat(text) || 0;
}

function truth(text: string): boolean {
  return isNumber(text) ? Number(text) !== 0 : text !== '';
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

function apply(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    default:
      return a ** b;
  }
}
