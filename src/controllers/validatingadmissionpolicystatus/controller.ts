/**
 * Says in the status of ValidatingAdmissionPolicies what their expressions get wrong about the kinds they are for.
 * Invariant: looked at once for each generation. Counterpart: k8s.io/kubernetes/pkg/controller/validatingadmissionpolicystatus.
 */
import { draft } from '../../base/json.ts';
import { VALIDATINGADMISSIONPOLICIES } from '../../api/schema/resources.ts';
import type { Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { typeWarnings } from './typeChecking.ts';

export function createValidatingAdmissionPolicyStatusController({ client }: ControllerContext): Controller {
  return {
    for: VALIDATINGADMISSIONPOLICIES,
    reconcile: (name) => {
      const policy = client.get(VALIDATINGADMISSIONPOLICIES, '', name);
      const generation = policy?.metadata.generation ?? 0;
      if (policy === undefined || generation <= (policy.status?.observedGeneration ?? 0)) return undefined;
      const warnings = typeWarnings(policy, client.api.catalog);
      client.modify(
        VALIDATINGADMISSIONPOLICIES,
        '',
        name,
        (copy) => {
          copy.status = {
            ...copy.status,
            observedGeneration: generation,
            typeChecking: warnings.length === 0 ? {} : { expressionWarnings: draft(warnings) },
          };
        },
        'status',
      );
      return undefined;
    },
  };
}
