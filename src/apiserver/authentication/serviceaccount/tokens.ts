/**
 * Tokens of ServiceAccounts: issued for audiences and a time, bound to the account and if wanted to a Pod, Secret or node.
 * Invariant: a token dies with whatever it is bound to, and expires in the cluster's own time.
 * Counterpart: k8s.io/kubernetes/pkg/serviceaccount (claims.go, jwt.go).
 */
import { groupResource, objectKey, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import { NODES, PODS, SECRETS, SERVICEACCOUNTS } from '../../../api/schema/resources.ts';
import type { Secret } from '../../../api/schema/types/core/v1.ts';
import type { UserInfo } from '../../request.ts';
import type { Store } from '../../storage/store.ts';
import { AUTHENTICATED, serviceAccountGroups, serviceAccountUserName } from '../users.ts';
import { decodeToken, encodeToken, type TokenSigner } from './jwt.ts';
import { INVALID_SINCE, LEGACY_ISSUER, legacyClaims, readLegacyClaims } from './legacy.ts';

export const ISSUER = 'https://kubernetes.default.svc.cluster.local';
/** What a token is good for if nobody says: the API server itself. */
export const API_AUDIENCES: readonly string[] = [ISSUER];

export interface Reference {
  readonly name: string;
  readonly uid: string;
}

/** What a token says of its bearer, under `kubernetes.io`. */
export interface PrivateClaims {
  readonly namespace: string;
  readonly serviceaccount: Reference;
  readonly pod?: Reference;
  readonly secret?: Reference;
  readonly node?: Reference;
}

export interface TokenOptions {
  readonly claims: PrivateClaims;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
}

export interface TokenIdentity {
  readonly user: UserInfo;
  readonly audiences: readonly string[];
}

export interface TokensOptions {
  readonly store: Store;
  /** Virtual time, milliseconds since 1970. */
  readonly now: () => number;
  readonly signer: TokenSigner;
  /** Told when somebody comes with a token that a Secret holds. */
  readonly onSecretUsed?: (secret: Secret) => void;
}

export class ServiceAccountTokens {
  readonly signer: TokenSigner;
  private readonly store: Store;
  private readonly now: () => number;
  private readonly onSecretUsed: (secret: Secret) => void;

  constructor({ store, now, signer, onSecretUsed }: TokensOptions) {
    this.store = store;
    this.now = now;
    this.signer = signer;
    this.onSecretUsed = onSecretUsed ?? (() => undefined);
  }

  /** A token that does not expire: it dies with the Secret that holds it, or with its account. */
  issueForSecret(namespace: string, account: Reference, secret: string): string {
    return encodeToken(this.signer, legacyClaims(namespace, account, secret));
  }

  issue({ claims, audiences, expirationSeconds }: TokenOptions): string {
    const seconds = Math.floor(this.now() / 1000);
    return encodeToken(this.signer, {
      aud: audiences,
      exp: seconds + expirationSeconds,
      iat: seconds,
      iss: ISSUER,
      jti: this.signer.newId(),
      'kubernetes.io': claims,
      nbf: seconds,
      sub: serviceAccountUserName(claims.namespace, claims.serviceaccount.name),
    });
  }

  /** Who bears the token and for whom it is meant; undefined for a token that is forged, expired or void. */
  identify(token: string): TokenIdentity | undefined {
    const decoded = decodeToken(this.signer, token);
    if (decoded?.['iss'] === LEGACY_ISSUER) return this.identifyBySecret(token, decoded);
    if (decoded === undefined || decoded['iss'] !== ISSUER) return undefined;
    const seconds = this.now() / 1000;
    const { exp, nbf, aud, jti } = decoded;
    if (typeof exp !== 'number' || typeof nbf !== 'number' || seconds >= exp || seconds < nbf) return undefined;
    const claims = decoded['kubernetes.io'];
    if (!isPrivateClaims(claims) || !this.isAlive(claims)) return undefined;
    return { user: userOf(claims, String(jti)), audiences: Array.isArray(aud) ? aud.map(String) : [] };
  }

  /** The account as tokens refer to it; undefined if there is none. */
  account(namespace: string, name: string): Reference | undefined {
    const account: KubeObject | undefined = this.store.get(groupResource(SERVICEACCOUNTS), objectKey(namespace, name));
    return account === undefined ? undefined : { name, uid: account.metadata.uid ?? '' };
  }

  /** The user of a token that is meant for the API server. */
  userOfToken(token: string): UserInfo | undefined {
    const identity = this.identify(token);
    return identity?.audiences.some((audience) => API_AUDIENCES.includes(audience)) === true ? identity.user : undefined;
  }

  /** The Secret still has to hold this very token. */
  private identifyBySecret(token: string, decoded: Readonly<Record<string, unknown>>): TokenIdentity | undefined {
    const claims = readLegacyClaims(decoded);
    const { namespace, account } = claims;
    const secret = this.store.get(groupResource(SECRETS), objectKey(namespace, claims.secret)) as Secret | undefined;
    if (secret === undefined || secret.metadata.deletionTimestamp !== undefined || secret.data?.['token'] !== btoa(token)) return undefined;
    if (!this.has(groupResource(SERVICEACCOUNTS), namespace, account)) return undefined;
    if ((secret.metadata.labels?.[INVALID_SINCE] ?? '') !== '') return undefined;
    this.onSecretUsed(secret);
    const groups = [...serviceAccountGroups(namespace), AUTHENTICATED];
    const user = { name: serviceAccountUserName(namespace, account.name), uid: account.uid, groups };
    return { user, audiences: API_AUDIENCES };
  }

  private isAlive({ namespace, serviceaccount, pod, secret, node }: PrivateClaims): boolean {
    return (
      this.has(groupResource(SERVICEACCOUNTS), namespace, serviceaccount) &&
      (pod === undefined || this.has(groupResource(PODS), namespace, pod)) &&
      (secret === undefined || this.has(groupResource(SECRETS), namespace, secret)) &&
      (node === undefined || pod !== undefined || this.has(groupResource(NODES), '', node))
    );
  }

  private has(resource: string, namespace: string, { name, uid }: Reference): boolean {
    const object: KubeObject | undefined = this.store.get(resource, objectKey(namespace, name));
    return object !== undefined && object.metadata.uid === uid;
  }
}

function isPrivateClaims(value: unknown): value is PrivateClaims {
  if (typeof value !== 'object' || value === null) return false;
  const { namespace, serviceaccount, pod, secret, node } = value as Readonly<Record<string, unknown>>;
  const others = [pod, secret, node].filter((reference) => reference !== undefined);
  return typeof namespace === 'string' && [serviceaccount, ...others].every(isReference);
}

function isReference(value: unknown): value is Reference {
  if (typeof value !== 'object' || value === null) return false;
  const { name, uid } = value as Readonly<Record<string, unknown>>;
  return typeof name === 'string' && typeof uid === 'string';
}

function userOf({ namespace, serviceaccount, pod, node }: PrivateClaims, id: string): UserInfo {
  const extra = {
    'authentication.kubernetes.io/credential-id': [`JTI=${id}`],
    ...(node === undefined
      ? {}
      : { 'authentication.kubernetes.io/node-name': [node.name], 'authentication.kubernetes.io/node-uid': [node.uid] }),
    ...(pod === undefined
      ? {}
      : { 'authentication.kubernetes.io/pod-name': [pod.name], 'authentication.kubernetes.io/pod-uid': [pod.uid] }),
  };
  return {
    name: serviceAccountUserName(namespace, serviceaccount.name),
    uid: serviceaccount.uid,
    groups: [...serviceAccountGroups(namespace), AUTHENTICATED],
    extra,
  };
}
