import { BOUND_BY_CONTROLLER, hasSameMode, PROVISIONED_BY } from '../../api/core/persistentvolume/matching.ts';
import { PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES } from '../../api/schema/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../api/schema/types/core/v1.ts';
import { objectKey } from '../../apimachinery/meta/resource.ts';
import { objectReference } from '../../client/client.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { setVolumePhase } from './bind.ts';

/**
 * Brings a volume's phase in line with its claim; a volume whose claim is gone is taken back.
 * Counterpart: syncVolume of k8s.io/kubernetes/pkg/controller/volume/persistentvolume.
 */
export function syncVolume(context: ControllerContext, volume: PersistentVolume): void {
  const reference = volume.spec?.claimRef;
  if (reference === undefined || (reference.uid ?? '') === '') {
    setVolumePhase(context, volume, 'Available', '');
    return;
  }
  const found = context.client.get(PERSISTENTVOLUMECLAIMS, reference.namespace ?? '', reference.name ?? '');
  // Another claim of the same name is not the one that was bound.
  const claim = found?.metadata.uid === reference.uid ? found : undefined;
  if (claim === undefined) {
    release(context, volume);
    return;
  }
  const bound = claim.spec?.volumeName ?? '';
  if (bound === volume.metadata.name) setVolumePhase(context, volume, 'Bound', '');
  else if (bound === '') sync(context, volume, claim);
  else if (isDynamic(volume) && volume.spec?.persistentVolumeReclaimPolicy === 'Delete') release(context, volume);
  else unbind(context, volume);
}

/** Half a binding: the claim's look will complete it, unless the modes exclude each other. */
function sync(context: ControllerContext, volume: PersistentVolume, claim: PersistentVolumeClaim): void {
  if (hasSameMode(volume, claim)) {
    context.enqueue(objectKey(claim.metadata.namespace, claim.metadata.name ?? ''));
    return;
  }
  const { events } = context;
  const [volumeName, claimName] = [volume.metadata.name ?? '', claim.metadata.name ?? ''];
  events.event(
    objectReference(PERSISTENTVOLUMES, volume),
    'Warning',
    'VolumeMismatch',
    `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${claimName}" due to incompatible volumeMode.`,
  );
  events.event(
    objectReference(PERSISTENTVOLUMECLAIMS, claim),
    'Warning',
    'VolumeMismatch',
    `Cannot bind PersistentVolume "${volumeName}" to requested PersistentVolumeClaim due to incompatible volumeMode.`,
  );
}

function isDynamic({ metadata }: PersistentVolume): boolean {
  return metadata.annotations?.[PROVISIONED_BY] !== undefined;
}

/** The claim took another volume; this one is free again. One that a user reserved stays reserved, by name. */
function unbind(context: ControllerContext, volume: PersistentVolume): void {
  const freed = context.client.modify(PERSISTENTVOLUMES, '', volume.metadata.name ?? '', (copy) => {
    if (copy.spec?.claimRef === undefined) return;
    if (copy.metadata.annotations?.[BOUND_BY_CONTROLLER] === undefined) {
      delete copy.spec.claimRef.uid;
      return;
    }
    delete copy.spec.claimRef;
    delete copy.metadata.annotations[BOUND_BY_CONTROLLER];
  });
  if (freed !== undefined) setVolumePhase(context, freed, 'Available', '');
}

function release(context: ControllerContext, volume: PersistentVolume): void {
  const phase = volume.status?.phase;
  // A failure stays to be seen while the taking back is tried again.
  if (phase !== 'Released' && phase !== 'Failed') setVolumePhase(context, volume, 'Released', '');
  const current = context.client.get(PERSISTENTVOLUMES, '', volume.metadata.name ?? '');
  if (current !== undefined) reclaim(context, current);
}

/**
 * Retain leaves the volume as it is. Recycle empties it and frees it. Delete is up to the driver that made the volume;
 * what no driver made, only a directory of the host can be deleted, and only below /tmp.
 */
function reclaim(context: ControllerContext, volume: PersistentVolume): void {
  const { spec } = volume;
  const name = volume.metadata.name ?? '';
  const about = objectReference(PERSISTENTVOLUMES, volume);
  if (spec?.persistentVolumeReclaimPolicy === 'Recycle') {
    if (spec.hostPath === undefined && spec.nfs === undefined) {
      fail(context, volume, 'VolumeFailedRecycle', `No recycler plugin found for the volume!`);
      return;
    }
    context.events.event(about, 'Normal', 'VolumeRecycled', 'Volume recycled');
    const freed = context.client.modify(PERSISTENTVOLUMES, '', name, (copy) => {
      if (copy.spec !== undefined) delete copy.spec.claimRef;
      delete copy.metadata.annotations?.[BOUND_BY_CONTROLLER];
    });
    if (freed !== undefined) setVolumePhase(context, freed, 'Available', '');
    return;
  }
  if (spec?.persistentVolumeReclaimPolicy !== 'Delete' || spec.csi !== undefined || isDynamic(volume)) return;
  if (spec.hostPath === undefined) {
    const text = `error getting deleter volume plugin for volume "${name}": no deletable volume plugin matched`;
    fail(context, volume, 'VolumeFailedDelete', text);
    return;
  }
  if (!/^\/tmp\/.+/.test(spec.hostPath.path)) {
    fail(context, volume, 'VolumeFailedDelete', `host_path deleter only supports /tmp/.+ but received provided ${spec.hostPath.path}`);
    return;
  }
  context.client.delete(PERSISTENTVOLUMES, '', name);
}

function fail(context: ControllerContext, volume: PersistentVolume, reason: string, message: string): void {
  if (setVolumePhase(context, volume, 'Failed', message))
    context.events.event(objectReference(PERSISTENTVOLUMES, volume), 'Warning', reason, message);
}
