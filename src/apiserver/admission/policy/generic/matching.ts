import type { MatchResources, NamedRuleWithOperations } from '../../../../api/schema/types/admissionregistration/v1.ts';
import { matchesNamespace, matchesObjects, matchesRule } from '../../webhook/matching.ts';
import type { AdmissionAttributes, AdmissionWorld } from '../../plugin.ts';

/** Counterpart: k8s.io/apiserver/pkg/admission/plugin/policy/matching. */
export function matchesResources(match: MatchResources | undefined, attributes: AdmissionAttributes, world: AdmissionWorld): boolean {
  if (match === undefined) return true;
  const { resourceRules = [], excludeResourceRules = [], matchPolicy = 'Equivalent' } = match;
  const holds = (rule: NamedRuleWithOperations): boolean => matchesRule(rule, matchPolicy, attributes) && matchesName(rule, attributes);
  return (
    !excludeResourceRules.some(holds) &&
    (resourceRules.length === 0 || resourceRules.some(holds)) &&
    matchesNamespace(match.namespaceSelector, attributes, world) &&
    matchesObjects(match.objectSelector, attributes)
  );
}

function matchesName({ resourceNames = [] }: NamedRuleWithOperations, { name }: AdmissionAttributes): boolean {
  return resourceNames.length === 0 || resourceNames.includes(name);
}
