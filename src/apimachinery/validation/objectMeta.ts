/**
 * What is asked of metadata of every object.
 * Invariant: the order of the errors is that of the API server; label and annotation keys are walked as given.
 * Counterpart: k8s.io/apimachinery/pkg/api/validation (objectmeta.go).
 */
import { jsonEqual } from '../../base/json.ts';
import { forbidden, invalid, required, tooLong, type ErrorList, type FieldError } from '../field/error.ts';
import { Path } from '../field/path.ts';
import { quote } from '../field/quote.ts';
import { validateLabels } from '../labels/validation.ts';
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from '../meta/types.ts';
import { isQualifiedName } from './names.ts';
import { nameIsDNSLabel, type NameRule } from './objectNames.ts';
import { byteLength } from './text.ts';

export const FIELD_IMMUTABLE = 'field is immutable';
export const NEGATIVE_ERROR = 'must be greater than or equal to 0';

const ANNOTATIONS_LIMIT_BYTES = 256 * 1024;
const FIELD_MANAGER_LIMIT_BYTES = 128;
const SUBRESOURCE_LIMIT_BYTES = 256;

/** Metadata of an object that is created; a name has been generated already. */
export function validateObjectMeta(meta: ObjectMeta, namespaced: boolean, validateName: NameRule, path: Path = META): ErrorList {
  const errors: FieldError[] = [];
  const { name = '', generateName = '', namespace = '' } = meta;
  if (generateName !== '') {
    for (const text of validateName(generateName, true)) errors.push(invalid(path.child('generateName'), generateName, text));
  }
  if (name === '') errors.push(required(path.child('name'), 'name or generateName is required'));
  else for (const text of validateName(name, false)) errors.push(invalid(path.child('name'), name, text));
  if (!namespaced) {
    if (namespace !== '') errors.push(forbidden(path.child('namespace'), 'not allowed on this type'));
  } else if (namespace === '') errors.push(required(path.child('namespace'), ''));
  else for (const text of nameIsDNSLabel(namespace, false)) errors.push(invalid(path.child('namespace'), namespace, text));
  errors.push(...validateNonnegative(meta.generation ?? 0, path.child('generation')));
  errors.push(...validateLabels(meta.labels, path.child('labels')));
  errors.push(...validateAnnotations(meta.annotations, path.child('annotations')));
  errors.push(...validateOwnerReferences(meta.ownerReferences ?? [], path.child('ownerReferences')));
  errors.push(...validateFinalizers(meta.finalizers ?? [], path.child('finalizers')));
  errors.push(...validateManagedFields(meta.managedFields ?? [], path.child('managedFields')));
  return errors;
}

/** Metadata of an object that replaces another. `meta.resourceVersion` is the one that the registry filled in. */
export function validateObjectMetaUpdate(meta: ObjectMeta, old: ObjectMeta, path: Path = META): ErrorList {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp !== undefined) {
    errors.push(...validateNoNewFinalizers(meta.finalizers ?? [], old.finalizers ?? [], path.child('finalizers')));
  }
  if ((meta.resourceVersion ?? '') === '') {
    errors.push(invalid(path.child('resourceVersion'), meta.resourceVersion ?? '', 'must be specified for an update'));
  }
  if ((meta.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalid(path.child('generation'), meta.generation ?? 0, 'must not be decremented'));
  }
  for (const name of ['name', 'namespace', 'uid'] as const) {
    errors.push(...validateImmutable(meta[name] ?? '', old[name] ?? '', path.child(name)));
  }
  for (const name of ['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    errors.push(...validateImmutable(meta[name], old[name], path.child(name)));
  }
  errors.push(...validateLabels(meta.labels, path.child('labels')));
  errors.push(...validateAnnotations(meta.annotations, path.child('annotations')));
  errors.push(...validateOwnerReferences(meta.ownerReferences ?? [], path.child('ownerReferences')));
  errors.push(...validateManagedFields(meta.managedFields ?? [], path.child('managedFields')));
  return errors;
}

export function validateAnnotations(annotations: Readonly<Record<string, string>> | undefined, path: Path): ErrorList {
  if (annotations === undefined) return [];
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    // Upper case is let through here, unlike in labels.
    for (const text of isQualifiedName(key.toLowerCase())) errors.push(invalid(path, key, text));
    size += byteLength(key) + byteLength(value);
  }
  if (size > ANNOTATIONS_LIMIT_BYTES) errors.push(tooLong(path, ANNOTATIONS_LIMIT_BYTES));
  return errors;
}

