/** Volume sources of storage systems that still have a driver. PersistentVolumes use the same rules. */
import { invalid, notSupported, required, tooLong } from '../../../apimachinery/field/error.ts';
import { isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { AzureDiskVolumeSource, CSIVolumeSource, FCVolumeSource, ISCSIVolumeSource, Volume } from '../../schema/types/core/v1.ts';
import { inclusiveRange, invalidEach, optionalOneOf, requireText, type Sink } from './sink.ts';

export type NetworkVolumeName =
  'nfs' | 'iscsi' | 'fc' | 'csi' | 'azureFile' | 'azureDisk' | 'vsphereVolume' | 'awsElasticBlockStore' | 'gcePersistentDisk' | 'cinder';

/** What a Pod's volume and a PersistentVolume have in common. */
export type NetworkVolume = Pick<Volume, NetworkVolumeName>;

export function validateNetworkVolume(sink: Sink, volume: NetworkVolume, name: NetworkVolumeName, parent: Path): void {
  const path = parent.child(name);
  switch (name) {
    case 'nfs':
      requireText(sink, volume.nfs?.server, path, 'server');
      requireText(sink, volume.nfs?.path, path, 'path');
      if (!volume.nfs?.path?.startsWith('/')) sink.push(invalid(path.child('path'), volume.nfs?.path ?? '', 'must be an absolute path'));
      return;
    case 'iscsi':
      return validateISCSI(sink, volume.iscsi ?? {}, path);
    case 'fc':
      return validateFC(sink, volume.fc ?? {}, path);
    case 'csi':
      return validateInlineCSI(sink, volume.csi ?? {}, path);
    case 'azureFile':
      requireText(sink, volume.azureFile?.secretName, path, 'secretName');
      requireText(sink, volume.azureFile?.shareName, path, 'shareName');
      return;
    case 'azureDisk':
      return validateAzureDisk(sink, volume.azureDisk ?? {}, path);
    case 'vsphereVolume':
      return requireText(sink, volume.vsphereVolume?.volumePath, path, 'volumePath');
    case 'awsElasticBlockStore':
      requireText(sink, volume.awsElasticBlockStore?.volumeID, path, 'volumeID');
      return validatePartition(sink, volume.awsElasticBlockStore?.partition, path);
    case 'gcePersistentDisk': {
      // The server's path for errors inside is `persistentDisk`.
      const at = parent.child('persistentDisk');
      requireText(sink, volume.gcePersistentDisk?.pdName, at, 'pdName');
      return validatePartition(sink, volume.gcePersistentDisk?.partition, at);
    }
    case 'cinder':
      requireText(sink, volume.cinder?.volumeID, path, 'volumeID');
      if (volume.cinder?.secretRef) requireText(sink, volume.cinder.secretRef.name, path.child('secretRef'), 'name');
      return;
  }
}

export function validateISCSI(sink: Sink, source: Partial<ISCSIVolumeSource>, path: Path): void {
  requireText(sink, source.targetPortal, path, 'targetPortal');
  validateIQNAndLun(sink, source, path);
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !source.secretRef) sink.push(required(path.child('secretRef'), ''));
  validateInitiator(sink, source.initiatorName, path);
}

/** @param wrongPrefix what is said of an IQN of no known kind */
export function validateIQNAndLun(
  sink: Sink,
  source: Pick<Partial<ISCSIVolumeSource>, 'iqn' | 'lun'>,
  path: Path,
  wrongPrefix = WRONG_PREFIX,
): void {
  requireText(sink, source.iqn, path, 'iqn');
  if (source.iqn) validateInitiatorName(sink, source.iqn, path.child('iqn'), wrongPrefix);
  validateLun(sink, source.lun ?? 0, path);
}

export function validateInitiator(sink: Sink, name: string | undefined, path: Path): void {
  if (name !== undefined) validateInitiatorName(sink, name, path.child('initiatorname'), WRONG_PREFIX);
}

