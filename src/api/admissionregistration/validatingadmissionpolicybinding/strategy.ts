/**
 * ValidatingAdmissionPolicyBindings: where a policy holds, with which parameters, and what comes of it.
 * Invariant: what fails is refused, warned of or noted, but not refused and warned of at once.
 * Counterpart: k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicybinding.
 */
import { duplicate, invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { VALIDATINGADMISSIONPOLICYBINDINGS } from '../../schema/resources.ts';
import type { ValidatingAdmissionPolicyBinding } from '../../schema/types/admissionregistration/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { BINDINGS_TABLE, validateBindingSpec } from '../binding.ts';
import { defaultMatchResources } from '../matchResources.ts';
import { SPEC } from '../policy.ts';

export const VALIDATINGADMISSIONPOLICYBINDING_STRATEGY: Strategy<ValidatingAdmissionPolicyBinding> = {
  resource: VALIDATINGADMISSIONPOLICYBINDINGS,
  singular: 'validatingadmissionpolicybinding',
  shortNames: [],
  categories: ['api-extensions'],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults: (binding) => defaultMatchResources(binding.spec?.matchResources),
  validate: (binding) => validateBinding(binding),
  validateUpdate: validateBinding,
  defaultPropagation: 'Background',
  table: BINDINGS_TABLE,
};

function validateBinding(binding: ValidatingAdmissionPolicyBinding, old?: ValidatingAdmissionPolicyBinding): ErrorList {
  const errors: FieldError[] = [];
  const spec = (binding.spec as Partial<typeof binding.spec> | undefined) ?? {};
  validateBindingSpec(errors, spec, old?.spec);
  validateActions(errors, spec.validationActions ?? []);
  return errors;
}

const ACTIONS: readonly string[] = ['Audit', 'Deny', 'Warn'];

function validateActions(errors: FieldError[], actions: readonly string[]): void {
  const path = SPEC.child('validationActions');
  const seen = new Set<string>();
  for (const [index, action] of actions.entries()) {
    if (!ACTIONS.includes(action)) errors.push(notSupported(path.index(index), action, ACTIONS));
    if (seen.has(action)) errors.push(duplicate(path.index(index), action));
    seen.add(action);
  }
  if (seen.has('Deny') && seen.has('Warn'))
    errors.push(
      invalid(
        path,
        actions,
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    );
  if (actions.length === 0) errors.push(required(path, 'at least one validation action is required'));
}
