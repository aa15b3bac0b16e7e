/**
 * What policies that validate and policies that mutate have in common: whom they are about, parameters and variables.
 * Invariant: what is wrong is said in the order of the fields of the real validation.
 * Counterpart: pkg/apis/admissionregistration/validation of Kubernetes.
 */
import { invalid, notSupported, required, type FieldError } from '../../apimachinery/field/error.ts';
import { Path } from '../../apimachinery/field/path.ts';
import { isDNS1035Label, isDNS1123Subdomain } from '../../apimachinery/validation/names.ts';
import { jsonEqual } from '../../base/json.ts';
import type { Extras } from '../cel/admission.ts';
import { Variables } from '../cel/variables.ts';
import type { MatchCondition, MatchResources, ParamKind, Variable } from '../schema/types/admissionregistration/v1.ts';
import { checkCondition, checkConditionWithParams } from './expressions.ts';
import { validateMatchConditions } from './matchConditions.ts';
import { validateMatchResources } from './matchResources.ts';

/** What both kinds of policies say. */
export interface PolicySpec {
  readonly failurePolicy?: string;
  readonly paramKind?: Partial<ParamKind>;
  readonly matchConstraints?: MatchResources;
  readonly matchConditions?: readonly Partial<MatchCondition>[];
  readonly variables?: readonly Partial<Variable>[];
}

export const SPEC = Path.of('spec');
const FAILURE_POLICIES: readonly string[] = ['Fail', 'Ignore'];

/**
 * Everything before the rules themselves.
 * @returns what their expressions can name
 */
export function validatePolicy(
  errors: FieldError[],
  spec: PolicySpec,
  old: PolicySpec | undefined,
  afterConstraints?: (match: MatchResources) => void,
): Extras {
  oneOf(errors, spec.failurePolicy, FAILURE_POLICIES, SPEC.child('failurePolicy'));
  if (spec.paramKind !== undefined) validateParamKind(errors, spec.paramKind, SPEC.child('paramKind'));
  const at = SPEC.child('matchConstraints');
  if (spec.matchConstraints === undefined) errors.push(required(at, ''));
  else {
    validateMatchResources(errors, spec.matchConstraints, at, old?.matchConstraints);
    if ((spec.matchConstraints.resourceRules ?? []).length === 0) errors.push(required(at.child('resourceRules'), ''));
    afterConstraints?.(spec.matchConstraints);
  }
  const params = spec.paramKind !== undefined;
  const sameConditions =
    (old?.paramKind === undefined) === (spec.paramKind === undefined) && jsonEqual(old?.matchConditions ?? [], spec.matchConditions ?? []);
  if (old === undefined || !sameConditions)
    validateMatchConditions(
      errors,
      spec.matchConditions ?? [],
      SPEC.child('matchConditions'),
      params ? checkConditionWithParams : checkCondition,
    );
  return validateVariables(errors, spec.variables ?? [], { params, authorizer: true });
}

export function oneOf(errors: FieldError[], value: string | undefined, supported: readonly string[], path: Path): void {
  if (value === undefined) errors.push(required(path, ''));
  else if (!supported.includes(value)) errors.push(notSupported(path, value, supported));
}

function validateParamKind(errors: FieldError[], { apiVersion = '', kind = '' }: Partial<ParamKind>, path: Path): void {
  const at = path.child('apiVersion');
  const parts = apiVersion.split('/');
  if (apiVersion === '') errors.push(required(at, ''));
  else if (parts.length > 2) errors.push(invalid(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    const version = parts.at(-1) ?? '';
    const group = parts.length === 2 ? (parts[0] ?? '') : '';
    const problems = group === '' ? [] : isDNS1123Subdomain(group);
    if (problems.length > 0) errors.push(invalid(at, group, problems.join(',')));
    if (version === '') errors.push(invalid(at, apiVersion, 'version must be specified'));
    else {
      const wrong = isDNS1035Label(version);
      if (wrong.length > 0) errors.push(invalid(at, version, wrong.join(',')));
    }
  }
  if (kind === '') errors.push(required(path.child('kind'), ''));
  else {
    const problems = isDNS1035Label(kind.toLowerCase());
    if (problems.length > 0)
      errors.push(invalid(path.child('kind'), kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`));
  }
}

/** Words that CEL keeps for itself. */
const RESERVED: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);

function validateVariables(errors: FieldError[], list: readonly Partial<Variable>[], extras: Extras): Extras {
  if (list.length === 0) return extras;
  const variables = new Variables();
  for (const [index, { name = '', expression = '' }] of list.entries()) {
    const path = SPEC.child('variables').index(index);
    if (name.trim() === '') errors.push(required(path.child('name'), 'name is not specified'));
    else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) || RESERVED.has(name))
      errors.push(invalid(path.child('name'), name, 'must be a valid CEL identifier'));
    if (expression.trim() === '') {
      errors.push(required(path.child('expression'), 'expression is not specified'));
      continue;
    }
    const compiled = variables.add(name, expression, extras);
    if (!compiled.ok) errors.push(invalid(path.child('expression'), expression, compiled.error));
  }
  return { ...extras, variables: variables.type };
}

export function paramKindText(kind: ParamKind | undefined): string {
  return kind === undefined ? '<unset>' : `${kind.apiVersion ?? ''}/${kind.kind ?? ''}`;
}
