/**
 * Volumes of a Pod: names, exactly one source each, and what the container rules need to know about them.
 * Invariant: a volume with an error is not in the map, so its mounts are reported as not found as well.
 */
import { compare, quantity, ZERO } from '../../../apimachinery/quantity/quantity.ts';
import { duplicate, forbidden, invalid, required } from '../../../apimachinery/field/error.ts';
import { isDNS1123Label, isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import type { ObjectMeta } from '../../../apimachinery/meta/types.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { Volume } from '../../schema/types/core/v1.ts';
import { validateDownwardAPIVolume } from './downwardAPI.ts';
import { validateEphemeralVolume } from './volumeClaimTemplate.ts';
import { validateLegacyVolume } from './volumesLegacy.ts';
import { validateHostPath, validateImageVolume, validateKeyToPath, validateMode } from './volumesCommon.ts';
import { validateNetworkVolume } from './volumesNetwork.ts';
import { validateProjected } from './volumesProjected.ts';
import { invalidEach, requireText, type Sink } from './sink.ts';
import type { PodValidationOptions } from './options.ts';

export type VolumeMap = ReadonlyMap<string, Volume>;

/** @param meta of the Pod; absent in a template, whose Pods' names are not known */
export function validateVolumes(
  sink: Sink,
  volumes: readonly Volume[],
  meta: ObjectMeta | undefined,
  path: Path,
  options: PodValidationOptions,
): VolumeMap {
  const valid = new Map<string, Volume>();
  const podName = meta?.name ?? '';
  for (const [index, volume] of volumes.entries()) {
    const itemPath = path.index(index);
    const before = sink.length;
    validateSource(sink, volume, itemPath, podName, options);
    requireText(sink, volume.name, itemPath, 'name');
    if (volume.name) invalidEach(sink, itemPath.child('name'), volume.name, isDNS1123Label(volume.name));
    if (valid.has(volume.name)) sink.push(duplicate(itemPath.child('name'), volume.name));
    if (sink.length === before) valid.set(volume.name, volume);
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim !== undefined && podName !== '' && volumes.some((other) => other.ephemeral && `${podName}-${other.name}` === claim)) {
      const text = 'must not reference a PVC that gets created for an ephemeral volume';
      sink.push(invalid(itemPath.child('persistentVolumeClaim', 'claimName'), claim, text));
    }
  }
  return valid;
}

type SourceName = Exclude<keyof Volume, 'name'>;

/** In the order in which the server looks at them: the first one counts, each further one is one too many. */
const SOURCES: readonly SourceName[] = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
];

/** Where the server's path is not the field's name. */
const CROWDED_NAME: { readonly [Name in SourceName]?: string } = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };

function validateSource(sink: Sink, volume: Volume, path: Path, podName: string, options: PodValidationOptions): void {
  let found = 0;
  for (const name of SOURCES) {
    if (volume[name] === undefined) continue;
    if (found > 0) sink.push(forbidden(path.child(CROWDED_NAME[name] ?? name), 'may not specify more than 1 volume type'));
    else validateOneSource(sink, volume, name, path, podName, options);
    if (name === 'iscsi') validateInitiatorLength(sink, volume, path);
    found++;
  }
  if (found === 0) sink.push(required(path, 'must specify a volume type'));
}

function validateOneSource(sink: Sink, volume: Volume, name: SourceName, path: Path, podName: string, options: PodValidationOptions): void {
  switch (name) {
    case 'emptyDir': {
      const limit = volume.emptyDir?.sizeLimit;
      if (limit !== undefined && compare(quantity(limit), ZERO) < 0)
        sink.push(forbidden(path.child('emptyDir', 'sizeLimit'), 'SizeLimit field must be a valid resource quantity'));
      return;
    }
    case 'hostPath':
      return validateHostPath(sink, volume.hostPath ?? {}, path.child('hostPath'));
    case 'secret': {
      const source = volume.secret ?? {};
      const at = path.child('secret');
      requireText(sink, source.secretName, at, 'secretName');
      validateMode(sink, source.defaultMode, at, 'defaultMode');
      for (const [index, item] of (source.items ?? []).entries()) validateKeyToPath(sink, item, at.child('items').index(index));
      return;
    }
    case 'configMap': {
      const source = volume.configMap ?? {};
      const at = path.child('configMap');
      requireText(sink, source.name, at, 'name');
      validateMode(sink, source.defaultMode, at, 'defaultMode');
      for (const [index, item] of (source.items ?? []).entries()) validateKeyToPath(sink, item, at.child('items').index(index));
      return;
    }
    case 'persistentVolumeClaim':
      return requireText(sink, volume.persistentVolumeClaim?.claimName, path.child('persistentVolumeClaim'), 'claimName');
    case 'downwardAPI':
      return validateDownwardAPIVolume(sink, volume.downwardAPI ?? {}, path.child('downwardAPI'));
    case 'projected':
      return validateProjected(sink, volume.projected ?? {}, path.child('projected'), options);
    case 'ephemeral':
      validateEphemeralVolume(sink, volume.ephemeral ?? {}, path.child('ephemeral'));
      if (podName !== '' && volume.name) {
        const claim = `${podName}-${volume.name}`;
        for (const text of isDNS1123Subdomain(claim)) sink.push(invalid(path.child('name'), volume.name, `PVC name "${claim}": ${text}`));
      }
      return;
    case 'image':
      return validateImageVolume(sink, volume.image ?? {}, path.child('image'), options.resourceIsPod);
    case 'nfs':
    case 'iscsi':
    case 'fc':
    case 'csi':
    case 'azureFile':
    case 'azureDisk':
    case 'vsphereVolume':
    case 'awsElasticBlockStore':
    case 'gcePersistentDisk':
    case 'cinder':
      return validateNetworkVolume(sink, volume, name, path);
    default:
      return validateLegacyVolume(sink, volume, name, path);
  }
}

/** The name of the iSCSI connection is made of both and has a limit. */
function validateInitiatorLength(sink: Sink, volume: Volume, path: Path): void {
  if (volume.iscsi?.initiatorName === undefined) return;
  if (`${volume.name}:${volume.iscsi.targetPortal}`.length <= 64) return;
  const text = 'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
  sink.push(invalid(path.child('name'), volume.name, text));
}
