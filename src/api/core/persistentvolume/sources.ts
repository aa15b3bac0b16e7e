/** What backs a volume: exactly one of many. Most rules are those of a Pod's volumes; secrets are named with a namespace here. */
import { forbidden, invalid, required } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { isDNS1123Label, isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import type {
  CSIPersistentVolumeSource,
  GlusterfsPersistentVolumeSource,
  ISCSIPersistentVolumeSource,
  PersistentVolumeSpec,
  SecretReference,
  StorageOSPersistentVolumeSource,
  StorageOSVolumeSource,
} from '../../schema/types/core/v1.ts';
import { validateNoBacksteps } from '../pod/paths.ts';
import { invalidEach, requireText, type Sink } from '../pod/sink.ts';
import { validateHostPath } from '../pod/volumesCommon.ts';
import { validateLegacyVolume } from '../pod/volumesLegacy.ts';
import { validateCSIDriverName, validateInitiator, validateIQNAndLun, validateNetworkVolume } from '../pod/volumesNetwork.ts';

type SourceName = Exclude<
  keyof PersistentVolumeSpec,
  | 'accessModes'
  | 'capacity'
  | 'claimRef'
  | 'mountOptions'
  | 'nodeAffinity'
  | 'persistentVolumeReclaimPolicy'
  | 'storageClassName'
  | 'volumeAttributesClassName'
  | 'volumeMode'
>;

/** In the order in which the server looks at them: the first one counts, each further one is one too many. */
export const SOURCES: readonly SourceName[] = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
];

/** @param volumeName of the PersistentVolume */
export function validateSource(sink: Sink, spec: PersistentVolumeSpec, volumeName: string, path: Path): void {
  let found = 0;
  for (const name of SOURCES) {
    if (spec[name] === undefined) continue;
    // A flexVolume is looked at even if it is one too many.
    if (found > 0 && name !== 'flexVolume') {
      sink.push(forbidden(path.child(name === 'cephfs' ? 'cephFS' : name), 'may not specify more than 1 volume type'));
      continue;
    }
    validateOneSource(sink, spec, name, volumeName, path);
    found++;
  }
  if (found === 0) sink.push(required(path, 'must specify a volume type'));
}

function validateOneSource(sink: Sink, spec: PersistentVolumeSpec, name: SourceName, volumeName: string, path: Path): void {
  switch (name) {
    case 'hostPath':
      return validateHostPath(sink, spec.hostPath ?? {}, path.child(name));
    case 'glusterfs':
      validateLegacyVolume(sink, spec, name, path);
      return validateEndpointsNamespace(sink, spec.glusterfs ?? {}, path.child(name));
    case 'iscsi':
      return validateISCSI(sink, spec.iscsi ?? {}, volumeName, path.child(name));
    case 'cinder':
      requireText(sink, spec.cinder?.volumeID, path.child(name), 'volumeID');
      return validateSecret(sink, spec.cinder?.secretRef, path.child(name, 'secretRef'));
    case 'azureFile':
      validateNetworkVolume(sink, spec, name, path);
      if (spec.azureFile?.secretNamespace === '') sink.push(required(path.child(name, 'secretNamespace'), ''));
      return;
    case 'local':
      validateLocalPath(sink, spec.local?.path, path.child(name));
      if (!spec.nodeAffinity) sink.push(required(path.child('nodeAffinity'), 'Local volume requires node affinity'));
      return;
    case 'storageos':
      validateLegacyVolume(sink, { storageos: withoutSecret(spec.storageos ?? {}) }, name, path);
      return validateSecret(sink, spec.storageos?.secretRef, path.child(name, 'secretRef'));
    case 'csi':
      return validateCSI(sink, spec.csi ?? {}, path.child(name));
    case 'nfs':
    case 'fc':
    case 'azureDisk':
    case 'vsphereVolume':
    case 'awsElasticBlockStore':
    case 'gcePersistentDisk':
      return validateNetworkVolume(sink, spec, name, path);
    default:
      return validateLegacyVolume(sink, spec, name, path);
  }
}

function validateLocalPath(sink: Sink, target: string | undefined, path: Path): void {
  if (!target) sink.push(required(path.child('path'), ''));
  else validateNoBacksteps(sink, target, path.child('path'));
}

function validateEndpointsNamespace(sink: Sink, source: Partial<GlusterfsPersistentVolumeSource>, parent: Path): void {
  const namespace = source.endpointsNamespace;
  if (namespace === undefined) return;
  const path = parent.child('endpointsNamespace');
  if (namespace === '') sink.push(invalid(path, namespace, 'if the endpointnamespace is set, it must be a valid namespace name'));
  else invalidEach(sink, path, namespace, isDNS1123Label(namespace));
}

function validateISCSI(sink: Sink, source: Partial<ISCSIPersistentVolumeSource>, volumeName: string, path: Path): void {
  const portal = source.targetPortal ?? '';
  requireText(sink, portal, path, 'targetPortal');
  if (source.initiatorName !== undefined && `${volumeName}:${portal}`.length > 64) {
    const text = 'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
    sink.push(invalid(path.child('targetportal'), portal, text));
  }
  validateIQNAndLun(sink, source, path, 'must be valid format');
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !source.secretRef) sink.push(required(path.child('secretRef'), ''));
  if (source.secretRef) requireText(sink, source.secretRef.name, path.child('secretRef'), 'name');
  validateInitiator(sink, source.initiatorName, path);
}

/** A Pod's reference has no namespace, so this one is judged apart. */
function withoutSecret({ secretRef: _secretRef, ...source }: StorageOSPersistentVolumeSource): StorageOSVolumeSource {
  return source;
}

/** The secret for staging is not looked at; that is how the server does it. */
function validateCSI(sink: Sink, source: Partial<CSIPersistentVolumeSource>, path: Path): void {
  validateCSIDriverName(sink, source.driver, path);
  requireText(sink, source.volumeHandle, path, 'volumeHandle');
  for (const name of ['controllerPublishSecretRef', 'controllerExpandSecretRef', 'nodePublishSecretRef', 'nodeExpandSecretRef'] as const)
    validateSecretNames(sink, source[name], path.child(name));
}

function validateSecretNames(sink: Sink, reference: SecretReference | undefined, path: Path): void {
  if (!reference) return;
  const { name = '', namespace = '' } = reference;
  requireText(sink, name, path, 'name');
  if (name !== '') invalidEach(sink, path.child('name'), name, isDNS1123Subdomain(name));
  requireText(sink, namespace, path, 'namespace');
  if (namespace !== '') invalidEach(sink, path.child('namespace'), namespace, isDNS1123Label(namespace));
}

function validateSecret(sink: Sink, reference: SecretReference | undefined, path: Path): void {
  if (!reference) return;
  requireText(sink, reference.name, path, 'name');
  requireText(sink, reference.namespace, path, 'namespace');
}
