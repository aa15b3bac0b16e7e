import type { Draft } from '../../base/json.ts';
import { CSINODES, PERSISTENTVOLUMES, VOLUMEATTACHMENTS } from '../../api/schema/resources.ts';
import type { PersistentVolume } from '../../api/schema/types/core/v1.ts';
import type { VolumeAttachment, VolumeError } from '../../api/schema/types/storage/v1.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import { INDEX_NODE_NAME, INDEX_VOLUME } from '../../apiserver/apiServer.ts';
import type { CsiContext } from './controller.ts';
import { driverNamed, type Driver } from './drivers.ts';

/** The word that gRPC has for a limit which is reached. */
const RESOURCE_EXHAUSTED = 8;
const NODE_ID = 'csi.alpha.kubernetes.io/node-id';

/** Holds the attachment, and the volume that it is about, until the volume is off the node. */
export function attacherFinalizer(driver: string): string {
  const name = driver.replaceAll(/[^a-zA-Z0-9-]/g, '-');
  return `external-attacher/${name.endsWith('-') ? `${name}X` : name}`;
}

/** What is to be done about an attachment, and by which driver. Counterpart: kubernetes-csi/external-attacher. */
export function attachmentTask(
  { isInstalled }: CsiContext,
  { metadata, spec, status }: VolumeAttachment,
): { readonly task: 'attach' | 'detach'; readonly driver: Driver } | undefined {
  const driver = driverNamed(spec.attacher);
  if (driver === undefined || !isInstalled(driver.name)) return undefined;
  if (metadata.deletionTimestamp === undefined) return status?.attached === true ? undefined : { task: 'attach', driver };
  return metadata.finalizers?.includes(attacherFinalizer(driver.name)) === true ? { task: 'detach', driver } : undefined;
}

/** Guards what is about to be attached. @returns whether the driver can be asked; if not, the attachment says why */
export function beginAttaching(context: CsiContext, driver: Driver, attachment: VolumeAttachment): boolean {
  const { client } = context;
  const volumeName = attachment.spec.source.persistentVolumeName ?? '';
  const volume = client.get(PERSISTENTVOLUMES, '', volumeName);
  const problem = obstacle(context, driver, attachment, volume);
  if (problem !== undefined) {
    setStatus(context, attachment, { message: problem });
    return false;
  }
  const finalizer = attacherFinalizer(driver.name);
  client.modify(PERSISTENTVOLUMES, '', volumeName, (copy) => addFinalizer(copy.metadata, finalizer));
  client.modify(VOLUMEATTACHMENTS, '', attachment.metadata.name ?? '', ({ metadata }) => {
    addFinalizer(metadata, finalizer);
    (metadata.annotations ??= {})[NODE_ID] = attachment.spec.nodeName;
  });
  return true;
}

/** @returns whether the volume is attached now; if not, the attachment says why */
export function finishAttaching(context: CsiContext, driver: Driver, attachment: VolumeAttachment): boolean {
  const { nodeName } = attachment.spec;
  const used = context.client
    .byIndex(VOLUMEATTACHMENTS, INDEX_NODE_NAME, nodeName)
    .filter(({ spec, status }) => spec.attacher === driver.name && status?.attached === true).length;
  if (used >= driver.maxVolumesPerNode) {
    const message = `rpc error: code = ResourceExhausted desc = node ${nodeName} has ${used} volumes attached and can have no more`;
    setStatus(context, attachment, { message, errorCode: RESOURCE_EXHAUSTED });
    return false;
  }
  setStatus(context, attachment, undefined);
  return true;
}

export function finishDetaching({ client }: CsiContext, driver: Driver, attachment: VolumeAttachment): void {
  const finalizer = attacherFinalizer(driver.name);
  client.modify(VOLUMEATTACHMENTS, '', attachment.metadata.name ?? '', ({ metadata }) => {
    metadata.finalizers = (metadata.finalizers ?? []).filter((name) => name !== finalizer);
  });
}

/** A volume that is being deleted is let go when no attachment names it any more. */
export function unguardVolume({ client }: CsiContext, volume: PersistentVolume): void {
  const { name = '', deletionTimestamp, finalizers = [] } = volume.metadata;
  const driver = driverNamed(volume.spec?.csi?.driver);
  if (driver === undefined || deletionTimestamp === undefined) return;
  const finalizer = attacherFinalizer(driver.name);
  if (!finalizers.includes(finalizer) || attachmentsOf(client, name).length > 0) return;
  client.modify(PERSISTENTVOLUMES, '', name, ({ metadata }) => {
    metadata.finalizers = (metadata.finalizers ?? []).filter((other) => other !== finalizer);
  });
}

export function attachmentsOf(client: CsiContext['client'], volume: string): readonly VolumeAttachment[] {
  return client.byIndex(VOLUMEATTACHMENTS, INDEX_VOLUME, volume);
}

function obstacle(
  { client }: CsiContext,
  driver: Driver,
  { spec }: VolumeAttachment,
  volume: PersistentVolume | undefined,
): string | undefined {
  if (volume === undefined) return `persistentvolume "${spec.source.persistentVolumeName ?? ''}" not found`;
  if (volume.metadata.deletionTimestamp !== undefined) return `PersistentVolume "${volume.metadata.name ?? ''}" is marked for deletion`;
  const node = client.get(CSINODES, '', spec.nodeName);
  if (node === undefined) return `csinode.storage.k8s.io "${spec.nodeName}" not found`;
  if (node.spec.drivers.some(({ name }) => name === driver.name)) return undefined;
  return `CSINode ${spec.nodeName} does not contain driver ${driver.name}`;
}

function addFinalizer(metadata: Draft<VolumeAttachment['metadata']>, finalizer: string): void {
  if (metadata.finalizers?.includes(finalizer) !== true) metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
}

function setStatus({ client, now }: CsiContext, attachment: VolumeAttachment, error: VolumeError | undefined): void {
  client.modify(
    VOLUMEATTACHMENTS,
    '',
    attachment.metadata.name ?? '',
    (copy) => {
      if (error === undefined) copy.status = { attached: true };
      // The time alone is no news.
      else if (copy.status?.attachError?.message !== error.message)
        copy.status = { attached: false, attachError: { ...error, time: formatTime(now()) } };
    },
    'status',
  );
}
