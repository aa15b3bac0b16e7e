import { PROVISIONED_BY } from '../../api/core/persistentvolume/matching.ts';
import { PERSISTENTVOLUMES } from '../../api/schema/resources.ts';
import type { PersistentVolume } from '../../api/schema/types/core/v1.ts';
import { objectReference } from '../../client/client.ts';
import { attachmentsOf } from './attach.ts';
import type { CsiContext } from './controller.ts';
import { driverNamed, type Driver } from './drivers.ts';

/** Keeps the object until the storage behind it is gone, for volumes whose policy is Delete. */
export const PROVISIONER_FINALIZER = 'external-provisioner.volume.kubernetes.io/finalizer';

/** The finalizer follows the reclaim policy, which a user may change. */
export function guardVolume(context: CsiContext, volume: PersistentVolume): void {
  if (driverOf(context, volume) === undefined || volume.metadata.deletionTimestamp !== undefined) return;
  const wanted = volume.spec?.persistentVolumeReclaimPolicy === 'Delete';
  const has = volume.metadata.finalizers?.includes(PROVISIONER_FINALIZER) === true;
  if (wanted === has) return;
  context.client.modify(PERSISTENTVOLUMES, '', volume.metadata.name ?? '', ({ metadata }) => {
    const others = (metadata.finalizers ?? []).filter((name) => name !== PROVISIONER_FINALIZER);
    metadata.finalizers = wanted ? [...others, PROVISIONER_FINALIZER] : others;
  });
}

/** The driver that shall delete the volume: its claim is gone and its policy says so. */
export function isToBeDeleted(context: CsiContext, volume: PersistentVolume): Driver | undefined {
  if (volume.spec?.persistentVolumeReclaimPolicy !== 'Delete') return undefined;
  const { phase } = volume.status ?? {};
  const released = phase === 'Released' || phase === 'Failed';
  const guarded = volume.metadata.finalizers?.includes(PROVISIONER_FINALIZER) === true;
  return released || (volume.metadata.deletionTimestamp !== undefined && guarded && phase !== 'Bound')
    ? driverOf(context, volume)
    : undefined;
}

/** A volume that a node has cannot be deleted, which is said each time that it is tried. */
export function refuseDeletion(context: CsiContext, volume: PersistentVolume): boolean {
  const driver = isToBeDeleted(context, volume);
  const name = volume.metadata.name ?? '';
  const [holder] = driver === undefined ? [] : attachmentsOf(context.client, name);
  if (driver === undefined || holder === undefined) return false;
  const text = `persistentvolume ${name} is still attached to node ${holder.spec.nodeName}`;
  context.events(driver.name).event(objectReference(PERSISTENTVOLUMES, volume), 'Warning', 'VolumeFailedDelete', text);
  return true;
}

export function removeVolume(context: CsiContext, volume: PersistentVolume): void {
  if (isToBeDeleted(context, volume) === undefined) return;
  const name = volume.metadata.name ?? '';
  const { client } = context;
  if (volume.metadata.deletionTimestamp === undefined) client.delete(PERSISTENTVOLUMES, '', name);
  client.modify(PERSISTENTVOLUMES, '', name, ({ metadata }) => {
    metadata.finalizers = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== PROVISIONER_FINALIZER);
  });
}

function driverOf({ isInstalled }: CsiContext, { metadata, spec }: PersistentVolume): Driver | undefined {
  const name = metadata.annotations?.[PROVISIONED_BY];
  if (name === undefined || spec?.csi?.driver !== name) return undefined;
  const driver = driverNamed(name);
  return driver !== undefined && isInstalled(name) ? driver : undefined;
}
