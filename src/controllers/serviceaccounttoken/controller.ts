/**
 * Fills the token Secrets of ServiceAccounts with all but the token, which whoever hosts the cluster signs, and takes away those whose
 * account is not there, or not the same any more.
 * Invariant: a Secret of another type is never touched. Counterpart: k8s.io/kubernetes/pkg/controller/serviceaccount (tokens_controller.go).
 */
import { SECRETS, SERVICEACCOUNTS } from '../../api/schema/resources.ts';
import type { Secret, ServiceAccount } from '../../api/schema/types/core/v1.ts';
import { ACCOUNT_NAME, ACCOUNT_UID, TOKEN_TYPE } from '../../apiserver/authentication/serviceaccount/legacy.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { rootCertificateOf } from '../rootcacertpublisher/certificate.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

export function createServiceAccountTokenController({ client, options }: ControllerContext): Controller {
  const certificate = btoa(rootCertificateOf(options));
  return {
    watches: [
      watch(SECRETS, (secret) => (secret.type === TOKEN_TYPE ? [keyOf(secret)] : [])),
      watch(SERVICEACCOUNTS, ({ metadata }, _previous, deleted) =>
        deleted
          ? client
              .list(SECRETS, metadata.namespace)
              .filter((secret) => accountOf(secret) === metadata.name)
              .map(keyOf)
          : [],
      ),
    ],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const secret = client.get(SECRETS, namespace, name);
      if (secret === undefined) forgetSecret(namespace, name);
      else if (secret.type === TOKEN_TYPE) syncSecret(secret, namespace, name);
      return undefined;
    },
  };

  function syncSecret(secret: Secret, namespace: string, name: string): void {
    const account = client.get(SERVICEACCOUNTS, namespace, accountOf(secret) ?? '');
    const uid = secret.metadata.annotations?.[ACCOUNT_UID] ?? '';
    if (account === undefined || (uid !== '' && uid !== account.metadata.uid)) {
      client.delete(SECRETS, namespace, name, { preconditions: { uid: secret.metadata.uid ?? '' } });
      return;
    }
    if (isFilled(secret)) return;
    client.modify(SECRETS, namespace, name, (copy) => {
      (copy.metadata.annotations ??= {})[ACCOUNT_UID] = account.metadata.uid ?? '';
      const data = (copy.data ??= {});
      data['ca.crt'] = certificate;
      if ((data['namespace'] ?? '') === '') data['namespace'] = btoa(namespace);
    });
  }

  function isFilled({ metadata, data = {} }: Secret): boolean {
    return (metadata.annotations?.[ACCOUNT_UID] ?? '') !== '' && data['ca.crt'] === certificate && (data['namespace'] ?? '') !== '';
  }

  /** Accounts that name a token Secret which is gone name it no longer. */
  function forgetSecret(namespace: string, secret: string): void {
    const names = ({ secrets = [] }: ServiceAccount): boolean => secrets.some(({ name }) => name === secret);
    for (const account of client.list(SERVICEACCOUNTS, namespace).filter(names)) {
      client.modify(SERVICEACCOUNTS, namespace, account.metadata.name ?? '', (copy) => {
        copy.secrets = (copy.secrets ?? []).filter(({ name }) => name !== secret);
        if (copy.secrets.length === 0) delete copy.secrets;
      });
    }
  }
}

function accountOf({ type, metadata }: Secret): string | undefined {
  return type === TOKEN_TYPE ? metadata.annotations?.[ACCOUNT_NAME] : undefined;
}
