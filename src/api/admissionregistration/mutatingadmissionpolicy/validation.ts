import { invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { JSON_PATCH_TYPE, OBJECT_TYPE } from '../../../apimachinery/cel/mutation.ts';
import { listOf } from '../../../apimachinery/cel/types.ts';
import { compileAdmission, type Extras } from '../../cel/admission.ts';
import type { MatchResources, MutatingAdmissionPolicy, Mutation } from '../../schema/types/admissionregistration/v1.ts';
import { oneOf, SPEC, validatePolicy, type PolicySpec } from '../policy.ts';

const PATCH_TYPES: readonly string[] = ['ApplyConfiguration', 'JSONPatch'];
const REINVOCATION: readonly string[] = ['IfNeeded', 'Never'];
/** A deletion has nothing to change. */
const OPERATIONS: readonly string[] = ['*', 'CONNECT', 'CREATE', 'UPDATE'];

export const PATCH_RESULT = listOf(JSON_PATCH_TYPE);

/** @param old on an update: conditions that are as they were are not looked at again */
export function validateMutatingPolicy(policy: MutatingAdmissionPolicy, old?: MutatingAdmissionPolicy): ErrorList {
  const errors: FieldError[] = [];
  const spec = policy.spec ?? {};
  const extras = validatePolicy(errors, spec as PolicySpec, old?.spec as PolicySpec | undefined, (match) =>
    validateOperations(errors, match),
  );
  const mutations = spec.mutations ?? [];
  const path = SPEC.child('mutations');
  if (mutations.length === 0) errors.push(required(path, 'mutations must contain at least one item'));
  for (const [index, mutation] of mutations.entries()) validateMutation(errors, mutation, extras, path.index(index));
  const reinvocation: string = spec.reinvocationPolicy ?? '';
  oneOf(errors, reinvocation === '' ? undefined : reinvocation, REINVOCATION, SPEC.child('reinvocationPolicy'));
  return errors;
}

function validateOperations(errors: FieldError[], { resourceRules = [] }: MatchResources): void {
  const path = SPEC.child('matchConstraints', 'resourceRules', 'operations');
  for (const { operations = [] } of resourceRules)
    for (const operation of operations) if (!OPERATIONS.includes(operation)) errors.push(notSupported(path, operation, OPERATIONS));
}

function validateMutation(errors: FieldError[], mutation: Partial<Mutation>, extras: Extras, path: Path): void {
  const { applyConfiguration, jsonPatch } = mutation;
  const patchType: string = mutation.patchType ?? '';
  const absent = (field: 'applyConfiguration' | 'jsonPatch'): void => {
    errors.push(invalid(path.child(field), `{${field}}`, `must not be specified when patchType is ${patchType}`));
  };
  const present = (field: 'applyConfiguration' | 'jsonPatch'): void => {
    errors.push(required(path.child(field), `must be specified when patchType is ${patchType}`));
  };
  if (patchType === '') errors.push(required(path.child('patchType'), ''));
  else if (!PATCH_TYPES.includes(patchType)) errors.push(notSupported(path.child('patchType'), patchType, PATCH_TYPES));
  else if (patchType === 'ApplyConfiguration') {
    if (applyConfiguration === undefined) present('applyConfiguration');
    else checkPatch(errors, applyConfiguration.expression, extras, false, path.child('applyConfiguration', 'expression'));
    if (jsonPatch !== undefined) absent('jsonPatch');
  } else {
    if (jsonPatch === undefined) present('jsonPatch');
    else checkPatch(errors, jsonPatch.expression, extras, true, path.child('jsonPatch', 'expression'));
    if (applyConfiguration !== undefined) absent('applyConfiguration');
  }
}

function checkPatch(errors: FieldError[], expression: string | undefined, extras: Extras, isList: boolean, path: Path): void {
  const source = expression ?? '';
  if (source.trim() === '') {
    errors.push(required(path, ''));
    return;
  }
  const compiled = compileAdmission(source, { ...extras, mutation: true }, [isList ? PATCH_RESULT : OBJECT_TYPE]);
  if (!compiled.ok) errors.push(invalid(path, source, compiled.error));
}