export function validateOwnerReferences(references: readonly OwnerReference[], path: Path): ErrorList {
  const errors: FieldError[] = [];
  let controller: string | undefined;
  for (const reference of references) {
    errors.push(...validateOwnerReference(reference, path));
    if (reference.controller !== true) continue;
    const name = `${reference.kind}/${reference.name}`;
    if (controller === undefined) controller = name;
    else {
      const text = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
      errors.push(invalid(path, references.map(printedReference), text));
    }
  }
  return errors;
}

/** Each must be qualified; `orphan` and `foregroundDeletion` exclude each other. */
export function validateFinalizers(finalizers: readonly string[], path: Path): ErrorList {
  const errors: FieldError[] = [];
  for (const finalizer of finalizers) for (const text of isQualifiedName(finalizer)) errors.push(invalid(path, finalizer, text));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
  return errors;
}

export function validateImmutable(value: unknown, old: unknown, path: Path): ErrorList {
  return jsonEqual(value, old) ? [] : [invalid(path, value, FIELD_IMMUTABLE)];
}

export function validateNonnegative(value: number, path: Path): ErrorList {
  return value < 0 ? [invalid(path, value, NEGATIVE_ERROR)] : [];
}

function validateOwnerReference(reference: OwnerReference, path: Path): ErrorList {
  const errors: FieldError[] = [];
  const { apiVersion = '', kind = '', name = '', uid = '' } = reference as Partial<OwnerReference>;
  const slash = apiVersion.indexOf('/');
  const version = apiVersion.slice(slash + 1);
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  if (version === '') errors.push(invalid(path.child('apiVersion'), apiVersion, 'version must not be empty'));
  if (kind === '') errors.push(invalid(path.child('kind'), kind, 'must not be empty'));
  if (name === '') errors.push(invalid(path.child('name'), name, 'must not be empty'));
  if (uid === '') errors.push(invalid(path.child('uid'), uid, 'must not be empty'));
  if (group === '' && version === 'v1' && kind === 'Event') {
    errors.push(invalid(path, printedReference(reference), '/v1, Kind=Event is disallowed from being an owner'));
  }
  return errors;
}

/** The members in the order in which the server prints them. */
function printedReference(reference: OwnerReference): unknown {
  const { apiVersion, kind, name, uid, controller, blockOwnerDeletion } = reference;
  return { apiVersion, kind, name, uid, controller, blockOwnerDeletion };
}

function validateNoNewFinalizers(finalizers: readonly string[], old: readonly string[], path: Path): ErrorList {
  const added = [...new Set(finalizers)].filter((finalizer) => !old.includes(finalizer)).sort();
  if (added.length === 0) return [];
  const list = `[]string{${added.map(quote).join(', ')}}`;
  return [forbidden(path, `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`)];
}

function validateManagedFields(entries: readonly ManagedFieldsEntry[], path: Path): ErrorList {
  const errors: FieldError[] = [];
  entries.forEach((entry, index) => {
    const at = path.index(index);
    const { operation = '', fieldsType = '', manager = '', subresource = '' } = entry;
    if (operation !== 'Apply' && operation !== 'Update') {
      errors.push(invalid(at.child('operation'), operation, 'must be `Apply` or `Update`'));
    }
    if (fieldsType !== '' && fieldsType !== 'FieldsV1') errors.push(invalid(at.child('fieldsType'), fieldsType, 'must be `FieldsV1`'));
    errors.push(...validateFieldManager(manager, at.child('manager')));
    if (byteLength(subresource) > SUBRESOURCE_LIMIT_BYTES) errors.push(tooLong(at.child('subresource'), SUBRESOURCE_LIMIT_BYTES));
  });
  return errors;
}

/** The `fieldManager` of a request or of a managedFields entry. */
export function validateFieldManager(manager: string, path: Path): ErrorList {
  const errors: FieldError[] = [];
  if (byteLength(manager) > FIELD_MANAGER_LIMIT_BYTES) errors.push(tooLong(path, FIELD_MANAGER_LIMIT_BYTES));
  let position = 0;
  for (const character of manager) {
    if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      errors.push(invalid(path, manager, `invalid character U+${code} (at position ${position})`));
    }
    position += byteLength(character);
  }
  return errors;
}

const META = Path.of('metadata');
