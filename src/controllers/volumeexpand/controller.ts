/**
 * Says of a bound claim that asks for more that its driver outside will see to it: no volume plugin grows volumes by itself any more.
 * Invariant: one event for each time that a claim asks for more.
 * Counterpart: k8s.io/kubernetes/pkg/controller/volume/expand.
 */
import { PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES } from '../../api/schema/resources.ts';
import type { PersistentVolumeClaim } from '../../api/schema/types/core/v1.ts';
import { keyOf, splitKey } from '../../apimachinery/meta/resource.ts';
import { compare, quantity } from '../../apimachinery/quantity/quantity.ts';
import { objectReference } from '../../client/client.ts';
import { RetryError, watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';

export function createVolumeExpandController({ client, events }: ControllerContext): Controller {
  return {
    watches: [
      watch(PERSISTENTVOLUMECLAIMS, (claim, previous, deleted) =>
        !deleted && previous !== undefined && compare(requested(claim), requested(previous)) > 0 ? [keyOf(claim)] : [],
      ),
    ],
    reconcile: (key) => {
      const { namespace, name } = splitKey(key);
      const claim = client.get(PERSISTENTVOLUMECLAIMS, namespace, name);
      const volumeName = claim?.spec?.volumeName ?? '';
      if (claim === undefined || volumeName === '' || claim.status?.phase !== 'Bound') return undefined;
      if (compare(requested(claim), quantity(claim.status.capacity?.['storage'])) <= 0) return undefined;
      const volume = client.get(PERSISTENTVOLUMES, '', volumeName);
      if (volume?.spec?.claimRef?.uid !== claim.metadata.uid)
        throw new RetryError(`persistent Volume is not bound to PVC being updated: ${key}`);
      const text = 'waiting for an external controller to expand this PVC';
      events.event(objectReference(PERSISTENTVOLUMECLAIMS, claim), 'Normal', 'ExternalExpanding', text);
      return undefined;
    },
  };
}

function requested({ spec }: PersistentVolumeClaim): ReturnType<typeof quantity> {
  return quantity(spec?.resources?.requests?.['storage']);
}
