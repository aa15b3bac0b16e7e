/** The conditions of `test`, `[` and `[[`: about files, texts and numbers. */
import type { Task } from '../process/task.ts';
import { expressionOf } from './commands/support.ts';
import { matches } from './pattern.ts';

/** What a `=~` of `[[` has found: all of it, then what stands in each pair of brackets. */
export type Keep = (found: readonly string[]) => void;

/**
 * 0: true, 1: false, 2: it cannot be read.
 * @param patterns the words with what is quoted escaped; only of `[[`, like `keep`
 */
export function condition(task: Task, words: readonly string[], patterns?: readonly string[], keep?: Keep): number {
  const reader = new Condition(task, words, patterns, keep);
  const value = words.length === 0 ? false : reader.or();
  if (reader.at < words.length) reader.problem ??= `${words[reader.at] ?? ''}: unknown operand`;
  if (reader.problem !== undefined) {
    task.complain(`sh: ${reader.problem}`);
    return 2;
  }
  return value ? 0 : 1;
}

const UNARY = /^-[abcdefghknprstuwxzGLNOS]$/;
const BINARY = new Set(['=', '==', '!=', '<', '>', '=~', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef']);

class Condition {
  at = 0;
  problem: string | undefined;
  private readonly task: Task;
  private readonly words: readonly string[];
  private readonly patterns: readonly string[] | undefined;
  private readonly keep: Keep | undefined;

  constructor(task: Task, words: readonly string[], patterns: readonly string[] | undefined, keep: Keep | undefined) {
    this.task = task;
    this.keep = keep;
    this.words = words;
    this.patterns = patterns;
  }

  or(): boolean {
    let value = this.and();
    while (this.take(this.patterns === undefined ? '-o' : '||')) value = this.and() || value;
    return value;
  }

  private and(): boolean {
    let value = this.not();
    while (this.take(this.patterns === undefined ? '-a' : '&&')) value = this.not() && value;
    return value;
  }

  private not(): boolean {
    // `[ ! = x ]` compares; `[ ! ]` asks for a text.
    if (this.words[this.at] === '!' && this.words.length - this.at > 1 && !BINARY.has(this.words[this.at + 1] ?? '')) {
      this.at++;
      return !this.not();
    }
    return this.primary();
  }

  private primary(): boolean {
    const [left = '', operator, right] = this.words.slice(this.at, this.at + 3);
    if (operator !== undefined && BINARY.has(operator) && right !== undefined) {
      this.at += 3;
      return this.binary(left, operator, right, this.patterns?.[this.at - 1] ?? right);
    }
    if (left === '(' && this.words.length - this.at > 1) {
      this.at++;
      const value = this.or();
      if (!this.take(')')) this.problem ??= 'closing paren expected';
      return value;
    }
    if (UNARY.test(left) && operator !== undefined) {
      this.at += 2;
      return this.unary(left, operator);
    }
    this.at++;
    return left !== '';
  }

  private unary(operator: string, operand: string): boolean {
    if (operator === '-z') return operand === '';
    if (operator === '-n') return operand !== '';
    if (operator === '-t') return false;
    const entry = operand === '' ? undefined : this.task.files.stat(this.task.path(operand));
    switch (operator) {
      case '-f':
        return entry?.kind === 'file';
      case '-d':
        return entry?.kind === 'directory';
      case '-s':
        return entry !== undefined && (entry.kind !== 'file' || entry.content !== '' || (entry.zeros ?? 0) > 0);
      case '-x':
        return entry !== undefined && (entry.kind === 'directory' || (entry.mode & 0o111) !== 0);
      case '-w':
        return entry !== undefined && this.task.files.problemOfWriting(this.task.path(operand)) !== 'Read-only file system';
      case '-c':
        return entry?.kind === 'device';
      case '-L':
      case '-h':
      case '-p':
      case '-S':
      case '-b':
        return false;
      default:
        return entry !== undefined;
    }
  }

  private binary(left: string, operator: string, right: string, pattern: string): boolean {
    const inBash = this.patterns !== undefined;
    switch (operator) {
      case '=':
      case '==':
        return inBash ? matches(pattern, left) : left === right;
      case '!=':
        return inBash ? !matches(pattern, left) : left !== right;
      case '<':
        return left < right;
      case '>':
        return left > right;
      case '=~':
        return this.fits(left, pattern);
      case '-nt':
      case '-ot':
      case '-ef': {
        const [a, b] = [left, right].map((name) => this.task.files.stat(this.task.path(name))?.atMs ?? 0);
        return operator === '-nt'
          ? (a ?? 0) > (b ?? 0)
          : operator === '-ot'
            ? (a ?? 0) < (b ?? 0)
            : this.task.path(left) === this.task.path(right);
      }
      default:
        return this.compare(this.number(left), operator, this.number(right));
    }
  }

  private fits(text: string, pattern: string): boolean {
    const expression = expressionOf(pattern, '', true);
    if (expression === undefined) this.problem ??= `${pattern}: invalid regular expression`;
    const found = expression?.exec(text) ?? null;
    this.keep?.((found ?? []).map((piece: string | undefined) => piece ?? ''));
    return found !== null;
  }

  private compare(left: number, operator: string, right: number): boolean {
    switch (operator) {
      case '-eq':
        return left === right;
      case '-ne':
        return left !== right;
      case '-lt':
        return left < right;
      case '-le':
        return left <= right;
      case '-gt':
        return left > right;
      default:
        return left >= right;
    }
  }

  private number(text: string): number {
    if (!/^\s*[-+]?\d+\s*$/.test(text)) this.problem ??= text === '' ? `out of range` : `${text}: bad number`;
    return Number(text);
  }

  private take(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at++;
    return true;
  }
}
