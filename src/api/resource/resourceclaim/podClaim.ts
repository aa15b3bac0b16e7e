/**
 * Which ResourceClaims a Pod uses, and whether it may: the same for the scheduler, the controller of claims and the kubelet.
 * Invariant: pure; a claim that was made from a template belongs to its Pod.
 * Counterpart: k8s.io/dynamic-resource-allocation/resourceclaim.
 */
import type { Pod, PodResourceClaim } from '../../schema/types/core/v1.ts';
import type { ResourceClaim } from '../../schema/types/resource/v1.ts';

/** Holds an allocated claim until nobody uses its devices any more. */
export const CLAIM_FINALIZER = 'resource.kubernetes.io/delete-protection';
/** On a claim that was made from a template: the name of the entry in the Pod's spec. */
export const POD_CLAIM_NAME = 'resource.kubernetes.io/pod-claim-name';
/** On a claim that the scheduler made for extended resources. */
export const EXTENDED_RESOURCE_CLAIM = 'resource.kubernetes.io/extended-resource-claim';
export const CLAIM_NOT_CREATED = 'ResourceClaim not created yet';

const MAX_RESERVATIONS = 256;

/**
 * The claim's name. `owned`: it must have been made for this Pod. No name: none is needed. `missing`: it is yet to be made.
 */
export type PodClaimName = { readonly name: string | undefined; readonly owned: boolean } | 'missing';

export function podClaimName(pod: Pod, { name, resourceClaimName, resourceClaimTemplateName }: PodResourceClaim): PodClaimName {
  if (resourceClaimName !== undefined) return { name: resourceClaimName, owned: false };
  if (resourceClaimTemplateName === undefined) return { name: undefined, owned: false };
  const status = pod.status?.resourceClaimStatuses?.find((one) => one.name === name);
  return status === undefined ? 'missing' : { name: status.resourceClaimName, owned: true };
}

/** What is wrong with using the claim for the Pod that it should have been made for; undefined: nothing. */
export function whyNotForPod({ metadata: pod }: Pod, { metadata: claim }: ResourceClaim): string | undefined {
  if (claim.ownerReferences?.some(({ controller, uid }) => controller === true && uid === pod.uid) === true) return undefined;
  const [namespace, name] = [claim.namespace ?? '', claim.name ?? ''];
  return `ResourceClaim ${namespace}/${name} was not created for pod ${pod.namespace ?? ''}/${pod.name ?? ''} (pod is not owner)`;
}

export function isReservedForPod({ metadata }: Pod, { status }: ResourceClaim): boolean {
  return status?.reservedFor?.some(({ uid }) => uid === metadata.uid) === true;
}

export function canBeReserved({ status }: ResourceClaim): boolean {
  return (status?.reservedFor?.length ?? 0) < MAX_RESERVATIONS;
}

/** The keys `namespace/name` of the claims that a Pod uses, those for its extended resources among them. */
export function resourceClaimKeys(pod: Pod): readonly string[] {
  const { namespace = '' } = pod.metadata;
  const extended = pod.status?.extendedResourceClaimStatus?.resourceClaimName;
  const claims = pod.spec?.resourceClaims;
  if (claims === undefined && extended === undefined) return NONE;
  const names = (claims ?? []).map((claim) => {
    const found = podClaimName(pod, claim);
    return found === 'missing' ? undefined : found.name;
  });
  return [...names, extended].flatMap((name) => (name === undefined ? [] : [`${namespace}/${name}`]));
}

const NONE: readonly string[] = [];

/** The Pod is over, or it goes without ever having been on a node: it needs no devices any more. */
export function isPodDone({ metadata, spec, status }: Pod): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  return metadata.deletionTimestamp !== undefined && (spec?.nodeName ?? '') === '';
}
