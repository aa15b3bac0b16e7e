/**
 * PersistentVolumes: storage that exists apart from Pods.
 * Invariant: what backs a volume never changes.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/persistentvolume.
 */
import type { Draft } from '../../../base/json.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { PERSISTENTVOLUMES } from '../../schema/resources.ts';
import type { PersistentVolume } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { defaultStorageSystems } from '../pod/defaultVolumes.ts';
import { PERSISTENTVOLUME_TABLE } from './columns.ts';
import { validatePersistentVolume, validatePersistentVolumeUpdate } from './validation.ts';
import { persistentVolumeWarnings } from './warnings.ts';

export const PERSISTENTVOLUME_STRATEGY: Strategy<PersistentVolume> = {
  resource: PERSISTENTVOLUMES,
  singular: 'persistentvolume',
  shortNames: ['pv'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults: defaultPersistentVolume,
  prepareForCreate(volume, { now }) {
    volume.status = { phase: 'Pending', lastPhaseTransitionTime: now };
  },
  validate: validatePersistentVolume,
  validateUpdate: validatePersistentVolumeUpdate,
  warnings: persistentVolumeWarnings,
  status: {
    // Whoever writes the phase need not write down when it changed.
    prepareForUpdate(volume, old, { now }) {
      const { phase, lastPhaseTransitionTime: time } = volume.status ?? {};
      if (phase === old.status?.phase || (time !== undefined && time !== old.status?.lastPhaseTransitionTime)) return;
      (volume.status ??= {}).lastPhaseTransitionTime = now;
    },
    validateUpdate: () => [],
  },
  defaultPropagation: 'Background',
  table: PERSISTENTVOLUME_TABLE,
};

function defaultPersistentVolume(volume: Draft<PersistentVolume>): void {
  (volume.status ??= {}).phase ??= 'Pending';
  const spec = (volume.spec ??= {});
  if (((spec.persistentVolumeReclaimPolicy as string | undefined) ?? '') === '') spec.persistentVolumeReclaimPolicy = 'Retain';
  spec.volumeMode ??= 'Filesystem';
  if (spec.hostPath) spec.hostPath.type ??= '';
  defaultStorageSystems(spec);
}
