/** The claim that a generic ephemeral volume makes for its Pod. The rules of its spec are those of PersistentVolumeClaim. */
import { compare, quantity, ZERO } from '../../../apimachinery/quantity/quantity.ts';
import { forbidden, invalid, required } from '../../../apimachinery/field/error.ts';
import { isDNS1123Label, isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { validateLabels, validateLabelSelector } from '../../../apimachinery/labels/validation.ts';
import { validateAnnotations } from '../../../apimachinery/validation/objectMeta.ts';
import type { ObjectMeta } from '../../../apimachinery/meta/types.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import type { EphemeralVolumeSource, PersistentVolumeClaimSpec, TypedObjectReference } from '../../schema/types/core/v1.ts';
import { validateAccessModes } from '../accessModes.ts';
import { invalidEach, optionalOneOf, requireText, type Sink } from './sink.ts';

export function validateEphemeralVolume(sink: Sink, source: EphemeralVolumeSource, path: Path): void {
  const template = source.volumeClaimTemplate;
  if (!template) {
    sink.push(required(path.child('volumeClaimTemplate'), ''));
    return;
  }
  const at = path.child('volumeClaimTemplate');
  validateTemplateMeta(sink, template.metadata ?? {}, at.child('metadata'));
  validateClaimSpec(sink, template.spec ?? {}, at.child('spec'));
}

/** Only labels and annotations are carried over. */
export function validateTemplateMeta(sink: Sink, meta: ObjectMeta, path: Path): void {
  sink.push(...validateAnnotations(meta.annotations, path.child('annotations')));
  sink.push(...validateLabels(meta.labels, path.child('labels')));
  for (const field of META_FIELDS) if (isSet(meta[field])) sink.push(forbidden(path.child(field), 'cannot be set'));
}

const META_FIELDS = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const satisfies readonly (keyof ObjectMeta)[];

/** What an update may keep because the stored claim has it already. */
export interface ClaimSpecOptions {
  readonly allowInvalidSelectorValues?: boolean;
  readonly allowInvalidAPIGroup?: boolean;
}

export function validateClaimSpec(sink: Sink, spec: PersistentVolumeClaimSpec, path: Path, options: ClaimSpecOptions = {}): void {
  const modes: readonly string[] = spec.accessModes ?? [];
  if (modes.length === 0) sink.push(required(path.child('accessModes'), 'at least 1 access mode is required'));
  const allowInvalidValues = options.allowInvalidSelectorValues === true;
  if (spec.selector) sink.push(...validateLabelSelector(spec.selector, path.child('selector'), { allowInvalidValues }));
  validateAccessModes(sink, modes, path);
  const storage = spec.resources?.requests?.['storage'];
  const storagePath = path.child('resources').key('storage');
  if (storage === undefined) sink.push(required(storagePath, ''));
  else if (compare(quantity(storage), ZERO) <= 0) sink.push(invalid(storagePath, storage, 'must be greater than zero'));
  if (spec.storageClassName)
    invalidEach(sink, path.child('storageClassName'), spec.storageClassName, isDNS1123Subdomain(spec.storageClassName));
  optionalOneOf(sink, spec.volumeMode, ['Block', 'Filesystem'], path, 'volumeMode');
  validateDataSources(sink, spec, path, options);
  if (spec.volumeAttributesClassName) {
    const name = spec.volumeAttributesClassName;
    invalidEach(sink, path.child('volumeAttributesClassName'), name, isDNS1123Subdomain(name));
  }
}

function validateDataSources(sink: Sink, spec: PersistentVolumeClaimSpec, path: Path, options: ClaimSpecOptions): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource) validateDataSource(sink, dataSource, path.child('dataSource'), options);
  if (dataSourceRef) {
    validateDataSource(sink, dataSourceRef, path.child('dataSourceRef'), options);
    if (dataSourceRef.namespace) {
      const at = path.child('dataSourceRef', 'namespace');
      invalidEach(sink, at, dataSourceRef.namespace, isDNS1123Label(dataSourceRef.namespace));
    }
  }
  if (!dataSource || !dataSourceRef) return;
  if (dataSourceRef.namespace) sink.push(invalid(path, {}, 'may not be specified when dataSourceRef.namespace is specified'));
  else if (
    dataSource.apiGroup !== dataSourceRef.apiGroup ||
    dataSource.kind !== dataSourceRef.kind ||
    dataSource.name !== dataSourceRef.name
  )
    sink.push(invalid(path, {}, 'must match dataSourceRef'));
}

function validateDataSource(sink: Sink, source: Partial<TypedObjectReference>, path: Path, options: ClaimSpecOptions): void {
  requireText(sink, source.name, path, 'name');
  requireText(sink, source.kind, path, 'kind');
  const group = source.apiGroup ?? '';
  if (group === '' && source.kind !== 'PersistentVolumeClaim')
    sink.push(invalid(path, source.kind ?? '', "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  if (group !== '' && options.allowInvalidAPIGroup !== true) invalidEach(sink, path.child('apiGroup'), group, isDNS1123Subdomain(group));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== '' && value !== 0 && !(Array.isArray(value) && value.length === 0);
}
