import { Path } from '../../../apimachinery/field/path.ts';
import type { PersistentVolume, PersistentVolumeSpec } from '../../schema/types/core/v1.ts';
import { nodeSelectorTermWarnings } from '../node/labelWarnings.ts';
import { BETA_STORAGE_CLASS, BETA_STORAGE_CLASS_WARNING } from '../storageClassOf.ts';

const MOUNT_OPTIONS = 'volume.beta.kubernetes.io/mount-options';

/** Drivers that are gone; the printed name is not always the field's. */
const DEPRECATED: readonly (readonly [field: keyof PersistentVolumeSpec, printed: string, text: string])[] = [
  ['cephfs', 'cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['photonPersistentDisk', 'photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['scaleIO', 'scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['storageos', 'storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['flocker', 'flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['rbd', 'rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

/** Counterpart: k8s.io/kubernetes/pkg/api/persistentvolume, GetWarningsForPersistentVolume. */
export function persistentVolumeWarnings(volume: PersistentVolume): readonly string[] {
  const warnings: string[] = [];
  const { annotations = {} } = volume.metadata;
  const spec = volume.spec ?? {};
  if (annotations[BETA_STORAGE_CLASS] !== undefined) warnings.push(BETA_STORAGE_CLASS_WARNING);
  if (annotations[MOUNT_OPTIONS] !== undefined)
    warnings.push(`metadata.annotations[${MOUNT_OPTIONS}]: deprecated since v1.31; use "mountOptions" attribute instead`);
  if (spec.persistentVolumeReclaimPolicy === 'Recycle')
    warnings.push(
      'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
    );
  const terms = Path.of('spec', 'nodeAffinity', 'required', 'nodeSelectorTerms');
  for (const [index, term] of (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).entries())
    nodeSelectorTermWarnings(warnings, term, terms.index(index));
  for (const [field, printed, text] of DEPRECATED) if (spec[field] !== undefined) warnings.push(`spec.${printed}: ${text}`);
  return warnings;
}
