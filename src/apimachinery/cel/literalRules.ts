/**
 * What can be said of literals before anything runs: texts that are no duration, timestamp, pattern or format, and lists
 * and maps whose members differ.
 * Counterpart: the AST validators of cel-go/cel/validator.go and ext/formatting.go.
 */
import { compileGoRegexp } from '../regex/goRegexp.ts';
import { childrenOf, type CallExpr, type Expr } from './ast.ts';
import type { Checked } from './checker.ts';
import { checkFormat } from './library/formatRules.ts';
import type { Issue } from './source.ts';
import { parseGoDuration, parseRfc3339 } from './std/time.ts';
import { DYN, formatType, sameType, type Type } from './types.ts';

export function validateLiterals(checked: Checked): readonly Issue[] {
  const issues: Issue[] = [];
  visit(issues, checked, checked.expr, false);
  return issues;
}

/** @param isFree within the arguments of `format`, where members may differ */
function visit(issues: Issue[], checked: Checked, expr: Expr, isFree: boolean): void {
  if (expr.kind === 'call') judgeCall(issues, checked, expr);
  else if (!isFree && expr.kind === 'list') {
    judgeMembers(
      issues,
      expr.elements.map((element, index) => [element, typeIn(checked, element, expr.optional.has(index))]),
    );
  } else if (!isFree && expr.kind === 'map') {
    judgeMembers(
      issues,
      expr.entries.map(({ key }) => [key, typeIn(checked, key, false)]),
    );
    judgeMembers(
      issues,
      expr.entries.map(({ value, optional }) => [value, typeIn(checked, value, optional)]),
    );
  }
  const free = isFree || (expr.kind === 'call' && expr.fn === 'format');
  for (const child of childrenOf(expr)) visit(issues, checked, child, free);
}

function typeIn({ types }: Checked, expr: Expr, isOptional: boolean): Type {
  const type = types.get(expr) ?? DYN;
  return isOptional ? (type.params[0] ?? DYN) : type;
}

/** The first member says what the others must be; one that is not is enough. */
function judgeMembers(issues: Issue[], members: readonly (readonly [Expr, Type])[]): void {
  const [, expected] = members[0] ?? [];
  const other = expected === undefined ? undefined : members.find(([, type]) => !sameType(expected, type));
  if (expected === undefined || other === undefined) return;
  issues.push({ offset: other[0].offset, message: `expected type '${formatType(expected)}' but found '${formatType(other[1])}'` });
}

function judgeCall(issues: Issue[], { types }: Checked, expr: CallExpr): void {
  const [first, second] = expr.args;
  switch (expr.fn) {
    case 'duration':
      return judge(issues, first, 'invalid duration argument', (text) => parseGoDuration(text) !== undefined);
    case 'timestamp':
      return judge(issues, first, 'invalid timestamp argument', (text) => parseRfc3339(text) !== undefined);
    case 'matches':
      return judge(issues, expr.target === undefined ? second : first, 'invalid matches argument', isRegexp);
    case 'format':
      if (expr.target?.kind === 'const' && typeof expr.target.value === 'string' && first?.kind === 'list')
        issues.push(
          ...checkFormat(
            expr.offset,
            expr.target.value,
            first.elements.map((item) => [item, types.get(item) ?? DYN] as const),
          ),
        );
      return;
    default:
      return;
  }
}

function judge(issues: Issue[], expr: Expr | undefined, message: string, isValid: (text: string) => boolean): void {
  if (expr?.kind !== 'const' || typeof expr.value !== 'string' || isValid(expr.value)) return;
  issues.push({ offset: expr.offset, message });
}

function isRegexp(text: string): boolean {
  return !('error' in compileGoRegexp(text));
}
