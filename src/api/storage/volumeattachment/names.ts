import { sha256 } from '../../../base/sha256.ts';
import type { PersistentVolume } from '../../schema/types/core/v1.ts';
import type { CSIDriver } from '../../schema/types/storage/v1.ts';

type CsiSource = NonNullable<NonNullable<PersistentVolume['spec']>['csi']>;

/** The name of the object that asks for a volume on a node: a digest of the driver's name of the volume, the driver and the node. */
export function attachmentName({ volumeHandle, driver }: CsiSource, node: string): string {
  return `csi-${sha256(`${volumeHandle}${driver}${node}`)}`;
}

/** What a volume is called in the status of nodes. */
export function uniqueVolumeName({ volumeHandle, driver }: CsiSource): string {
  return `kubernetes.io/csi/${driver}^${volumeHandle}`;
}

/** Whether volumes of a driver have to be attached before they are mounted: unless its object says that they have not. */
export function isAttachRequired(driver: CSIDriver | undefined): boolean {
  return driver?.spec.attachRequired !== false;
}
