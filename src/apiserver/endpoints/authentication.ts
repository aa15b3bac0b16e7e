/**
 * Who asks: bearer tokens and impersonation.
 * Invariant: a request without a valid token is refused before anything else is looked at.
 * Counterpart: k8s.io/apiserver/pkg/authentication and pkg/endpoints/filters/impersonation.go.
 */
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import type { UserInfo } from '../request.ts';

export type Headers = Readonly<Record<string, string | undefined>>;

const MASTERS = 'system:masters';
const AUTHENTICATED = 'system:authenticated';

/** The user of the token that a cluster is served with. */
export const ADMIN: UserInfo = { name: 'admin', groups: [MASTERS, AUTHENTICATED] };
export const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/**
 * @param userOfToken the user that a bearer token stands for, undefined if the token is none
 * @returns the user, the impersonated one where that was asked for, or the refusal
 */
export function authenticate(headers: Headers, userOfToken: (token: string) => UserInfo | undefined): UserInfo | Status {
  const authorization = headers['authorization'];
  if (authorization === undefined) return impersonate(headers, ANONYMOUS);
  const [scheme = '', token = ''] = authorization.trim().split(/\s+/, 2);
  const user = scheme.toLowerCase() === 'bearer' ? userOfToken(token) : undefined;
  return user === undefined ? errors.failure(401, 'Unauthorized', 'Unauthorized', {}) : impersonate(headers, user);
}

function impersonate(headers: Headers, user: UserInfo): UserInfo | Status {
  const name = headers['impersonate-user'];
  if (name === undefined || name === '') return user;
  if (!user.groups.includes(MASTERS)) {
    const text = `User "${user.name}" cannot impersonate resource "users" in API group "" at the cluster scope`;
    return errors.failure(403, 'Forbidden', `users "${name}" is forbidden: ${text}`, { name, kind: 'users' });
  }
  const groups = (headers['impersonate-group'] ?? '')
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '');
  const own = groups.length === 0 ? serviceAccountGroups(name) : groups;
  const all = own.includes(AUTHENTICATED) || name === ANONYMOUS.name ? own : [...own, AUTHENTICATED];
  const uid = headers['impersonate-uid'];
  return { name, groups: all, ...(uid === undefined ? {} : { uid }) };
}

/** `system:serviceaccount:NS:NAME` is in the groups of its namespace. */
function serviceAccountGroups(name: string): readonly string[] {
  const match = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name);
  return match === null ? [] : ['system:serviceaccounts', `system:serviceaccounts:${match[1] ?? ''}`];
}
