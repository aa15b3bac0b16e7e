/**
 * VolumeAttributesClasses: properties of volumes that can be exchanged while they are in use.
 * Invariant: a class never changes.
 * Counterpart: k8s.io/kubernetes/pkg/registry/storage/volumeattributesclass.
 */
import { jsonEqual } from '../../../base/json.ts';
import { forbidden, invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import { VOLUMEATTRIBUTESCLASSES } from '../../schema/resources.ts';
import type { VolumeAttributesClass } from '../../schema/types/storage/v1.ts';
import type { Strategy } from '../../strategy.ts';
import { validateParameters } from '../parameters.ts';

export const VOLUMEATTRIBUTESCLASS_STRATEGY: Strategy<VolumeAttributesClass> = {
  resource: VOLUMEATTRIBUTESCLASSES,
  singular: 'volumeattributesclass',
  shortNames: ['vac'],
  categories: [],
  tracksGeneration: false,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  validate: validateClass,
  validateUpdate: validateClassUpdate,
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('DriverName'), AGE],
    cells: (one, nowMs) => [one.metadata.name ?? '', one.driverName, age(one, nowMs)],
  },
};

function validateClass({ driverName = '', parameters = {} }: VolumeAttributesClass): ErrorList {
  const errors: FieldError[] = [];
  // Case does not count, and the message shows the name in lower case.
  if (driverName === '') errors.push(required(DRIVER_NAME, ''));
  else
    for (const problem of isQualifiedName(driverName.toLowerCase())) errors.push(invalid(DRIVER_NAME, driverName.toLowerCase(), problem));
  validateParameters(errors, parameters, { mayBeEmpty: false });
  return errors;
}

function validateClassUpdate(one: VolumeAttributesClass, old: VolumeAttributesClass): ErrorList {
  const errors: FieldError[] = [];
  if (one.driverName !== old.driverName) errors.push(forbidden(DRIVER_NAME, 'updates to driverName are forbidden.'));
  if (!jsonEqual(one.parameters, old.parameters)) errors.push(forbidden(Path.of('parameters'), 'updates to parameters are forbidden.'));
  return [...errors, ...validateClass(one)];
}

const DRIVER_NAME = Path.of('driverName');
