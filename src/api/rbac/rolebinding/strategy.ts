/**
 * RoleBindings: who has a role in one namespace.
 * Invariant: the role of a stored binding never changes.
 * Counterpart: k8s.io/kubernetes/pkg/registry/rbac/rolebinding.
 */
import { ROLEBINDINGS } from '../../schema/resources.ts';
import type { RoleBinding } from '../../schema/types/rbac/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { BINDING_TABLE, defaultBinding, validateBinding, validateBindingUpdate, type BindingRules } from '../bindings.ts';
import { OF_RBAC } from '../rules.ts';

export const ROLEBINDING_STRATEGY: Strategy<RoleBinding> = {
  ...OF_RBAC,
  resource: ROLEBINDINGS,
  singular: 'rolebinding',
  defaults: defaultBinding,
  validate: (binding) => validateBinding(binding, RULES),
  validateUpdate: (binding, old) => validateBindingUpdate(binding, old, RULES),
  table: BINDING_TABLE,
};

const RULES: BindingRules = { roles: ['Role', 'ClusterRole'], namespaced: true };
