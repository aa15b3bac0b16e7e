/**
 * Roles and bindings may be written only by those who have what they grant, or who may `escalate` or `bind`.
 * Invariant: asked of every create and update of the four kinds, whoever makes it; masters are never refused.
 * Counterpart: k8s.io/kubernetes/pkg/registry/rbac/{role,clusterrole,rolebinding,clusterrolebinding}/policybased.
 */
import type { ClusterRole, ClusterRoleBinding, PolicyRule, RoleBinding } from '../../../api/schema/types/rbac/v1.ts';
import { jsonEqual } from '../../../base/json.ts';
import * as errors from '../../../apimachinery/errors/status.ts';
import type { Status } from '../../../apimachinery/errors/status.ts';
import { aggregate, MASTERS } from '../../authorization/authorizer.ts';
import { confirmNoEscalation } from '../../authorization/rbac/escalation.ts';
import { rulesOfRole } from '../../authorization/rbac/resolver.ts';
import type { GuardRequest, RegistryHooks } from '../hooks.ts';

const GROUP = 'rbac.authorization.k8s.io';

export const roleHooks: RegistryHooks = { guard: guardRole };
export const bindingHooks: RegistryHooks = { guard: guardBinding };

/** What a ClusterRole may come to hold that is put together from others. */
const FULL_AUTHORITY: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

function guardRole(request: GuardRequest): Status | undefined {
  const { user, authorizer, resource, namespace, object, old } = request;
  const role = object as ClusterRole;
  if (user.groups.includes(MASTERS)) return undefined;
  const name = object.metadata.name ?? '';
  const attributes = { verb: 'escalate', group: GROUP, resource: resource.plural, subresource: '', namespace, name };
  if (authorizer.mayDo(user, attributes)) return undefined;
  const former = old as ClusterRole | undefined;
  if (former !== undefined && jsonEqual(former.rules, role.rules) && jsonEqual(former.aggregationRule, role.aggregationRule))
    return undefined;
  const refusal = denied(request, role.rules ?? []);
  if (refusal !== undefined) return errors.forbidden(resource, name, refusal);
  if ((role.aggregationRule?.clusterRoleSelectors ?? []).length === 0) return undefined;
  if (denied(request, FULL_AUTHORITY) === undefined) return undefined;
  return errors.forbidden(resource, name, 'must have cluster-admin privileges to use the aggregationRule');
}

function guardBinding(request: GuardRequest): Status | undefined {
  const { user, authorizer, resource, namespace, object, old, store } = request;
  const { roleRef, metadata, subjects } = object as ClusterRoleBinding | RoleBinding;
  if (user.groups.includes(MASTERS)) return undefined;
  const former = old as RoleBinding | undefined;
  if (former !== undefined && jsonEqual(former.roleRef, roleRef) && jsonEqual(former.subjects, subjects)) return undefined;
  const bind = { verb: 'bind', group: GROUP, resource: roleRef.kind === 'Role' ? 'roles' : 'clusterroles', subresource: '', namespace };
  if (authorizer.mayDo(user, { ...bind, name: roleRef.name })) return undefined;
  const rules = rulesOfRole(store, roleRef, namespace);
  if (typeof rules === 'string') return errors.notFound(resource, roleRef.name);
  const refusal = denied(request, rules);
  return refusal === undefined ? undefined : errors.forbidden(resource, metadata.name ?? '', refusal);
}

function denied({ user, authorizer, namespace }: GuardRequest, wanted: readonly PolicyRule[]): string | undefined {
  const problems: string[] = [];
  const held = authorizer.rules(user, namespace, problems).map(({ rule }) => rule);
  return confirmNoEscalation(user, held, wanted, problems.length === 0 ? '' : aggregate(problems));
}
