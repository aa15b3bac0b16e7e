/**
 * Once a day marks the token Secrets as void that nobody has used for a year, and deletes them after another one.
 * Invariant: only Secrets that their account names and no Pod of the namespace uses are touched, and none before tracking is a year old.
 * Counterpart: k8s.io/kubernetes/pkg/controller/serviceaccount (legacy_serviceaccount_token_cleaner.go).
 */
import { CONFIGMAPS, PODS, SECRETS, SERVICEACCOUNTS } from '../../api/schema/resources.ts';
import type { Secret } from '../../api/schema/types/core/v1.ts';
import { isReason } from '../../apimachinery/errors/status.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import {
  ACCOUNT_NAME,
  ACCOUNT_UID,
  dayOf,
  INVALID_SINCE,
  LAST_USED,
  parseDay,
  TOKEN_TYPE,
  TRACKING_CONFIGMAP,
  TRACKING_KEY,
  TRACKING_NAMESPACE,
} from '../../apiserver/authentication/serviceaccount/legacy.ts';
import type { Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { secretNamesOf } from '../util/podSecrets.ts';

const DAY_MS = 86_400_000;
/** The default of --legacy-service-account-token-clean-up-period. */
const CLEAN_UP_PERIOD_MS = 365 * DAY_MS;
const TICK = 'tick';

export function createLegacyTokenCleaner(context: ControllerContext): Controller {
  const { client, options } = context;
  const periodMs = options.legacyServiceAccountTokenCleanUpPeriodMs ?? CLEAN_UP_PERIOD_MS;
  const schedule = (at: number): void => void context.setTimer({ at, type: TICK, key: '', background: true });
  return {
    start: () => schedule(context.now()),
    timer: () => {
      schedule(context.now() + DAY_MS);
      look();
    },
  };

  function look(): void {
    const now = context.now();
    const since = parseDay(client.get(CONFIGMAPS, TRACKING_NAMESPACE, TRACKING_CONFIGMAP)?.data?.[TRACKING_KEY]);
    // Tracking began some time on that day: it counts from the next one.
    if (since === undefined || now < since + DAY_MS + periodMs) return;
    const used = new Map<string, ReadonlySet<string>>();
    for (const secret of client.list(SECRETS)) {
      if (secret.type === TOKEN_TYPE && isUnused(secret, now - periodMs) && isGenerated(secret) && !isMounted(secret, used)) {
        withdraw(secret, now);
      }
    }
  }

  /** Neither made nor used since the limit. A day that cannot be read says nothing. */
  function isUnused({ metadata }: Secret, limitMs: number): boolean {
    if (metadata.deletionTimestamp !== undefined || parseTime(metadata.creationTimestamp ?? '') >= limitMs) return false;
    const lastUsed = metadata.labels?.[LAST_USED];
    return lastUsed === undefined || (parseDay(lastUsed) !== undefined && lastUsed < dayOf(limitMs));
  }

  /** Accounts named the Secrets that older versions made for them; whoever makes one by hand wants to keep it. */
  function isGenerated({ metadata }: Secret): boolean {
    const { namespace = '', name = '', annotations = {} } = metadata;
    const accountName = annotations[ACCOUNT_NAME] ?? '';
    const account = accountName === '' ? undefined : client.get(SERVICEACCOUNTS, namespace, accountName);
    const uid = annotations[ACCOUNT_UID] ?? '';
    if (account === undefined || (uid !== '' && uid !== account.metadata.uid)) return false;
    return (account.secrets ?? []).some((reference) => reference.name === name);
  }

  function isMounted({ metadata }: Secret, used: Map<string, ReadonlySet<string>>): boolean {
    const { namespace = '', name = '' } = metadata;
    let names = used.get(namespace);
    if (names === undefined) used.set(namespace, (names = new Set(client.list(PODS, namespace).flatMap(secretNamesOf))));
    return names.has(name);
  }

  function withdraw({ metadata }: Secret, now: number): void {
    const { namespace = '', name = '', resourceVersion = '' } = metadata;
    const since = metadata.labels?.[INVALID_SINCE];
    if (since === undefined || parseDay(since) === undefined) {
      client.modify(SECRETS, namespace, name, (copy) => void ((copy.metadata.labels ??= {})[INVALID_SINCE] = dayOf(now)));
    } else if (since < dayOf(now - periodMs)) {
      try {
        client.delete(SECRETS, namespace, name, { preconditions: { resourceVersion } });
      } catch (error) {
        if (!isReason(error, 'Conflict') && !isReason(error, 'NotFound')) throw error;
      }
    }
  }
}
