/**
 * Takes away the token Secrets of ServiceAccounts that are not there, or not the same any more.
 * Invariant: a Secret of another type is never touched. Counterpart: k8s.io/kubernetes/pkg/controller/serviceaccount (tokens_controller.go).
 */
import { SECRETS, SERVICEACCOUNTS } from '../../api/schema/resources.ts';
import type { Secret } from '../../api/schema/types/core/v1.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

const TYPE = 'kubernetes.io/service-account-token';
const ACCOUNT_NAME = 'kubernetes.io/service-account.name';
const ACCOUNT_UID = 'kubernetes.io/service-account.uid';

export function createServiceAccountTokenController({ client }: ControllerContext): Controller {
  return {
    watches: [
      watch(SECRETS, (secret, _previous, deleted) => (isToken(secret) && !deleted ? [keyOf(secret)] : [])),
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
      if (secret === undefined || !isToken(secret)) return undefined;
      const account = client.get(SERVICEACCOUNTS, namespace, accountOf(secret) ?? '');
      const uid = secret.metadata.annotations?.[ACCOUNT_UID] ?? '';
      if (account === undefined || (uid !== '' && uid !== account.metadata.uid)) {
        client.delete(SECRETS, namespace, name, { preconditions: { uid: secret.metadata.uid ?? '' } });
      }
      return undefined;
    },
  };
}

function isToken({ type }: Secret): boolean {
  return type === TYPE;
}

function accountOf(secret: Secret): string | undefined {
  return isToken(secret) ? secret.metadata.annotations?.[ACCOUNT_NAME] : undefined;
}
