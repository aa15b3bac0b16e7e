/**
 * Puts the signed token into the token Secrets of ServiceAccounts, and notes on them the day of their last use.
 * Invariant: only Secrets that the token controller has filled get one, so without the controller there is none.
 * Counterpart: generateTokenIfNeeded of k8s.io/kubernetes/pkg/controller/serviceaccount, and legacy.go of pkg/serviceaccount.
 */
import { SECRETS } from '../../api/schema/resources.ts';
import type { Secret } from '../../api/schema/types/core/v1.ts';
import { StatusError } from '../../apimachinery/errors/status.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import { ACCOUNT_NAME, ACCOUNT_UID, dayOf, LAST_USED, TOKEN_TYPE } from '../../apiserver/authentication/serviceaccount/legacy.ts';
import type { ServiceAccountTokens } from '../../apiserver/authentication/serviceaccount/tokens.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { Client } from '../../client/client.ts';
import { doFromOutside, type OutsideOptions } from './fromOutside.ts';

export function fillTokenSecrets(options: OutsideOptions, tokens: ServiceAccountTokens): Disposable {
  const { api } = options.cluster;
  const client = new Client(api, 'system:kube-controller-manager', ['system:masters', 'system:authenticated'], 'kube-controller-manager');
  return doFromOutside(options, {
    resource: SECRETS,
    client,
    isToBeDone: lacksToken,
    act: (secret) => fill(client, tokens, secret),
  });
}

function lacksToken({ type, metadata, data = {} }: Secret): boolean {
  return type === TOKEN_TYPE && (metadata.annotations?.[ACCOUNT_UID] ?? '') !== '' && 'ca.crt' in data && (data['token'] ?? '') === '';
}

function fill(client: Client, tokens: ServiceAccountTokens, { metadata }: Secret): void {
  const { namespace = '', name = '', annotations = {} } = metadata;
  const account = tokens.account(namespace, annotations[ACCOUNT_NAME] ?? '');
  if (account === undefined || account.uid !== annotations[ACCOUNT_UID]) return;
  write(client, namespace, name, (copy) => {
    (copy.data ??= {})['token'] = btoa(tokens.issueForSecret(namespace, account, name));
  });
}

/** Once a day at most: the label is the day. */
export function noteUse(api: ApiServer, { metadata }: Secret): void {
  const day = dayOf(api.registry.now());
  if (metadata.labels?.[LAST_USED] === day) return;
  const client = new Client(api, 'system:apiserver', ['system:masters', 'system:authenticated'], 'kube-apiserver');
  write(client, metadata.namespace ?? '', metadata.name ?? '', (copy) => {
    (copy.metadata.labels ??= {})[LAST_USED] = day;
  });
}

type SecretChange = Parameters<typeof Client.prototype.modify<Secret>>[3];

function write(client: Client, namespace: string, name: string, change: SecretChange): void {
  try {
    client.modify(SECRETS, namespace, name, change);
  } catch (error) {
    // Somebody was faster, or it is gone.
    if (!(error instanceof StatusError)) throw error;
  }
}
