/**
 * What a process lends the API server that it serves: the administrator's token and the key of the ServiceAccounts'.
 * Invariant: tokens are compared in a time that says nothing about them, and never written anywhere.
 */
import type { ApiServer } from '../../apiserver/apiServer.ts';
import { API_AUDIENCES, ServiceAccountTokens, type TokenIdentity } from '../../apiserver/authentication/serviceaccount/tokens.ts';
import { ADMIN } from '../../apiserver/authentication/users.ts';
import type { RestHost } from '../../apiserver/endpoints/host.ts';
import type { UserInfo } from '../../apiserver/request.ts';
import { isSameToken } from './token.ts';
import { createTokenSigner, newSigningKey } from './tokenSigner.ts';

export interface RestHostOptions {
  readonly api: ApiServer;
  readonly adminToken: string;
  /** PEM; default: a new key, so tokens of earlier runs are void. */
  readonly signingKey?: string;
}

export interface ServingHost extends RestHost {
  readonly tokens: ServiceAccountTokens;
  readonly identify: (token: string) => TokenIdentity | undefined;
  readonly userOfToken: (token: string) => UserInfo | undefined;
}

export function createRestHost({ api, adminToken, signingKey = newSigningKey() }: RestHostOptions): ServingHost {
  const tokens = new ServiceAccountTokens({ store: api.store, now: () => api.registry.now(), signer: createTokenSigner(signingKey) });
  const isAdmin = (token: string): boolean => isSameToken(token, adminToken);
  return {
    tokens,
    identify: (token) => (isAdmin(token) ? { user: ADMIN, audiences: API_AUDIENCES } : tokens.identify(token)),
    userOfToken: (token) => (isAdmin(token) ? ADMIN : tokens.userOfToken(token)),
  };
}
