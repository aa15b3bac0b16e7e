/**
 * ClusterRoles: what may be done in all namespaces, with objects of none and with URLs.
 * Invariant: a ClusterRole that is put together from others says from which.
 * Counterpart: k8s.io/kubernetes/pkg/registry/rbac/clusterrole.
 */
import { invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { hasInvalidValue, validateLabelSelector } from '../../../apimachinery/labels/validation.ts';
import { asSelector } from '../../apps/podTemplate.ts';
import { CLUSTERROLES } from '../../schema/resources.ts';
import type { ClusterRole } from '../../schema/types/rbac/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { OF_RBAC, validateRules } from '../rules.ts';

export const CLUSTERROLE_STRATEGY: Strategy<ClusterRole> = {
  ...OF_RBAC,
  resource: CLUSTERROLES,
  singular: 'clusterrole',
  validate: (role) => validateClusterRole(role, undefined),
  validateUpdate: validateClusterRole,
};

function validateClusterRole({ rules, aggregationRule }: ClusterRole, old: ClusterRole | undefined): ErrorList {
  const errors: FieldError[] = [...validateRules(rules, false)];
  if (aggregationRule === undefined) return errors;
  const { clusterRoleSelectors = [] } = aggregationRule;
  if (clusterRoleSelectors.length === 0) {
    errors.push(required(SELECTORS, 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
  }
  const allowInvalidValues = (old?.aggregationRule?.clusterRoleSelectors ?? []).some(hasInvalidValue);
  clusterRoleSelectors.forEach((selector, index) => {
    const path = SELECTORS.index(index);
    errors.push(...validateLabelSelector(selector, path, { allowInvalidValues }));
    // What is printed is the selector that could not be made.
    if (asSelector(selector) === undefined) errors.push(invalid(path, null, 'invalid label selector.'));
  });
  return errors;
}

const SELECTORS = Path.of('aggregationRule', 'clusterRoleSelectors');
