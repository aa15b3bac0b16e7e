import type { PersistentVolumeClaim, Pod } from '../../schema/types/core/v1.ts';

/** A claim that a Pod names, or that is made for one of its ephemeral volumes. */
export interface PodClaim {
  /** The claim's, in the Pod's namespace. */
  readonly name: string;
  /** The name of the Pod's volume. */
  readonly volume: string;
  readonly ephemeral: boolean;
}

const NO_CLAIMS: readonly PodClaim[] = [];

/** In the order of the Pod's volumes. Most Pods have none, and then nothing is allocated. */
export function claimsOf({ metadata, spec }: Pod): readonly PodClaim[] {
  let found: PodClaim[] | undefined;
  for (const { name: volume, persistentVolumeClaim, ephemeral } of spec?.volumes ?? []) {
    if (persistentVolumeClaim !== undefined) (found ??= []).push({ name: persistentVolumeClaim.claimName, volume, ephemeral: false });
    else if (ephemeral !== undefined) (found ??= []).push({ name: `${metadata.name ?? ''}-${volume}`, volume, ephemeral: true });
  }
  return found ?? NO_CLAIMS;
}

/** Whether the claim of an ephemeral volume was made for this Pod; one of that name which somebody else made is not used. */
export function isOwnedBy({ metadata }: PersistentVolumeClaim, pod: Pod): boolean {
  return metadata.ownerReferences?.some(({ controller, uid }) => controller === true && uid === pod.metadata.uid) === true;
}