const WRONG_PREFIX = 'must be valid format starting with iqn, eui, or naa';

function validateInitiatorName(sink: Sink, name: string, path: Path, wrongPrefix: string): void {
  if (!hasInitiatorPrefix(name)) sink.push(invalid(path, name, wrongPrefix));
  else if (!isInitiatorName(name)) sink.push(invalid(path, name, 'must be valid format'));
}

export function validateFC(sink: Sink, source: FCVolumeSource, path: Path): void {
  const names = source.targetWWNs ?? [];
  const ids = source.wwids ?? [];
  if (names.length === 0 && ids.length === 0)
    sink.push(required(path.child('targetWWNs'), 'must specify either targetWWNs or wwids, but not both'));
  if (names.length > 0 && ids.length > 0)
    sink.push(invalid(path.child('targetWWNs'), names, 'targetWWNs and wwids can not be specified simultaneously'));
  if (names.length === 0) return;
  if (source.lun === undefined) sink.push(required(path.child('lun'), 'lun is required if targetWWNs is specified'));
  else validateLun(sink, source.lun, path);
}

export function validateCSIDriverName(sink: Sink, driver: string | undefined, parent: Path, field = 'driver'): void {
  const path = parent.child(field);
  const name = driver ?? '';
  if (name === '') {
    sink.push(required(path, ''));
    return;
  }
  if (name.length > 63) sink.push(tooLong(path, 63));
  invalidEach(sink, path, name, isDNS1123Subdomain(name.toLowerCase()));
}

export function validateAzureDisk(sink: Sink, source: Partial<AzureDiskVolumeSource>, path: Path): void {
  requireText(sink, source.diskName, path, 'diskName');
  requireText(sink, source.diskURI, path, 'diskURI');
  optionalOneOf(sink, source.cachingMode, ['None', 'ReadOnly', 'ReadWrite'], path, 'cachingMode');
  optionalOneOf(sink, source.kind, ['Dedicated', 'Managed', 'Shared'], path, 'kind');
  if (source.kind === undefined) return;
  const [prefix, example] = source.kind === 'Managed' ? MANAGED_DISK : BLOB_DISK;
  if (!source.diskURI?.startsWith(prefix)) sink.push(notSupported(path.child('diskURI'), source.diskURI ?? '', [example]));
}

const MANAGED_DISK = [
  '/subscriptions/',
  '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}',
] as const;
const BLOB_DISK = ['https://', 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd'] as const;

function validateInlineCSI(sink: Sink, source: Partial<CSIVolumeSource>, path: Path): void {
  validateCSIDriverName(sink, source.driver, path);
  if (!source.nodePublishSecretRef) return;
  const name = source.nodePublishSecretRef.name;
  if (name) invalidEach(sink, path.child('name'), name, isDNS1123Subdomain(name));
  else sink.push(required(path.child('nodePublishSecretRef', 'name'), ''));
}

function validatePartition(sink: Sink, partition: number | undefined, path: Path): void {
  if (partition !== undefined && (partition < 0 || partition > 255))
    sink.push(invalid(path.child('partition'), partition, inclusiveRange(1, 255)));
}

function validateLun(sink: Sink, lun: number, path: Path): void {
  if (lun < 0 || lun > 255) sink.push(invalid(path.child('lun'), lun, inclusiveRange(0, 255)));
}

function hasInitiatorPrefix(name: string): boolean {
  return name.startsWith('iqn') || name.startsWith('eui') || name.startsWith('naa');
}

function isInitiatorName(name: string): boolean {
  if (name.startsWith('iqn')) return IQN.test(name);
  return name.startsWith('eui') ? EUI.test(name) : NAA.test(name);
}

const IQN = /iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$/;
const EUI = /^eui.[A-Za-z0-9]{16}$/;
const NAA = /^naa.[A-Za-z0-9]{32}$/;
