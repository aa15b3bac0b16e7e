/** Counterpart: ValidatePersistentVolumeClaim and its siblings of k8s.io/kubernetes/pkg/apis/core/validation. */
import { draft, jsonEqual } from '../../../base/json.ts';
import { unifiedDiff } from '../../../apimachinery/diff/unified.ts';
import { forbidden, invalid, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { hasInvalidValue } from '../../../apimachinery/labels/validation.ts';
import { compare, quantity } from '../../../apimachinery/quantity/quantity.ts';
import { carryEmpty } from '../../../apimachinery/scheme/emptyCollections.ts';
import { FIELD_IMMUTABLE, validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../../schema/types/core/v1.ts';
import { internalValue } from '../pod/internal.ts';
import { validateClaimSpec } from '../pod/volumeClaimTemplate.ts';
import { BETA_STORAGE_CLASS } from '../storageClassOf.ts';
import { fillDataSources, hasAPIGroup } from './dataSources.ts';

export function validatePersistentVolumeClaim(claim: PersistentVolumeClaim): ErrorList {
  const errors: FieldError[] = [];
  validateClaimSpec(errors, claim.spec ?? {}, SPEC);
  return errors;
}

/** A bound claim may ask for more, and for other attributes; nothing else changes. */
export function validatePersistentVolumeClaimUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): ErrorList {
  const errors: FieldError[] = [];
  const spec = claim.spec ?? {};
  const before = normalized(old.spec ?? {});
  validateClaimSpec(errors, spec, SPEC, {
    allowInvalidSelectorValues: hasInvalidValue(before.selector),
    allowInvalidAPIGroup: hasAPIGroup(before),
  });
  validateAnnotation(errors, claim, old);
  const [kept, wanted] = comparable(claim, old, before);
  if (!jsonEqual(wanted, kept)) {
    const diff = unifiedDiff(internalValue(SHAPE, kept), internalValue(SHAPE, wanted));
    errors.push(forbidden(SPEC, `${IMMUTABLE_TEXT}\n${diff}`));
  }
  validateShrinking(errors, spec, before, old);
  errors.push(...validateImmutable(spec.volumeMode ?? null, before.volumeMode ?? null, Path.of('volumeMode')));
  validateAttributesClass(errors, spec, before, old);
  return errors;
}

/** The stored claim and the new one, each without the changes that are allowed. */
function comparable(
  claim: PersistentVolumeClaim,
  old: PersistentVolumeClaim,
  before: PersistentVolumeClaimSpec,
): readonly [kept: PersistentVolumeClaimSpec, wanted: PersistentVolumeClaimSpec] {
  const spec = claim.spec ?? {};
  const kept = copy(before);
  let wanted = copy(spec);
  // The volume is set once, when the claim is bound.
  if ((before.volumeName ?? '') === '') setOrDelete(kept, 'volumeName', spec.volumeName);
  if (upgradesFromAnnotation(claim, old)) setOrDelete(wanted, 'storageClassName', undefined);
  else if (upgradesFromNothing(claim, old)) setOrDelete(wanted, 'storageClassName', before.storageClassName);
  if (old.status?.phase === 'Bound') {
    const { requests } = spec.resources ?? {};
    const storage = before.resources?.requests?.['storage'];
    if (requests !== undefined && storage !== undefined)
      wanted = carryEmpty(spec, { ...wanted, resources: { ...spec.resources, requests: { ...requests, storage } } });
    setOrDelete(wanted, 'volumeAttributesClassName', before.volumeAttributesClassName);
  }
  return [kept, wanted];
}

type Copy = { -readonly [Key in keyof PersistentVolumeClaimSpec]: PersistentVolumeClaimSpec[Key] };

function copy(spec: PersistentVolumeClaimSpec): Copy {
  return carryEmpty(spec, { ...spec });
}

function setOrDelete<Key extends keyof PersistentVolumeClaimSpec>(spec: Copy, key: Key, value: PersistentVolumeClaimSpec[Key]): void {
  if (value === undefined) delete spec[key];
  else spec[key] = value;
}

function normalized(spec: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  if ((spec.dataSource === undefined) === (spec.dataSourceRef === undefined)) return spec;
  const filled = draft(spec);
  fillDataSources(filled);
  return filled;
}

/** The class moves from the old annotation to the field. */
function upgradesFromAnnotation(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const before = old.metadata.annotations?.[BETA_STORAGE_CLASS];
  const now = claim.metadata.annotations?.[BETA_STORAGE_CLASS];
  if (before === undefined || old.spec?.storageClassName !== undefined) return false;
  return claim.spec?.storageClassName === before && (now === undefined || now === before);
}

/** A claim that was made before there was a default class gets one later. */
function upgradesFromNothing(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  const name = claim.spec?.storageClassName;
  if (name === undefined || old.spec?.storageClassName !== undefined) return false;
  const before = old.metadata.annotations?.[BETA_STORAGE_CLASS];
  return before === undefined || before === name;
}

function validateAnnotation(errors: FieldError[], claim: PersistentVolumeClaim, old: PersistentVolumeClaim): void {
  if (upgradesFromAnnotation(claim, old)) return;
  const now = claim.metadata.annotations?.[BETA_STORAGE_CLASS] ?? '';
  const before = old.metadata.annotations?.[BETA_STORAGE_CLASS] ?? '';
  if (now !== before) errors.push(invalid(Path.of('metadata', 'annotations', BETA_STORAGE_CLASS), now, FIELD_IMMUTABLE));
}

/** A failed expansion may be taken back, down to what the volume has. */
function validateShrinking(
  errors: FieldError[],
  spec: PersistentVolumeClaimSpec,
  before: PersistentVolumeClaimSpec,
  old: PersistentVolumeClaim,
): void {
  const size = quantity(spec.resources?.requests?.['storage']);
  if (compare(size, quantity(before.resources?.requests?.['storage'])) >= 0) return;
  if (compare(size, quantity(old.status?.capacity?.['storage'])) > 0) return;
  errors.push(forbidden(SPEC.child('resources', 'requests', 'storage'), 'field can not be less than status.capacity'));
}

/** Attributes that a volume has can be exchanged but not given up. */
function validateAttributesClass(
  errors: FieldError[],
  spec: PersistentVolumeClaimSpec,
  before: PersistentVolumeClaimSpec,
  old: PersistentVolumeClaim,
): void {
  const name = spec.volumeAttributesClassName;
  if (name === before.volumeAttributesClassName || old.status?.currentVolumeAttributesClassName === undefined) return;
  const path = SPEC.child('volumeAttributesClassName');
  const text = (value: string): string => `update to ${value} is forbidden when status.currentVolumeAttributesClassName is not nil`;
  if (name === undefined) errors.push(forbidden(path, text('nil')));
  else if (name === '') errors.push(forbidden(path, text('empty string')));
}

const SPEC = Path.of('spec');
const SHAPE = 'PersistentVolumeClaimSpec';
const IMMUTABLE_TEXT = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
