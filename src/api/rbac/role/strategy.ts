/**
 * Roles: what may be done in one namespace.
 * Invariant: every rule of a stored Role says of which resources it speaks.
 * Counterpart: k8s.io/kubernetes/pkg/registry/rbac/role.
 */
import { ROLES } from '../../schema/resources.ts';
import type { Role } from '../../schema/types/rbac/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { OF_RBAC, validateRules } from '../rules.ts';

export const ROLE_STRATEGY: Strategy<Role> = {
  ...OF_RBAC,
  resource: ROLES,
  singular: 'role',
  validate: ({ rules }) => validateRules(rules, true),
  validateUpdate: ({ rules }) => validateRules(rules, true),
};
