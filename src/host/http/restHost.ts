/**
 * What a process lends the API server that it serves: the administrator's token and the key of the ServiceAccounts'.
 * Invariant: tokens are compared in a time that says nothing about them, and never written anywhere.
 */
import type { ApiServer } from '../../apiserver/apiServer.ts';
import { API_AUDIENCES, ServiceAccountTokens, type TokenIdentity } from '../../apiserver/authentication/serviceaccount/tokens.ts';
import { ADMIN } from '../../apiserver/authentication/users.ts';
import type { Documentation } from '../../apiserver/endpoints/openapi/openapi.ts';
import type { RestHost } from '../../apiserver/endpoints/host.ts';
import type { NodeApi } from '../../apiserver/endpoints/nodeApi.ts';
import type { UserInfo } from '../../apiserver/request.ts';
import { toDisposable } from '../../base/lifecycle.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { PodTokens } from './podTokens.ts';
import { isSameToken } from './token.ts';
import { createTokenSigner, newSigningKey } from './tokenSigner.ts';
import { noteUse } from './tokenSecrets.ts';

export interface RestHostOptions {
  readonly api: ApiServer;
  readonly adminToken: string;
  /** PEM; default: a new key, so tokens of earlier runs are void. */
  readonly signingKey?: string;
  readonly kubelets?: Cluster['kubelets'];
  /** Brings the cluster to the present; with it, programs in containers go on while somebody looks. */
  readonly sync?: () => void;
  readonly documentation?: () => Documentation;
  /** Whether metrics.k8s.io is served; default true where there are kubelets. */
  readonly metrics?: boolean;
}

export interface ServingHost extends RestHost {
  readonly tokens: ServiceAccountTokens;
  readonly identify: (token: string) => TokenIdentity | undefined;
  readonly userOfToken: (token: string) => UserInfo | undefined;
}

export function createRestHost({
  api,
  adminToken,
  signingKey = newSigningKey(),
  kubelets,
  sync,
  documentation,
  metrics = true,
}: RestHostOptions): ServingHost {
  const tokens = new ServiceAccountTokens({
    store: api.store,
    now: () => api.registry.now(),
    signer: createTokenSigner(signingKey),
    onSecretUsed: (secret) => noteUse(api, secret),
  });
  const podTokens = new PodTokens(tokens, () => api.registry.now());
  api.catalog.servesMetrics = metrics && kubelets !== undefined;
  const isAdmin = (token: string): boolean => isSameToken(token, adminToken);
  return {
    tokens,
    identify: (token) => (isAdmin(token) ? { user: ADMIN, audiences: API_AUDIENCES } : tokens.identify(token)),
    ...(kubelets === undefined
      ? {}
      : {
          nodes: kubelets.serve({ token: (pod, audience, seconds) => podTokens.token(pod, audience, seconds), onAdvance: ticker(sync) }),
        }),
    ...(documentation === undefined ? {} : { documentation }),
    userOfToken: (token) => (isAdmin(token) ? ADMIN : tokens.userOfToken(token)),
  };
}

/**
 * Tells listeners at short intervals of real time that virtual time has gone on. What programs in containers write
 * follows from the time and is no event of the simulation, so nothing else would wake those who read it.
 */
function ticker(sync: () => void = () => undefined): NodeApi['onAdvance'] {
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    sync();
    for (const listener of listeners) listener();
  };
  return (listener) => {
    listeners.add(listener);
    timer ??= setInterval(tick, TICK_MS).unref();
    return toDisposable(() => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
  };
}

const TICK_MS = 50;
