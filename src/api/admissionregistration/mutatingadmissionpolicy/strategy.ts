/**
 * MutatingAdmissionPolicies: changes in CEL that are made to requests.
 * Invariant: every expression compiles, and makes an object or a list of patches.
 * Counterpart: k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingadmissionpolicy.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, integer, NAME, text } from '../../columns.ts';
import { MUTATINGADMISSIONPOLICIES } from '../../schema/resources.ts';
import type { MutatingAdmissionPolicy } from '../../schema/types/admissionregistration/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { defaultMatchResources } from '../matchResources.ts';
import { paramKindText } from '../policy.ts';
import { validateMutatingPolicy } from './validation.ts';

export const MUTATINGADMISSIONPOLICY_STRATEGY: Strategy<MutatingAdmissionPolicy> = {
  resource: MUTATINGADMISSIONPOLICIES,
  singular: 'mutatingadmissionpolicy',
  shortNames: [],
  categories: ['api-extensions'],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  defaults(policy) {
    const spec = (policy.spec ??= {});
    spec.failurePolicy ??= 'Fail';
    defaultMatchResources(spec.matchConstraints);
  },
  validate: (policy) => validateMutatingPolicy(policy),
  validateUpdate: validateMutatingPolicy,
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, integer('Mutations'), text('ParamKind'), AGE],
    cells: (one, nowMs) => [one.metadata.name ?? '', one.spec?.mutations?.length ?? 0, paramKindText(one.spec?.paramKind), age(one, nowMs)],
  },
};
