/**
 * ClusterRoleBindings: who has a ClusterRole everywhere.
 * Invariant: the role of a stored binding never changes.
 * Counterpart: k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding.
 */
import { CLUSTERROLEBINDINGS } from '../../schema/resources.ts';
import type { ClusterRoleBinding } from '../../schema/types/rbac/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { BINDING_TABLE, defaultBinding, validateBinding, validateBindingUpdate, type BindingRules } from '../bindings.ts';
import { OF_RBAC } from '../rules.ts';

export const CLUSTERROLEBINDING_STRATEGY: Strategy<ClusterRoleBinding> = {
  ...OF_RBAC,
  resource: CLUSTERROLEBINDINGS,
  singular: 'clusterrolebinding',
  defaults: defaultBinding,
  validate: (binding) => validateBinding(binding, RULES),
  validateUpdate: (binding, old) => validateBindingUpdate(binding, old, RULES),
  table: BINDING_TABLE,
};

const RULES: BindingRules = { roles: ['ClusterRole'], namespaced: false };
