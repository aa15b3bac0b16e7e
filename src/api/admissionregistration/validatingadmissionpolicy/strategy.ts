/**
 * ValidatingAdmissionPolicies: rules in CEL that requests must satisfy.
 * Invariant: every expression compiles, with what it can name.
 * Counterpart: k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicy.
 */
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, integer, NAME, text } from '../../columns.ts';
import { VALIDATINGADMISSIONPOLICIES } from '../../schema/resources.ts';
import type { ValidatingAdmissionPolicy } from '../../schema/types/admissionregistration/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { defaultMatchResources } from '../matchResources.ts';
import { paramKindText } from '../policy.ts';
import { validatePolicyStatus, validateValidatingPolicy } from './validation.ts';

export const VALIDATINGADMISSIONPOLICY_STRATEGY: Strategy<ValidatingAdmissionPolicy> = {
  resource: VALIDATINGADMISSIONPOLICIES,
  singular: 'validatingadmissionpolicy',
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
  prepareForCreate(policy) {
    policy.status = {};
  },
  validate: (policy) => validateValidatingPolicy(policy),
  validateUpdate: validateValidatingPolicy,
  status: { validateUpdate: validatePolicyStatus },
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, integer('Validations'), text('ParamKind'), AGE],
    cells: (one, nowMs) => [
      one.metadata.name ?? '',
      one.spec?.validations?.length ?? 0,
      paramKindText(one.spec?.paramKind),
      age(one, nowMs),
    ],
  },
};
