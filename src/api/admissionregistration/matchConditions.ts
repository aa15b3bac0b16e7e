/** Conditions in CEL under which a request is looked at. Webhooks and policies share them. */
import { duplicate, invalid, required, tooMany, type FieldError } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { isQualifiedName } from '../../apimachinery/validation/names.ts';
import type { MatchCondition } from '../schema/types/admissionregistration/v1.ts';

/** Adds what is wrong with an expression, whose surrounding space is gone. */
export type CheckExpression = (errors: FieldError[], expression: string, path: Path) => void;

const MAX_CONDITIONS = 64;

export function validateMatchConditions(
  errors: FieldError[],
  conditions: readonly Partial<MatchCondition>[],
  path: Path,
  check: CheckExpression,
): void {
  if (conditions.length > MAX_CONDITIONS) errors.push(tooMany(path, conditions.length, MAX_CONDITIONS));
  const names = new Set<string>();
  for (const [index, condition] of conditions.entries()) {
    const at = path.index(index);
    const { name = '', expression = '' } = condition;
    const trimmed = expression.trim();
    if (trimmed === '') errors.push(required(at.child('expression'), ''));
    else check(errors, trimmed, at.child('expression'));
    if (name === '') errors.push(required(at.child('name'), ''));
    else for (const text of isQualifiedName(name)) errors.push(invalid(at.child('name'), name, text));
    if (name !== '' && names.has(name)) errors.push(duplicate(at.child('name'), name));
    names.add(name);
  }
}
