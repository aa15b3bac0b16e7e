import { duplicate, invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { BOOL, NULL, STRING, type Type } from '../../../apimachinery/cel/types.ts';
import { validateConditions } from '../../../apimachinery/validation/conditions.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { byteLength } from '../../../apimachinery/validation/text.ts';
import { compileAdmission, type Extras } from '../../cel/admission.ts';
import type { AuditAnnotation, ValidatingAdmissionPolicy, Validation } from '../../schema/types/admissionregistration/v1.ts';
import { SPEC, validatePolicy, type PolicySpec } from '../policy.ts';

const MAX_ANNOTATIONS = 20;
const MAX_VALUE_EXPRESSION = 5 * 1024;
const REASONS: readonly string[] = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const SOMETHING = 'validations or auditAnnotations must contain at least one item';

/** @param old on an update: conditions that are as they were are not looked at again */
export function validateValidatingPolicy(policy: ValidatingAdmissionPolicy, old?: ValidatingAdmissionPolicy): ErrorList {
  const errors: FieldError[] = [];
  const spec = policy.spec ?? {};
  const extras = validatePolicy(errors, spec as PolicySpec, old?.spec as PolicySpec | undefined);
  const { validations = [], auditAnnotations = [] } = spec;
  if (validations.length === 0 && auditAnnotations.length === 0)
    return [...errors, required(SPEC.child('validations'), SOMETHING), required(SPEC.child('auditAnnotations'), SOMETHING)];
  for (const [index, validation] of validations.entries())
    validateValidation(errors, validation, extras, SPEC.child('validations').index(index));
  validateAuditAnnotations(errors, policy.metadata.name ?? '', auditAnnotations, extras);
  return errors;
}

export function validatePolicyStatus({ status = {} }: ValidatingAdmissionPolicy): ErrorList {
  const path = Path.of('status');
  const errors: FieldError[] = [...validateConditions(status.conditions ?? [], path.child('conditions'))];
  for (const [index, { warning, fieldRef }] of (status.typeChecking?.expressionWarnings ?? []).entries()) {
    const at = path.child('typeChecking', 'expressionWarnings').index(index);
    if (((warning as string | undefined) ?? '') === '') errors.push(required(at.child('warning'), ''));
    if (((fieldRef as string | undefined) ?? '').trim() === '') errors.push(required(at.child('fieldRef'), ''));
  }
  return errors;
}

function validateValidation(errors: FieldError[], validation: Partial<Validation>, extras: Extras, path: Path): void {
  const { expression = '', message = '', messageExpression = '', reason } = validation;
  if (expression.trim() === '') errors.push(required(path.child('expression'), 'expression is not specified'));
  else compiles(errors, expression, extras, [BOOL], path.child('expression'));
  const messageAt = path.child('messageExpression');
  if (messageExpression !== '') {
    if (messageExpression.trim() === '') errors.push(invalid(messageAt, messageExpression, 'must be non-empty if specified'));
    else compiles(errors, messageExpression, { ...extras, authorizer: false }, [STRING], messageAt);
  }
  const text = message.trim();
  const at = path.child('message');
  if (message !== '' && text === '') errors.push(invalid(at, message, 'message must be non-empty if specified'));
  else if (/[\r\n]/.test(text)) errors.push(invalid(at, message, 'must not contain line breaks'));
  else if (/[\r\n]/.test(expression.trim()) && text === '')
    errors.push(required(at, 'message must be specified if expression contains line breaks'));
  if (reason !== undefined && !REASONS.includes(reason)) errors.push(notSupported(path.child('reason'), reason, REASONS));
}

function compiles(errors: FieldError[], expression: string, extras: Extras, results: readonly Type[], path: Path): void {
  const compiled = compileAdmission(expression, extras, results);
  if (!compiled.ok) errors.push(invalid(path, expression, compiled.error));
}

function validateAuditAnnotations(
  errors: FieldError[],
  name: string,
  annotations: readonly Partial<AuditAnnotation>[],
  extras: Extras,
): void {
  const path = SPEC.child('auditAnnotations');
  if (annotations.length > MAX_ANNOTATIONS)
    errors.push(invalid(path, annotations, `must not have more than ${MAX_ANNOTATIONS} auditAnnotations`));
  const keys = new Set<string>();
  for (const [index, { key = '', valueExpression = '' }] of annotations.entries()) {
    const keyAt = path.index(index).child('key');
    const qualified = `${name}/${key}`;
    if (name === '') errors.push(invalid(keyAt, key, 'requires metadata.name be non-empty'));
    else for (const problem of isQualifiedName(qualified)) errors.push(invalid(keyAt, qualified, problem));
    const valueAt = path.index(index).child('valueExpression');
    const trimmed = valueExpression.trim();
    if (trimmed === '') errors.push(required(valueAt, 'valueExpression is not specified'));
    else if (byteLength(trimmed) > MAX_VALUE_EXPRESSION)
      errors.push(required(valueAt, `must not exceed ${MAX_VALUE_EXPRESSION} bytes in length`));
    else {
      const compiled = compileAdmission(trimmed, extras, [STRING, NULL]);
      if (!compiled.ok) errors.push(invalid(valueAt, valueExpression, compiled.error));
    }
    if (keys.has(key)) errors.push(duplicate(keyAt, key));
    keys.add(key);
  }
}
