import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '../../../../api/schema/types/core/v1.ts';
import type { StorageClass } from '../../../../api/schema/types/storage/v1.ts';
import { objectKey } from '../../../../apimachinery/meta/resource.ts';
import type { Change } from '../../../../client/watchCursor.ts';
import type { SchedulerReader } from '../../interface.ts';

/** A claim that a Pod names, or that is made for one of its ephemeral volumes. */
export interface ClaimUse {
  readonly name: string;
  readonly ephemeral: boolean;
}

const NO_CLAIMS: readonly ClaimUse[] = [];

/** In the order of the Pod's volumes. Most Pods have none, and then nothing is allocated. */
export function claimsOf({ metadata, spec }: Pod): readonly ClaimUse[] {
  let found: ClaimUse[] | undefined;
  for (const { name, persistentVolumeClaim, ephemeral } of spec?.volumes ?? []) {
    if (persistentVolumeClaim !== undefined) (found ??= []).push({ name: persistentVolumeClaim.claimName, ephemeral: false });
    else if (ephemeral !== undefined) (found ??= []).push({ name: `${metadata.name ?? ''}-${name}`, ephemeral: true });
  }
  return found ?? NO_CLAIMS;
}

export function usesClaim(pod: Pod, claim: PersistentVolumeClaim): boolean {
  return claim.metadata.namespace === pod.metadata.namespace && claimsOf(pod).some(({ name }) => name === claim.metadata.name);
}

/** The changed object is a claim that the waiting Pod uses. */
export function isOwnClaim(pod: Pod, change: Change): boolean {
  return change.type !== 'DELETED' && usesClaim(pod, change.object as PersistentVolumeClaim);
}

export function someVolume(pod: Pod, test: (volume: Volume) => boolean): boolean {
  return pod.spec?.volumes?.some(test) === true;
}

/** Whether the claim of an ephemeral volume was made for this Pod; one of that name which somebody else made is not used. */
export function isOwnedBy({ metadata }: PersistentVolumeClaim, pod: Pod): boolean {
  return metadata.ownerReferences?.some(({ controller, uid }) => controller === true && uid === pod.metadata.uid) === true;
}

export function notOwned(claim: PersistentVolumeClaim, pod: Pod): string {
  return `PVC ${objectKey(claim.metadata.namespace, claim.metadata.name ?? '')} was not created for pod ${objectKey(pod.metadata.namespace, pod.metadata.name ?? '')} (pod is not owner)`;
}

export function getClaim(reader: SchedulerReader, namespace: string | undefined, name: string): PersistentVolumeClaim | undefined {
  return reader.get('persistentvolumeclaims', namespace ?? '', name) as PersistentVolumeClaim | undefined;
}

export function getVolume(reader: SchedulerReader, name: string): PersistentVolume | undefined {
  return reader.get('persistentvolumes', '', name) as PersistentVolume | undefined;
}

export function getClass(reader: SchedulerReader, name: string): StorageClass | undefined {
  return name === '' ? undefined : (reader.get('storageclasses.storage.k8s.io', '', name) as StorageClass | undefined);
}

/** As a lister words it when there is no such claim. */
export function claimNotFound(name: string): string {
  return `persistentvolumeclaim "${name}" not found`;
}
