/**
 * Tokens that a Secret holds: without an end, and good for as long as the Secret holds them.
 * Invariant: names and uid of the account are claims of their own, under the issuer's name. Counterpart: legacy.go of
 * k8s.io/kubernetes/pkg/serviceaccount.
 */
import { formatTime, parseTime } from '../../../apimachinery/meta/time.ts';
import { serviceAccountUserName } from '../users.ts';
import type { Reference } from './tokens.ts';

export const TOKEN_TYPE = 'kubernetes.io/service-account-token';
export const ACCOUNT_NAME = 'kubernetes.io/service-account.name';
export const ACCOUNT_UID = 'kubernetes.io/service-account.uid';
/** The day on which the token was used last, `2026-01-31`. */
export const LAST_USED = 'kubernetes.io/legacy-token-last-used';
/** From this day on the token is void. */
export const INVALID_SINCE = 'kubernetes.io/legacy-token-invalid-since';

/** Says since which day the use of such tokens is noted. */
export const TRACKING_NAMESPACE = 'kube-system';
export const TRACKING_CONFIGMAP = 'kube-apiserver-legacy-service-account-token-tracking';
export const TRACKING_KEY = 'since';

/** `2026-01-31`, in UTC. */
export function dayOf(ms: number): string {
  return formatTime(ms).slice(0, 10);
}

/** The beginning of a day in milliseconds since 1970; undefined for anything that is no day. */
export function parseDay(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const ms = parseTime(`${text}T00:00:00Z`);
  // The 30th of February is read as a day in March.
  return Number.isNaN(ms) || dayOf(ms) !== text ? undefined : ms;
}

export const LEGACY_ISSUER = 'kubernetes/serviceaccount';

const CLAIM = {
  namespace: `${LEGACY_ISSUER}/namespace`,
  secret: `${LEGACY_ISSUER}/secret.name`,
  accountName: `${LEGACY_ISSUER}/service-account.name`,
  accountUid: `${LEGACY_ISSUER}/service-account.uid`,
} as const;

export function legacyClaims(namespace: string, account: Reference, secret: string): object {
  return {
    iss: LEGACY_ISSUER,
    [CLAIM.namespace]: namespace,
    [CLAIM.secret]: secret,
    [CLAIM.accountName]: account.name,
    [CLAIM.accountUid]: account.uid,
    sub: serviceAccountUserName(namespace, account.name),
  };
}

export function readLegacyClaims(claims: Readonly<Record<string, unknown>>): {
  readonly namespace: string;
  readonly secret: string;
  readonly account: Reference;
} {
  const text = (key: keyof typeof CLAIM): string => {
    const value = claims[CLAIM[key]];
    return typeof value === 'string' ? value : '';
  };
  return { namespace: text('namespace'), secret: text('secret'), account: { name: text('accountName'), uid: text('accountUid') } };
}
