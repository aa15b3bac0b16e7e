import type { UserInfo } from '../request.ts';
import { MASTERS } from '../authorization/authorizer.ts';

export const AUTHENTICATED = 'system:authenticated';
export const UNAUTHENTICATED = 'system:unauthenticated';
const SERVICE_ACCOUNT = 'system:serviceaccount:';

/** The user of the token that a cluster is served with. */
export const ADMIN: UserInfo = { name: 'admin', uid: 'admin', groups: [MASTERS, AUTHENTICATED] };
export const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: [UNAUTHENTICATED] };

export function serviceAccountUserName(namespace: string, name: string): string {
  return `${SERVICE_ACCOUNT}${namespace}:${name}`;
}

/** Namespace and name of the ServiceAccount that a user is; undefined for other users. */
export function serviceAccountOf(userName: string): readonly [namespace: string, name: string] | undefined {
  const [namespace, name, more] = userName.startsWith(SERVICE_ACCOUNT) ? userName.slice(SERVICE_ACCOUNT.length).split(':') : [];
  return namespace === undefined || name === undefined || more !== undefined || namespace === '' || name === ''
    ? undefined
    : [namespace, name];
}

/** The groups of a ServiceAccount of a namespace. */
export function serviceAccountGroups(namespace: string): readonly string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

/** Everybody is in one of two groups. */
export function withEverybodysGroup(user: UserInfo): UserInfo {
  const { groups } = user;
  const group = user.name === ANONYMOUS.name ? UNAUTHENTICATED : AUTHENTICATED;
  return groups.includes(AUTHENTICATED) || groups.includes(UNAUTHENTICATED) ? user : { ...user, groups: [...groups, group] };
}
