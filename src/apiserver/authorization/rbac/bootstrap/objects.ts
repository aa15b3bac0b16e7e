/**
 * The roles and bindings of a fresh cluster as objects.
 * Counterpart: k8s.io/kubernetes/pkg/registry/rbac/rest.PolicyData.
 */
import { CLUSTERROLEBINDINGS, CLUSTERROLES, ROLEBINDINGS, ROLES } from '../../../../api/schema/resources.ts';
import type { Subject } from '../../../../api/schema/types/rbac/v1.ts';
import type { KubeObject, ResourceType } from '../../../../apimachinery/meta/resource.ts';
import { CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES, type BootstrapRole } from './clusterRoles.ts';
import { CONTROLLER_ROLES } from './controllerRoles.ts';
import { NAMESPACE_ROLES } from './namespaceRoles.ts';
import { rule } from './rule.ts';

const GROUP = 'rbac.authorization.k8s.io';
const LABELS = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const ANNOTATIONS = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };
const CONTROLLER = 'system:controller:';

export interface BootstrapObject {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly object: KubeObject;
}

export function bootstrapPolicy(): readonly BootstrapObject[] {
  const controllers = Object.entries(CONTROLLER_ROLES);
  return [
    ...Object.entries(CLUSTER_ROLES).map(([name, role]) => clusterRole(name, role)),
    ...controllers.map(([name, rules]) => clusterRole(`${CONTROLLER}${name}`, { rules })),
    ...Object.entries(CLUSTER_ROLE_BINDINGS).map(([name, subjects]) => clusterRoleBinding(name, subjects)),
    ...controllers.map(([name]) => clusterRoleBinding(`${CONTROLLER}${name}`, [`ServiceAccount kube-system/${name}`])),
    ...NAMESPACE_ROLES.map(({ namespace, name, rules }) => ({
      type: ROLES,
      namespace,
      object: { metadata: metadata(name), rules: rules.map(rule) },
    })),
    ...NAMESPACE_ROLES.map(({ namespace, name, binding, subjects }) => ({
      type: ROLEBINDINGS,
      namespace,
      object: { metadata: metadata(binding ?? name), roleRef: roleRef('Role', name), subjects: subjects.map(subject) },
    })),
  ];
}

function clusterRole(name: string, { rules, aggregatesTo, aggregated }: BootstrapRole): BootstrapObject {
  const labels = aggregatesTo === undefined ? {} : { [`${GROUP}/aggregate-to-${aggregatesTo}`]: 'true' };
  const selector = { matchLabels: { [`${GROUP}/aggregate-to-${aggregated ?? ''}`]: 'true' } };
  const object = {
    metadata: metadata(name, labels),
    ...(aggregated === undefined ? {} : { aggregationRule: { clusterRoleSelectors: [selector] } }),
    ...(rules === undefined ? {} : { rules: rules.map(rule) }),
  };
  return { type: CLUSTERROLES, namespace: '', object };
}

function clusterRoleBinding(name: string, subjects: readonly string[]): BootstrapObject {
  const object = {
    metadata: metadata(name),
    roleRef: roleRef('ClusterRole', name),
    ...(subjects.length === 0 ? {} : { subjects: subjects.map(subject) }),
  };
  return { type: CLUSTERROLEBINDINGS, namespace: '', object };
}

function metadata(name: string, labels: Readonly<Record<string, string>> = {}): KubeObject['metadata'] {
  return { name, labels: { ...LABELS, ...labels }, annotations: { ...ANNOTATIONS } };
}

function roleRef(kind: string, name: string): object {
  return { apiGroup: GROUP, kind, name };
}

function subject(text: string): Subject {
  const [kind = '', name = ''] = text.split(' ');
  if (kind !== 'ServiceAccount') return { apiGroup: GROUP, kind, name };
  const [namespace = '', account = ''] = name.split('/');
  return { kind, name: account, namespace };
}
