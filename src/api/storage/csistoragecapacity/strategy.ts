/**
 * CSIStorageCapacities: how much space a driver has for a class in a part of the cluster.
 * Invariant: class and place never change; a driver makes another object instead.
 * Counterpart: k8s.io/kubernetes/pkg/registry/storage/csistoragecapacity.
 */
import { jsonEqual } from '../../../base/json.ts';
import { invalid, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { hasInvalidValue, validateLabelSelector } from '../../../apimachinery/labels/validation.ts';
import { quantity } from '../../../apimachinery/quantity/quantity.ts';
import { isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE, NEGATIVE_ERROR, validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { printedSelector } from '../../apps/printed.ts';
import { DEPRECATED_NODE_LABELS } from '../../core/node/labelWarnings.ts';
import { CSISTORAGECAPACITIES } from '../../schema/resources.ts';
import type { CSIStorageCapacity } from '../../schema/types/storage/v1.ts';
import type { Strategy } from '../../strategy.ts';

export const CSISTORAGECAPACITY_STRATEGY: Strategy<CSIStorageCapacity> = {
  resource: CSISTORAGECAPACITIES,
  singular: 'csistoragecapacity',
  shortNames: [],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: false,
  validateName: nameIsDNSSubdomain,
  validate: (capacity) => validateCapacity(capacity, false),
  validateUpdate: validateCapacityUpdate,
  warnings: labelWarnings,
  defaultPropagation: 'Background',
};

function validateCapacity(capacity: CSIStorageCapacity, allowInvalidValues: boolean): ErrorList {
  const errors: FieldError[] = [...validateLabelSelector(capacity.nodeTopology, Path.of('nodeTopology'), { allowInvalidValues })];
  const name = (capacity.storageClassName as string | undefined) ?? '';
  for (const text of isDNS1123Subdomain(name)) errors.push(invalid(Path.of('storageClassName'), name, text));
  // The largest size of one volume is not looked at; that is how the server does it.
  const amount = capacity.capacity;
  if (amount !== undefined && quantity(amount).nano < 0n) errors.push(invalid(Path.of('capacity'), amount, NEGATIVE_ERROR));
  return errors;
}

function validateCapacityUpdate(capacity: CSIStorageCapacity, old: CSIStorageCapacity): ErrorList {
  const errors: FieldError[] = [...validateCapacity(capacity, hasInvalidValue(old.nodeTopology))];
  if (!jsonEqual(capacity.nodeTopology, old.nodeTopology))
    errors.push(invalid(Path.of('nodeTopology'), printedSelector(capacity.nodeTopology), FIELD_IMMUTABLE));
  errors.push(...validateImmutable(capacity.storageClassName ?? '', old.storageClassName, Path.of('storageClassName')));
  return errors;
}

function labelWarnings({ nodeTopology: { matchExpressions = [], matchLabels = {} } = {} }: CSIStorageCapacity): readonly string[] {
  const warnings: string[] = [];
  for (const [index, { key }] of matchExpressions.entries()) {
    const said = DEPRECATED_NODE_LABELS[key];
    if (said !== undefined) warnings.push(`nodeTopology.matchExpressions[${index}]: ${key} is ${said}`);
  }
  for (const key of Object.keys(matchLabels).sort()) {
    const said = DEPRECATED_NODE_LABELS[key];
    if (said !== undefined) warnings.push(`nodeTopology.matchLabels.${key}: ${said}`);
  }
  return warnings;
}
