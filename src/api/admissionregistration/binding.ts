/** What bindings of both kinds of policies say. Counterpart: pkg/apis/admissionregistration/validation of Kubernetes. */
import { forbidden, invalid, notSupported, required, type FieldError } from '../../apimachinery/field/error.ts';
import type { Path } from '../../apimachinery/field/path.ts';
import { validateLabelSelector } from '../../apimachinery/labels/validation.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';
import { isPathSegmentName } from '../../apimachinery/validation/names.ts';
import { nameIsDNSSubdomain } from '../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../columns.ts';
import type { MatchResources, ParamRef } from '../schema/types/admissionregistration/v1.ts';
import type { Table } from '../table.ts';
import { validateMatchResources } from './matchResources.ts';
import { SPEC } from './policy.ts';

export interface BindingSpec {
  readonly policyName?: string;
  readonly paramRef?: ParamRef;
  readonly matchResources?: MatchResources;
}

export interface Binding extends KubeObject {
  readonly spec?: BindingSpec;
}

export function validateBindingSpec(errors: FieldError[], spec: BindingSpec, old: BindingSpec | undefined): void {
  const name = spec.policyName ?? '';
  if (name === '') errors.push(required(SPEC.child('policyName'), ''));
  else for (const problem of nameIsDNSSubdomain(name, false)) errors.push(invalid(SPEC.child('policyName'), name, problem));
  if (spec.paramRef !== undefined) validateParamRef(errors, spec.paramRef, SPEC.child('paramRef'));
  if (spec.matchResources !== undefined)
    validateMatchResources(errors, spec.matchResources, SPEC.child('matchResources'), old?.matchResources);
}

const EXCLUSIVE = 'name and selector are mutually exclusive';
const NOT_FOUND_ACTIONS: readonly string[] = ['Deny', 'Allow'];

function validateParamRef(errors: FieldError[], { name = '', selector, parameterNotFoundAction: action = '' }: ParamRef, path: Path): void {
  if (name !== '') {
    for (const problem of isPathSegmentName(name)) errors.push(invalid(path.child('name'), name, problem));
    if (selector !== undefined) errors.push(forbidden(path.child('name'), EXCLUSIVE));
  }
  if (selector !== undefined) {
    errors.push(...validateLabelSelector(selector, path.child('selector')));
    if (name !== '') errors.push(forbidden(path.child('selector'), EXCLUSIVE));
  }
  if (name === '' && selector === undefined) errors.push(required(path, 'one of name or selector must be specified'));
  const at = path.child('parameterNotFoundAction');
  if (action === '') errors.push(required(at, ''));
  else if (!NOT_FOUND_ACTIONS.includes(action)) errors.push(notSupported(at, action, NOT_FOUND_ACTIONS));
}

export const BINDINGS_TABLE: Table<Binding> = {
  columns: [NAME, text('PolicyName'), text('ParamRef'), AGE],
  cells: (one, nowMs) => [one.metadata.name ?? '', one.spec?.policyName ?? '', paramText(one.spec?.paramRef), age(one, nowMs)],
};

function paramText(ref: ParamRef | undefined): string {
  if (ref === undefined) return '<unset>';
  const { name = '', namespace = '' } = ref;
  return namespace === '' ? `*/${name}` : `${namespace}/${name}`;
}
