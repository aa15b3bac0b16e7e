import { draft, jsonEqual } from '../../base/json.ts';
import { BIND_COMPLETED, BOUND_BY_CONTROLLER } from '../../api/core/persistentvolume/matching.ts';
import { PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES } from '../../api/schema/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/schema/types/core/v1.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import { objectReference } from '../../client/client.ts';
import type { ControllerContext } from '../runtime/environment.ts';

/**
 * Binds a volume and a claim: volume to claim, its phase, claim to volume, its status. What is right already is not
 * written, so this also mends a binding of which only a half was made.
 * Counterpart: bind of k8s.io/kubernetes/pkg/controller/volume/persistentvolume.
 */
export function bind(context: ControllerContext, volume: PersistentVolume, claim: PersistentVolumeClaim): void {
  const { client } = context;
  const { namespace = '', name = '' } = claim.metadata;
  const volumeName = volume.metadata.name ?? '';
  const bound = client.modify(PERSISTENTVOLUMES, '', volumeName, (copy) => {
    if (copy.spec === undefined) return;
    const preset = copy.spec.claimRef;
    if (preset === undefined) (copy.metadata.annotations ??= {})[BOUND_BY_CONTROLLER] = 'yes';
    if (preset?.uid !== undefined && preset.uid !== '') return;
    copy.spec.claimRef = draft(objectReference(PERSISTENTVOLUMECLAIMS, claim));
  });
  if (bound === undefined) return;
  setVolumePhase(context, bound, 'Bound', '');
  const completed = client.modify(PERSISTENTVOLUMECLAIMS, namespace, name, (copy) => {
    if (copy.spec === undefined) return;
    if (copy.spec.volumeName !== volumeName) {
      copy.spec.volumeName = volumeName;
      (copy.metadata.annotations ??= {})[BOUND_BY_CONTROLLER] = 'yes';
    }
    (copy.metadata.annotations ??= {})[BIND_COMPLETED] = 'yes';
  });
  if (completed !== undefined) setClaimPhase(context, completed, 'Bound', bound);
}

/** @returns whether anything was written */
export function setVolumePhase(context: ControllerContext, volume: PersistentVolume, phase: string, message: string): boolean {
  if (volume.status?.phase === phase && (volume.status.message ?? '') === message) return false;
  context.client.modify(
    PERSISTENTVOLUMES,
    '',
    volume.metadata.name ?? '',
    (copy) => {
      const status = (copy.status ??= {});
      if (status.phase !== phase) status.lastPhaseTransitionTime = formatTime(context.now());
      status.phase = phase as 'Bound';
      if (message === '') delete status.message;
      else status.message = message;
    },
    'status',
  );
  return true;
}

/**
 * Writes the phase of a claim; a bound one shows what the volume offers, which may be more than was asked for.
 * @returns whether anything was written
 */
export function setClaimPhase(
  { client }: ControllerContext,
  claim: PersistentVolumeClaim,
  phase: 'Pending' | 'Bound' | 'Lost',
  volume: PersistentVolume | undefined,
): boolean {
  const { namespace = '', name = '' } = claim.metadata;
  const written = client.modify(
    PERSISTENTVOLUMECLAIMS,
    namespace,
    name,
    (copy) => {
      const status = (copy.status ??= {});
      status.phase = phase;
      if (volume === undefined) {
        delete status.accessModes;
        delete status.capacity;
        return;
      }
      status.accessModes = [...(volume.spec?.accessModes ?? [])];
      // After the first binding the size is the business of whoever expands the volume.
      const storage = volume.spec?.capacity?.['storage'];
      if (status.capacity?.['storage'] === undefined && storage !== undefined) status.capacity = { ...status.capacity, storage };
      const attributes = volume.spec?.volumeAttributesClassName;
      if (attributes !== undefined && attributes !== '') status.currentVolumeAttributesClassName = attributes;
    },
    'status',
  );
  return written !== undefined && !jsonEqual(written.status, claim.status);
}
