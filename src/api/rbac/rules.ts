import { invalid, required, type ErrorList, type FieldError } from '../../apimachinery/field/error.ts';
import { Path } from '../../apimachinery/field/path.ts';
import { isPathSegmentName } from '../../apimachinery/validation/names.ts';
import type { PolicyRule } from '../schema/types/rbac/v1.ts';
import type { Strategy } from '../strategy.ts';

/** What the four kinds have in common. A name is anything that fits into a path; a generateName is judged like a name. */
export const OF_RBAC = {
  shortNames: [],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  validateName: (name) => isPathSegmentName(name),
  defaultPropagation: 'Background',
} as const satisfies Partial<Strategy>;

/** @param namespaced a rule of a Role says nothing of URLs that belong to no namespace */
export function validateRules(rules: readonly PolicyRule[] | undefined, namespaced: boolean): ErrorList {
  return (rules ?? []).flatMap((rule, index) => validateRule(rule, namespaced, Path.of('rules').index(index)));
}

/** Counterpart: ValidatePolicyRule of k8s.io/kubernetes/pkg/apis/rbac/validation. */
function validateRule(rule: Partial<PolicyRule>, namespaced: boolean, path: Path): ErrorList {
  const errors: FieldError[] = [];
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  if (verbs.length === 0) errors.push(required(path.child('verbs'), 'verbs must contain at least one value'));
  if (nonResourceURLs.length > 0) {
    const at = path.child('nonResourceURLs');
    if (namespaced) errors.push(invalid(at, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'));
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      errors.push(invalid(at, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs'));
    }
    return errors;
  }
  if (apiGroups.length === 0) errors.push(required(path.child('apiGroups'), 'resource rules must supply at least one api group'));
  if (resources.length === 0) errors.push(required(path.child('resources'), 'resource rules must supply at least one resource'));
  return errors;
}
