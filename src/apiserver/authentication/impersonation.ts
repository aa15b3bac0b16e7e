/**
 * `Impersonate-User`, `-Group`, `-Uid` and `-Extra-…`: a user who may `impersonate` acts as somebody else.
 * Invariant: each part of the other identity is authorized by itself. Counterpart: k8s.io/apiserver/pkg/endpoints/filters/impersonation.
 */
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import { forbiddenStatus, type ResourceAttributes } from '../authorization/attributes.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { UserInfo } from '../request.ts';
import type { Headers } from './authenticate.ts';
import { serviceAccountGroups, serviceAccountOf, withEverybodysGroup } from './users.ts';

const GROUP = 'authentication.k8s.io';
const EXTRA = 'impersonate-extra-';

export function impersonate(headers: Headers, user: UserInfo, authorizer: Authorizer): UserInfo | Status {
  const name = headers['impersonate-user'] ?? '';
  const groups = values(headers['impersonate-group']);
  const uid = headers['impersonate-uid'] ?? '';
  const extra = extraOf(headers);
  const asks = groups.length > 0 || uid !== '' || Object.keys(extra).length > 0;
  if (name === '') return asks ? errors.badRequest('requested to impersonate without naming a user') : user;
  const wanted = [
    userAttributes(name),
    ...groups.map((group) => attributes('', 'groups', group)),
    ...Object.entries(extra).flatMap(([key, items]) => items.map((item) => attributes(GROUP, 'userextras', item, key))),
    ...(uid === '' ? [] : [attributes(GROUP, 'uids', uid)]),
  ];
  for (const act of wanted) {
    const { allowed, reason } = authorizer.authorize(user, act);
    if (!allowed) return forbiddenStatus(user, act, reason);
  }
  const account = serviceAccountOf(name);
  return withEverybodysGroup({
    name,
    groups: groups.length === 0 && account !== undefined ? serviceAccountGroups(account[0]) : groups,
    ...(uid === '' ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  });
}

function attributes(group: string, resource: string, name: string, subresource = ''): ResourceAttributes {
  return { verb: 'impersonate', group, resource, subresource, namespace: '', name };
}

/** A ServiceAccount is impersonated as the resource that it is. */
function userAttributes(user: string): ResourceAttributes {
  const account = serviceAccountOf(user);
  if (account === undefined) return attributes('', 'users', user);
  return { ...attributes('', 'serviceaccounts', account[1]), namespace: account[0] };
}

function extraOf(headers: Headers): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(headers).flatMap(([header, value]) =>
    header.startsWith(EXTRA) ? [[unescaped(header.slice(EXTRA.length)), values(value)] as const] : [],
  );
  return Object.fromEntries(entries.filter(([, items]) => items.length > 0));
}

function values(header: string | undefined): readonly string[] {
  return (header ?? '').split('\n').filter((value) => value !== '');
}

/** Keys of extra fields may be escaped with percent signs, as header names allow few characters. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
