/**
 * Who asks: the client's certificate or the bearer token, and whom its user wants to be taken for.
 * Invariant: a request without a valid token is refused before anything else is looked at.
 * Counterpart: k8s.io/apiserver/pkg/authentication and pkg/endpoints/filters/{authentication,impersonation}.go.
 */
import * as errors from '../../apimachinery/errors/status.ts';
import type { Status } from '../../apimachinery/errors/status.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { UserInfo } from '../request.ts';
import { impersonate } from './impersonation.ts';
import { ANONYMOUS } from './users.ts';

/** Names in lower case; several headers of one name are joined with line feeds, which no header can contain. */
export type Headers = Readonly<Record<string, string | undefined>>;

export interface Authentication {
  /** The user that a bearer token stands for; undefined if it is none. */
  readonly userOfToken: (token: string) => UserInfo | undefined;
  readonly authorizer: Authorizer;
}

/**
 * @param certified whom the client's certificate names; null: it has one that does not count
 * @returns the user, the impersonated one where that was asked for, or the refusal
 */
export function authenticate(
  headers: Headers,
  { userOfToken, authorizer }: Authentication,
  certified?: UserInfo | null,
): UserInfo | Status {
  if (certified !== undefined && certified !== null) return impersonate(headers, certified, authorizer);
  const authorization = headers['authorization'];
  if (authorization === undefined && certified === undefined) return impersonate(headers, ANONYMOUS, authorizer);
  const [scheme = '', token = ''] = (authorization ?? '').trim().split(/\s+/, 2);
  const user = scheme.toLowerCase() === 'bearer' && token !== '' ? userOfToken(token) : undefined;
  return user === undefined ? errors.failure(401, 'Unauthorized', 'Unauthorized', {}) : impersonate(headers, user, authorizer);
}
