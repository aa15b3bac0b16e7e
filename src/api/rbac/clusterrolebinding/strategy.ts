/**
 * ClusterRoleBindings: who has a ClusterRole everywhere.
 * Invariant: the role of a stored binding never changes.
 * Counterpart: k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding.
 */
import { CLUSTERROLEBINDINGS } from '../../schema/resources.ts';
import type { ClusterRoleBinding } from '../../schema/types/rbac/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { BINDING_TABLE, defaultBinding, validateBinding, validateBindingUpdate, type BindingRules } from '../bindings.ts';
import { ROLE_NAME } from '../rules.ts';

export const CLUSTERROLEBINDING_STRATEGY: Strategy<ClusterRoleBinding> = {
  resource: CLUSTERROLEBINDINGS,
  singular: 'clusterrolebinding',
  shortNames: [],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  validateName: ROLE_NAME,
  defaults: defaultBinding,
  validate: (binding) => validateBinding(binding, RULES),
  validateUpdate: (binding, old) => validateBindingUpdate(binding, old, RULES),
  defaultPropagation: 'Background',
  table: BINDING_TABLE,
};

const RULES: BindingRules = { roles: ['ClusterRole'], namespaced: false };
