/**
 * The tokens that processes in containers find: made and checked within the simulation, as the host's key is no part of it.
 * Invariant: the same Pod has the same token at the same time in every run; one that was changed by a letter is none.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/token and pkg/serviceaccount/jwt.go, with the simulation's own key.
 */
import { NAMESPACES, SERVICEACCOUNTS } from '../../../api/schema/resources.ts';
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import { groupResource, objectKey } from '../../../apimachinery/meta/resource.ts';
import { sha256 } from '../../../base/sha256.ts';
import type { UserInfo } from '../../request.ts';
import type { Store } from '../../storage/store.ts';
import { serviceAccountUserName } from '../users.ts';
import { encodeToken, headerOf, type TokenSigner } from './jwt.ts';
import { API_AUDIENCES, ISSUER, ServiceAccountTokens, type PrivateClaims } from './tokens.ts';

/** From this share of its life on a token is renewed, and after a day in any case. */
const RENEWED_AFTER = 0.8;
const DAY_SECONDS = 86_400;
/** Admission mounts tokens of this length; the API server bears those for a year. */
const WARNED_SECONDS = 3_607;
const YEAR_SECONDS = 365 * DAY_SECONDS;
const ALGORITHM = 'HS256';

/** The token of a Pod's account; empty if the account is not there. */
export function innerToken(store: Store, { metadata, spec }: Pod, audience: string | undefined, seconds: number, nowMs: number): string {
  const { namespace = '', name = '', uid = '' } = metadata;
  const account = spec?.serviceAccountName ?? 'default';
  const found = store.get(groupResource(SERVICEACCOUNTS), objectKey(namespace, account));
  if (found === undefined) return '';
  const from = Math.floor(Date.parse(metadata.creationTimestamp ?? '') / 1000) || 0;
  const every = Math.max(Math.floor(Math.min(seconds * RENEWED_AFTER, DAY_SECONDS)), 1);
  const issued = from + Math.max(Math.floor((nowMs / 1000 - from) / every), 0) * every;
  const isExtended = seconds === WARNED_SECONDS && audience === undefined;
  const claims: PrivateClaims = {
    namespace,
    serviceaccount: { name: account, uid: found.metadata.uid ?? '' },
    pod: { name, uid },
  };
  return encodeToken(signerOf(store), {
    aud: audience === undefined ? API_AUDIENCES : [audience],
    exp: issued + (isExtended ? YEAR_SECONDS : seconds),
    iat: issued,
    iss: ISSUER,
    jti: identifier(`${uid}/${audience ?? ''}/${issued}`),
    'kubernetes.io': { ...claims, ...(isExtended ? { warnafter: issued + seconds } : {}) },
    nbf: issued,
    sub: serviceAccountUserName(namespace, account),
  });
}

/**
 * Who comes with a token from inside. One that the host has signed cannot be checked against its key here: it has to be the very one that
 * a Secret holds, or to name objects that are there by their uids. Undefined for a token that is forged, expired or void.
 */
export function userOfInnerToken(store: Store, token: string, now: () => number): UserInfo | undefined {
  const signer = signerOf(store);
  const head = headerOf(token);
  if (head?.['alg'] === ALGORITHM) return new ServiceAccountTokens({ store, now, signer }).userOfToken(token);
  const foreign: TokenSigner = { ...signer, algorithm: String(head?.['alg']), verify: () => head?.['kid'] !== signer.keyId };
  return new ServiceAccountTokens({ store, now, signer: foreign }).userOfToken(token);
}

/** The key follows from the cluster's own namespace, which nobody can make anew. */
function signerOf(store: Store): TokenSigner {
  const key = store.get(groupResource(NAMESPACES), objectKey('', 'kube-system'))?.metadata.uid ?? '';
  const sign = (text: string): string => sha256(`${key}.${sha256(`${key}/${text}`)}`);
  return {
    algorithm: ALGORITHM,
    keyId: 'kubepad-inside',
    publicKey: {},
    sign,
    verify: (text, signature) => sign(text) === signature,
    newId: () => '',
  };
}

function identifier(text: string): string {
  const hex = sha256(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
