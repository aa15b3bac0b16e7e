/**
 * StorageClasses: kinds of volumes that can be had on demand.
 * Invariant: provisioner, parameters and policies never change.
 * Counterpart: k8s.io/kubernetes/pkg/registry/storage/storageclass.
 */
import { Path } from '../../../apimachinery/field/path.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { DEPRECATED_NODE_LABELS } from '../../core/node/labelWarnings.ts';
import { STORAGECLASSES } from '../../schema/resources.ts';
import type { StorageClass } from '../../schema/types/storage/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validateStorageClass, validateStorageClassUpdate } from './validation.ts';

export const STORAGECLASS_STRATEGY: Strategy<StorageClass> = {
  resource: STORAGECLASSES,
  singular: 'storageclass',
  shortNames: ['sc'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  defaults(storageClass) {
    storageClass.reclaimPolicy ??= 'Delete';
    storageClass.volumeBindingMode ??= 'Immediate';
  },
  validate: validateStorageClass,
  validateUpdate: validateStorageClassUpdate,
  warnings: labelWarnings,
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Provisioner'), text('ReclaimPolicy'), text('VolumeBindingMode'), text('AllowVolumeExpansion'), AGE],
    cells: (storageClass, nowMs) => [
      `${storageClass.metadata.name ?? ''}${isDefault(storageClass) ? ' (default)' : ''}`,
      storageClass.provisioner,
      storageClass.reclaimPolicy ?? 'Delete',
      storageClass.volumeBindingMode ?? 'Immediate',
      storageClass.allowVolumeExpansion === true,
      age(storageClass, nowMs),
    ],
  },
};

function isDefault({ metadata: { annotations = {} } }: StorageClass): boolean {
  return DEFAULT_MARKS.some((name) => annotations[name] === 'true');
}

const DEFAULT_MARKS = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

function labelWarnings(storageClass: StorageClass): readonly string[] {
  const warnings: string[] = [];
  for (const [index, term] of (storageClass.allowedTopologies ?? []).entries()) {
    for (const [position, { key }] of (term.matchLabelExpressions ?? []).entries()) {
      const path = Path.of('allowedTopologies').index(index).child('matchLabelExpressions').index(position);
      const said = DEPRECATED_NODE_LABELS[key];
      if (said !== undefined) warnings.push(`${path.toString()}: ${said}`);
    }
  }
  return warnings;
}
