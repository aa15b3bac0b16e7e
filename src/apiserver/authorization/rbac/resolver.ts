/**
 * Which rules hold for a user: the bindings that name the user or a group, and the roles behind them.
 * Invariant: cluster-wide bindings first, then those of the namespace, each by name.
 * Counterpart: k8s.io/kubernetes/pkg/registry/rbac/validation/rule.go.
 */
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from '../../../api/schema/types/rbac/v1.ts';
import { objectKey } from '../../../apimachinery/meta/resource.ts';
import type { UserInfo } from '../../request.ts';
import type { Store } from '../../storage/store.ts';

const RBAC = 'rbac.authorization.k8s.io';
const CLUSTER_BINDINGS = `clusterrolebindings.${RBAC}`;
const BINDINGS = `rolebindings.${RBAC}`;
const INDEX_SUBJECT = 'subjects';

export interface BoundRule {
  readonly rule: PolicyRule;
  /** `ClusterRoleBinding "b" of ClusterRole "r" to User "u"` */
  readonly source: () => string;
}

/** Bindings by whom they name, so that a question costs what its user is bound to. */
export function addSubjectIndexes(store: Store): void {
  const keys = (namespace: string, subjects: readonly Subject[] | undefined): readonly string[] => [
    ...new Set((subjects ?? []).map((subject) => keyOf(subject, namespace))),
  ];
  store.addIndex(CLUSTER_BINDINGS, INDEX_SUBJECT, (object) => keys('', (object as ClusterRoleBinding).subjects));
  store.addIndex(BINDINGS, INDEX_SUBJECT, (object) => {
    const { metadata, subjects } = object as RoleBinding;
    const namespace = metadata.namespace ?? '';
    return keys(namespace, subjects).map((key) => `${namespace} ${key}`);
  });
}

/** @param problems gets a text for each role that is bound but does not exist */
export function* rulesFor(store: Store, user: UserInfo, namespace: string, problems: string[]): Generator<BoundRule, void, undefined> {
  yield* bound(store, CLUSTER_BINDINGS, '', user, problems);
  if (namespace !== '') yield* bound(store, BINDINGS, namespace, user, problems);
}

/** The rules of the role that a binding refers to, or the words for a role that is not there. */
export function rulesOfRole(store: Store, { kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | string {
  const isRole = kind === 'Role';
  const key = isRole ? objectKey(namespace, name) : objectKey('', name);
  const role = store.get(`${isRole ? 'roles' : 'clusterroles'}.${RBAC}`, key) as Role | ClusterRole | undefined;
  return role === undefined ? `${kind.toLowerCase()}.${RBAC} "${name}" not found` : (role.rules ?? []);
}

function* bound(
  store: Store,
  resource: string,
  namespace: string,
  user: UserInfo,
  problems: string[],
): Generator<BoundRule, void, undefined> {
  const names = keysOfUser(user);
  const found = new Map<string, ClusterRoleBinding | RoleBinding>();
  for (const name of names) {
    const key = namespace === '' ? name : `${namespace} ${name}`;
    for (const binding of store.byIndex(resource, INDEX_SUBJECT, key) as readonly (ClusterRoleBinding | RoleBinding)[])
      found.set(binding.metadata.name ?? '', binding);
  }
  for (const [, binding] of [...found].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const rules = rulesOfRole(store, binding.roleRef, namespace);
    if (typeof rules === 'string') {
      problems.push(rules);
      continue;
    }
    const subject = (binding.subjects ?? []).find((candidate) => names.has(keyOf(candidate, namespace)));
    const source = (): string => describeBinding(binding, namespace, subject);
    for (const rule of rules) yield { rule, source };
  }
}

/** How the subjects of bindings can name a user. */
function keysOfUser({ name, groups }: UserInfo): ReadonlySet<string> {
  return new Set([`User ${name}`, ...groups.map((group) => `Group ${group}`)]);
}

/** A ServiceAccount is a user with a name made of its own; without a namespace it is one of the binding's. */
function keyOf({ kind, name, namespace }: Subject, bindingNamespace: string): string {
  if (kind !== 'ServiceAccount') return `${kind} ${name}`;
  const where = (namespace ?? '') === '' ? bindingNamespace : (namespace ?? '');
  return where === '' ? 'nobody' : `User system:serviceaccount:${where}:${name}`;
}

function describeBinding({ metadata, roleRef }: ClusterRoleBinding | RoleBinding, namespace: string, subject: Subject | undefined): string {
  const name = metadata.name ?? '';
  const binding = namespace === '' ? `ClusterRoleBinding "${name}"` : `RoleBinding "${name}/${namespace}"`;
  return `${binding} of ${roleRef.kind} "${roleRef.name}" to ${describeSubject(subject, namespace)}`;
}

function describeSubject(subject: Subject | undefined, bindingNamespace: string): string {
  if (subject === undefined) return '';
  const { kind, name, namespace } = subject;
  if (kind !== 'ServiceAccount') return `${kind} "${name}"`;
  return `${kind} "${name}/${(namespace ?? '') === '' ? bindingNamespace : (namespace ?? '')}"`;
}
