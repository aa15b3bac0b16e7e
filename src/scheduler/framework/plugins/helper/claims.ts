import { claimsOf } from '../../../../api/core/pod/claims.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '../../../../api/schema/types/core/v1.ts';
import type { StorageClass } from '../../../../api/schema/types/storage/v1.ts';
import { objectKey } from '../../../../apimachinery/meta/resource.ts';
import type { Change } from '../../../../client/watchCursor.ts';
import type { SchedulerReader } from '../../interface.ts';

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
