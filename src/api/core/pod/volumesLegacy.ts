/** Volume sources whose drivers are gone; they are still validated, and warned about. PersistentVolumes use the same rules. */
import { invalid, required } from '../../../apimachinery/field/error.ts';
import { isDNS1123Label } from '../../../apimachinery/validation/names.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { FlockerVolumeSource, QuobyteVolumeSource, StorageOSVolumeSource, Volume } from '../../schema/types/core/v1.ts';
import { validateLocalDescendingPath } from './paths.ts';
import { invalidEach, requireText, type Sink } from './sink.ts';

export type LegacyVolumeName =
  | 'gitRepo'
  | 'glusterfs'
  | 'flocker'
  | 'rbd'
  | 'cephfs'
  | 'quobyte'
  | 'flexVolume'
  | 'photonPersistentDisk'
  | 'portworxVolume'
  | 'storageos'
  | 'scaleIO';

/** What a Pod's volume and a PersistentVolume have in common. */
export type LegacyVolume = Pick<Volume, LegacyVolumeName>;

export function validateLegacyVolume(sink: Sink, volume: LegacyVolume, name: LegacyVolumeName, parent: Path): void {
  const path = parent.child(name);
  switch (name) {
    case 'gitRepo':
      requireText(sink, volume.gitRepo?.repository, path, 'repository');
      return validateLocalDescendingPath(sink, volume.gitRepo?.directory ?? '', path.child('directory'));
    case 'glusterfs':
      requireText(sink, volume.glusterfs?.endpoints, path, 'endpoints');
      return requireText(sink, volume.glusterfs?.path, path, 'path');
    case 'flocker':
      return validateFlocker(sink, volume.flocker ?? {}, path);
    case 'rbd':
      if (!volume.rbd?.monitors?.length) sink.push(required(path.child('monitors'), ''));
      return requireText(sink, volume.rbd?.image, path, 'image');
    case 'cephfs':
      if (!volume.cephfs?.monitors?.length) sink.push(required(path.child('monitors'), ''));
      return;
    case 'quobyte':
      return validateQuobyte(sink, volume.quobyte ?? {}, path);
    case 'flexVolume':
      return validateFlexVolume(sink, volume.flexVolume ?? {}, path);
    case 'photonPersistentDisk':
      return requireText(sink, volume.photonPersistentDisk?.pdID, path, 'pdID');
    case 'portworxVolume':
      return requireText(sink, volume.portworxVolume?.volumeID, path, 'volumeID');
    case 'storageos':
      return validateStorageOS(sink, volume.storageos ?? {}, path);
    case 'scaleIO':
      requireText(sink, volume.scaleIO?.gateway, path, 'gateway');
      requireText(sink, volume.scaleIO?.system, path, 'system');
      return requireText(sink, volume.scaleIO?.volumeName, path, 'volumeName');
  }
}

export function validateFlocker(sink: Sink, source: FlockerVolumeSource, path: Path): void {
  if (!source.datasetName && !source.datasetUUID) sink.push(required(path, 'one of datasetName and datasetUUID is required'));
  if (source.datasetName && source.datasetUUID)
    sink.push(invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
  if (source.datasetName?.includes('/')) sink.push(invalid(path.child('datasetName'), source.datasetName, "must not contain '/'"));
}

export function validateQuobyte(sink: Sink, source: Partial<QuobyteVolumeSource>, path: Path): void {
  if (!source.registry) {
    sink.push(required(path.child('registry'), 'must be a host:port pair or multiple pairs separated by commas'));
  } else if ((source.tenant ?? '').length >= 65) {
    sink.push(required(path.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters'));
  } else {
    for (const pair of source.registry.split(','))
      if (!HOST_PORT.test(pair))
        sink.push(invalid(path.child('registry'), source.registry, 'must be a host:port pair or multiple pairs separated by commas'));
  }
  requireText(sink, source.volume, path, 'volume');
}

export function validateFlexVolume(
  sink: Sink,
  source: { readonly driver?: string; readonly options?: { readonly [key: string]: string } },
  path: Path,
): void {
  requireText(sink, source.driver, path, 'driver');
  for (const key of Object.keys(source.options ?? {}).sort()) {
    const namespace = `.${(key.includes('/') ? key.slice(0, key.indexOf('/')) : key).toLowerCase()}`;
    if (namespace.endsWith('.kubernetes.io') || namespace.endsWith('.k8s.io'))
      sink.push(invalid(path.child('options').key(key), key, 'kubernetes.io and k8s.io namespaces are reserved'));
  }
}

function validateStorageOS(sink: Sink, source: StorageOSVolumeSource, path: Path): void {
  requireText(sink, source.volumeName, path, 'volumeName');
  if (source.volumeName) invalidEach(sink, path.child('volumeName'), source.volumeName, isDNS1123Label(source.volumeName));
  if (source.volumeNamespace)
    invalidEach(sink, path.child('volumeNamespace'), source.volumeNamespace, isDNS1123Label(source.volumeNamespace));
  if (source.secretRef) requireText(sink, source.secretRef.name, path.child('secretRef'), 'name');
}

/** A host, or an IPv6 address in brackets, and a port after the only colon. */
const HOST_PORT = /^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/;
