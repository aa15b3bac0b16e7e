import { jsonEqual } from '../../../../base/json.ts';
import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import type { CSIDriver, CSIStorageCapacity, StorageClass } from '../../../../api/schema/types/storage/v1.ts';
import { compare, quantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { Change } from '../../../../client/watchCursor.ts';
import type { ClusterEvent } from '../../interface.ts';
import { isOwnClaim } from '../helper/claims.ts';

const exists = (_pod: Pod, { type }: Change): boolean => type !== 'DELETED';
const isNew = (_pod: Pod, { type }: Change): boolean => type === 'ADDED';

/** What can help a Pod whose claims have no volume that its nodes reach. */
export const VOLUME_EVENTS: readonly ClusterEvent[] = [
  {
    resource: 'storageclasses',
    helps: (pod, change) =>
      isNew(pod, change) ||
      (exists(pod, change) &&
        !jsonEqual((change.previous as StorageClass | undefined)?.allowedTopologies, (change.object as StorageClass).allowedTopologies)),
  },
  { resource: 'persistentvolumeclaims', helps: isOwnClaim },
  { resource: 'persistentvolumes', helps: exists },
  {
    resource: 'nodes',
    helps: (pod, change) =>
      exists(pod, change) && (isNew(pod, change) || !jsonEqual(change.previous?.metadata.labels, change.object.metadata.labels)),
  },
  { resource: 'csinodes', helps: isNew },
  {
    resource: 'csidrivers',
    // A driver that no longer speaks of its capacity is no longer held to it.
    helps: (_pod, { type, previous, object }) =>
      type === 'MODIFIED' &&
      (previous as CSIDriver | undefined)?.spec.storageCapacity === true &&
      (object as CSIDriver).spec.storageCapacity !== true,
  },
  {
    resource: 'csistoragecapacities',
    helps: (pod, change) => isNew(pod, change) || (exists(pod, change) && grew(change)),
  },
];

function grew({ previous, object }: Change): boolean {
  const [before, after] = [previous as CSIStorageCapacity | undefined, object as unknown as CSIStorageCapacity];
  const larger = (field: 'capacity' | 'maximumVolumeSize'): boolean => compare(quantity(after[field]), quantity(before?.[field])) > 0;
  return larger('capacity') || larger('maximumVolumeSize');
}
