/**
 * Texts that are known to be no duration, timestamp or pattern before anything runs.
 * Counterpart: the AST validators of cel-go/cel/validator.go.
 */
import { compileGoRegexp } from '../regex/goRegexp.ts';
import type { Expr } from './ast.ts';
import type { Checked } from './checker.ts';
import type { Issue } from './source.ts';
import { parseGoDuration, parseRfc3339 } from './std/time.ts';

export function validateLiterals({ types }: Checked): readonly Issue[] {
  const issues: Issue[] = [];
  for (const expr of types.keys()) {
    if (expr.kind !== 'call') continue;
    const [first, second] = expr.args;
    if (expr.fn === 'duration') judge(issues, first, 'invalid duration argument', (text) => parseGoDuration(text) !== undefined);
    else if (expr.fn === 'timestamp') judge(issues, first, 'invalid timestamp argument', (text) => parseRfc3339(text) !== undefined);
    else if (expr.fn === 'matches') judge(issues, expr.target === undefined ? second : first, 'invalid matches argument', isRegexp);
  }
  return issues;
}

function judge(issues: Issue[], expr: Expr | undefined, message: string, isValid: (text: string) => boolean): void {
  if (expr?.kind !== 'const' || typeof expr.value !== 'string' || isValid(expr.value)) return;
  issues.push({ offset: expr.offset, message });
}

function isRegexp(text: string): boolean {
  return !('error' in compileGoRegexp(text));
}
