/**
 * PersistentVolumeClaims: the wish for a volume.
 * Invariant: a claim changes in size and attributes only, and only once it is bound.
 * Counterpart: k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim.
 */
import { Path } from '../../../apimachinery/field/path.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { PERSISTENTVOLUMECLAIMS } from '../../schema/resources.ts';
import type { PersistentVolumeClaim } from '../../schema/types/core/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { fraction } from '../pod/warningsFractions.ts';
import { BETA_STORAGE_CLASS, BETA_STORAGE_CLASS_WARNING } from '../storageClassOf.ts';
import { PERSISTENTVOLUMECLAIM_TABLE } from './columns.ts';
import { prepareDataSources } from './dataSources.ts';
import { validatePersistentVolumeClaimStatusUpdate } from './status.ts';
import { validatePersistentVolumeClaim, validatePersistentVolumeClaimUpdate } from './validation.ts';

export const PERSISTENTVOLUMECLAIM_STRATEGY: Strategy<PersistentVolumeClaim> = {
  resource: PERSISTENTVOLUMECLAIMS,
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults(claim) {
    (claim.spec ??= {}).volumeMode ??= 'Filesystem';
    (claim.status ??= {}).phase ??= 'Pending';
  },
  prepareForCreate(claim) {
    claim.status = { phase: 'Pending' };
    prepareDataSources((claim.spec ??= {}), undefined);
  },
  prepareForUpdate(claim, old) {
    prepareDataSources((claim.spec ??= {}), old.spec);
  },
  validate: validatePersistentVolumeClaim,
  validateUpdate: validatePersistentVolumeClaimUpdate,
  warnings: claimWarnings,
  status: { validateUpdate: validatePersistentVolumeClaimStatusUpdate },
  defaultPropagation: 'Background',
  table: PERSISTENTVOLUMECLAIM_TABLE,
};

function claimWarnings(claim: PersistentVolumeClaim): readonly string[] {
  const warnings: string[] = [];
  if (claim.metadata.annotations?.[BETA_STORAGE_CLASS] !== undefined) warnings.push(BETA_STORAGE_CLASS_WARNING);
  for (const list of ['requests', 'limits'] as const)
    fraction(warnings, claim.spec?.resources?.[list]?.['storage'], () => Path.of('spec', 'resources', list).key('storage'));
  return warnings;
}
