/** Expressions of webhooks and policies, compiled for their errors. */
import { BOOL } from '../../apimachinery/cel/types.ts';
import { invalid, type FieldError } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { compileAdmission, type Extras } from '../cel/admission.ts';

/** A condition of a webhook: true or false, with an authorizer, without parameters. */
export function checkCondition(errors: FieldError[], expression: string, path: Path): void {
  check(errors, expression, path, { authorizer: true });
}

/** A condition of a policy that has parameters. */
export function checkConditionWithParams(errors: FieldError[], expression: string, path: Path): void {
  check(errors, expression, path, { authorizer: true, params: true });
}

function check(errors: FieldError[], expression: string, path: Path, extras: Extras): void {
  const compiled = compileAdmission(expression, extras, [BOOL]);
  if (!compiled.ok) errors.push(invalid(path, expression, compiled.error));
}
