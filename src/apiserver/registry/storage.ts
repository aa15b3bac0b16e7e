import type { RegistryHooks } from './hooks.ts';
import { definitionHooks } from './apiextensions/customresourcedefinition/customresourcedefinition.ts';
import { namespaceHooks } from './core/namespace/namespace.ts';
import { serviceHooks } from './core/service/ipAddresses.ts';
import { bindingHooks, roleHooks } from './rbac/escalation.ts';

/** The kinds whose storage does more than store, by group resource. */
export const REGISTRY_HOOKS: ReadonlyMap<string, RegistryHooks> = new Map([
  ['namespaces', namespaceHooks],
  ['services', serviceHooks],
  ['customresourcedefinitions.apiextensions.k8s.io', definitionHooks],
  ['roles.rbac.authorization.k8s.io', roleHooks],
  ['clusterroles.rbac.authorization.k8s.io', roleHooks],
  ['rolebindings.rbac.authorization.k8s.io', bindingHooks],
  ['clusterrolebindings.rbac.authorization.k8s.io', bindingHooks],
]);
