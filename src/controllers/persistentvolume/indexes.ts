import { volumeClass } from '../../api/core/persistentvolume/matching.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/schema/types/core/v1.ts';
import { objectKey } from '../../apimachinery/meta/resource.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';

/** Claims that wait for a volume, under this one key; and claims by the volume that they name. */
export const INDEX_UNBOUND = 'persistentvolume/unbound';
export const INDEX_VOLUME_NAME = 'spec.volumeName';
/** Volumes by the claim that they are reserved for; and those of nobody by their class. */
export const INDEX_CLAIM = 'spec.claimRef';
export const INDEX_FREE = 'persistentvolume/free';

/** The indexes that make a look at one claim cost what its own class costs, however many volumes and claims there are. */
export function addVolumeIndexes(api: ApiServer): void {
  api.store.addIndex('persistentvolumeclaims', INDEX_UNBOUND, (object) => (isUnbound(object as PersistentVolumeClaim) ? [''] : []));
  api.store.addIndex('persistentvolumeclaims', INDEX_VOLUME_NAME, (object) => {
    const name = (object as PersistentVolumeClaim).spec?.volumeName ?? '';
    return name === '' ? [] : [name];
  });
  api.store.addIndex('persistentvolumes', INDEX_CLAIM, (object) => {
    const reference = (object as PersistentVolume).spec?.claimRef;
    return reference === undefined ? [] : [objectKey(reference.namespace, reference.name ?? '')];
  });
  api.store.addIndex('persistentvolumes', INDEX_FREE, (object) => {
    const volume = object as PersistentVolume;
    return volume.spec?.claimRef === undefined ? [volumeClass(volume)] : [];
  });
}

export function isUnbound({ spec, status }: PersistentVolumeClaim): boolean {
  return (spec?.volumeName ?? '') === '' && status?.phase !== 'Bound';
}
