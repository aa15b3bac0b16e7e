/**
 * MutatingAdmissionPolicyBindings: where a policy holds, and with which parameters.
 * Invariant: names a policy; parameters are one by name, or those that labels select.
 * Counterpart: k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingadmissionpolicybinding.
 */
import type { ErrorList, FieldError } from '../../../apimachinery/field/error.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { MUTATINGADMISSIONPOLICYBINDINGS } from '../../schema/resources.ts';
import type { MutatingAdmissionPolicyBinding } from '../../schema/types/admissionregistration/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { BINDINGS_TABLE, validateBindingSpec } from '../binding.ts';
import { defaultMatchResources } from '../matchResources.ts';

export const MUTATINGADMISSIONPOLICYBINDING_STRATEGY: Strategy<MutatingAdmissionPolicyBinding> = {
  resource: MUTATINGADMISSIONPOLICYBINDINGS,
  singular: 'mutatingadmissionpolicybinding',
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

function validateBinding(binding: MutatingAdmissionPolicyBinding, old?: MutatingAdmissionPolicyBinding): ErrorList {
  const errors: FieldError[] = [];
  validateBindingSpec(errors, binding.spec ?? {}, old?.spec);
  return errors;
}
