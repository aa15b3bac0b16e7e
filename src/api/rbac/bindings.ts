/** What RoleBinding and ClusterRoleBinding share: who is bound to which role. */
import type { Draft } from '../../base/json.ts';
import { jsonEqual } from '../../base/json.ts';
import { invalid, notSupported, required, type ErrorList, type FieldError } from '../../apimachinery/field/error.ts';
import { Path } from '../../apimachinery/field/path.ts';
import { isDNS1123Subdomain, isPathSegmentName } from '../../apimachinery/validation/names.ts';
import { age, AGE, NAME, text, wide } from '../columns.ts';
import type { RoleBinding, RoleRef, Subject } from '../schema/types/rbac/v1.ts';
import type { Table } from '../table.ts';

/** A ClusterRoleBinding has the same members. */
export type Binding = RoleBinding;

const GROUP = 'rbac.authorization.k8s.io';

/** Counterpart: SetDefaults_RoleBinding, SetDefaults_ClusterRoleBinding, SetDefaults_Subject. */
export function defaultBinding(binding: Draft<Binding>): void {
  const role = (binding.roleRef ??= { kind: '', name: '' });
  if ((role.apiGroup ?? '') === '') role.apiGroup = GROUP;
  for (const subject of binding.subjects ?? []) {
    const isNamed = subject.kind === 'User' || subject.kind === 'Group';
    if (isNamed && (subject.apiGroup ?? '') === '') subject.apiGroup = GROUP;
  }
}

export interface BindingRules {
  /** What the role may be. */
  readonly roles: readonly string[];
  /** A ServiceAccount without namespace is one of the namespace of the binding. */
  readonly namespaced: boolean;
}

export function validateBinding({ roleRef, subjects = [] }: Binding, { roles, namespaced }: BindingRules): ErrorList {
  const { apiGroup = '', kind = '', name = '' }: Partial<RoleRef> = roleRef;
  const errors: FieldError[] = [];
  if (apiGroup !== GROUP) errors.push(notSupported(ROLE.child('apiGroup'), apiGroup, [GROUP]));
  if (!roles.includes(kind)) errors.push(notSupported(ROLE.child('kind'), kind, roles));
  if (name === '') errors.push(required(ROLE.child('name'), ''));
  else for (const problem of isPathSegmentName(name)) errors.push(invalid(ROLE.child('name'), name, problem));
  subjects.forEach((subject, index) => errors.push(...validateSubject(subject, namespaced, Path.of('subjects').index(index))));
  return errors;
}

/** Whom it binds may change, to what may not. */
export function validateBindingUpdate(binding: Binding, old: Binding, rules: BindingRules): ErrorList {
  const [role, before] = [printedRole(binding.roleRef), printedRole(old.roleRef)];
  return [...validateBinding(binding, rules), ...(jsonEqual(role, before) ? [] : [invalid(ROLE, role, 'cannot change roleRef')])];
}

function printedRole({ apiGroup = '', kind = '', name = '' }: Partial<RoleRef>): Readonly<Record<string, string>> {
  return { APIGroup: apiGroup, Kind: kind, Name: name };
}

function validateSubject(subject: Partial<Subject>, namespaced: boolean, path: Path): ErrorList {
  const { kind = '', name = '', namespace = '', apiGroup = '' } = subject;
  const errors: FieldError[] = [];
  if (name === '') errors.push(required(path.child('name'), ''));
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') for (const problem of isDNS1123Subdomain(name)) errors.push(invalid(path.child('name'), name, problem));
      if (apiGroup !== '') errors.push(notSupported(path.child('apiGroup'), apiGroup, ['']));
      if (!namespaced && namespace === '') errors.push(required(path.child('namespace'), ''));
      break;
    case 'User':
    case 'Group':
      if (apiGroup !== GROUP) errors.push(notSupported(path.child('apiGroup'), apiGroup, [GROUP]));
      break;
    default:
      errors.push(notSupported(path.child('kind'), kind, ['ServiceAccount', 'User', 'Group']));
  }
  return errors;
}

const ROLE = Path.of('roleRef');

export const BINDING_TABLE: Table<Binding> = {
  columns: [NAME, text('Role'), AGE, wide('Users'), wide('Groups'), wide('ServiceAccounts')],
  cells: (binding, nowMs) => [
    binding.metadata.name ?? '',
    `${binding.roleRef.kind}/${binding.roleRef.name}`,
    age(binding, nowMs),
    ...['User', 'Group', 'ServiceAccount'].map((kind) => namesOf(binding, kind)),
  ],
};

function namesOf({ subjects = [] }: Binding, kind: string): string {
  const chosen = subjects.filter((subject) => subject.kind === kind);
  return chosen.map(({ namespace = '', name }) => (kind === 'ServiceAccount' ? `${namespace}/${name}` : name)).join(', ');
}
