/** Counterpart: ValidatePersistentVolume and its siblings of k8s.io/kubernetes/pkg/apis/core/validation. */
import { jsonEqual } from '../../../base/json.ts';
import { unifiedDiff } from '../../../apimachinery/diff/unified.ts';
import { forbidden, invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { compare, quantity, ZERO } from '../../../apimachinery/quantity/quantity.ts';
import { carryEmpty } from '../../../apimachinery/scheme/emptyCollections.ts';
import { isDNS1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import type { NodeSelectorTerm, PersistentVolume, PersistentVolumeSpec, VolumeNodeAffinity } from '../../schema/types/core/v1.ts';
import { validateAccessModes } from '../accessModes.ts';
import { validateBasicResource } from '../persistentvolumeclaim/status.ts';
import { validateNodeSelector } from '../pod/affinity.ts';
import { internalValue } from '../pod/internal.ts';
import { invalidEach, optionalOneOf } from '../pod/sink.ts';
import { SOURCES, validateSource } from './sources.ts';

export function validatePersistentVolume(volume: PersistentVolume): ErrorList {
  return validateSpec(volume, false);
}

/** What backs a volume, its mode and, once set, its place stay as they are. */
export function validatePersistentVolumeUpdate(volume: PersistentVolume, old: PersistentVolume): ErrorList {
  const spec = volume.spec ?? {};
  const before = old.spec ?? {};
  const errors: FieldError[] = [...validateSpec(volume, hasInvalidAffinityValue(before))];
  const [source, oldSource] = [sourceOf(spec), sourceOf(before)];
  if (spec.csi?.controllerExpandSecretRef && before.csi && !before.csi.controllerExpandSecretRef) {
    const { controllerExpandSecretRef: _added, ...csi } = spec.csi;
    source.csi = carryEmpty(spec.csi, csi);
  }
  if (!jsonEqual(source, oldSource)) {
    const diff = unifiedDiff(internalValue('PersistentVolumeSource', oldSource), internalValue('PersistentVolumeSource', source));
    errors.push(forbidden(SPEC.child('persistentvolumesource'), `spec.persistentvolumesource is immutable after creation\n${diff}`));
  }
  errors.push(...validateImmutable(spec.volumeMode ?? null, before.volumeMode ?? null, Path.of('volumeMode')));
  if (before.nodeAffinity && !sameAffinity(spec.nodeAffinity, before.nodeAffinity)) {
    const printed = spec.nodeAffinity ? internalValue('VolumeNodeAffinity', spec.nodeAffinity) : null;
    errors.push(invalid(Path.of('nodeAffinity'), printed, 'field is immutable, except for updating from beta label to GA'));
  }
  if (before.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined)
    errors.push(forbidden(SPEC.child('volumeAttributesClassName'), 'update from non-nil value to nil is forbidden'));
  return errors;
}

function validateSpec(volume: PersistentVolume, allowInvalidAffinityValues: boolean): ErrorList {
  const errors: FieldError[] = [];
  const spec = volume.spec ?? {};
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required(SPEC.child('accessModes'), ''));
  validateAccessModes(errors, modes, SPEC);
  validateCapacity(errors, spec);
  if (spec.persistentVolumeReclaimPolicy)
    optionalOneOf(errors, spec.persistentVolumeReclaimPolicy, ['Delete', 'Recycle', 'Retain'], SPEC, 'persistentVolumeReclaimPolicy');
  validateAffinity(errors, spec.nodeAffinity, allowInvalidAffinityValues);
  validateSource(errors, spec, volume.metadata.name ?? '', SPEC);
  if (spec.hostPath?.path && isRoot(spec.hostPath.path) && spec.persistentVolumeReclaimPolicy === 'Recycle')
    errors.push(forbidden(SPEC.child('persistentVolumeReclaimPolicy'), "may not be 'recycle' for a hostPath mount of '/'"));
  if (spec.storageClassName)
    invalidEach(errors, SPEC.child('storageClassName'), spec.storageClassName, isDNS1123Subdomain(spec.storageClassName));
  optionalOneOf(errors, spec.volumeMode, ['Block', 'Filesystem'], SPEC, 'volumeMode');
  validateAttributesClass(errors, spec, SPEC);
  return errors;
}

/** A volume that stands in a VolumeAttachment instead of an object of its own: of CSI, and nothing about binding. */
export function validateInlineVolume(errors: FieldError[], spec: PersistentVolumeSpec, path: Path): void {
  const forbid = (field: string, text = 'may not be specified'): void => {
    errors.push(forbidden(path.child(field), `${text} in the context of inline volumes`));
  };
  if (spec.claimRef) forbid('claimRef');
  if (Object.keys(spec.capacity ?? {}).length > 0) forbid('capacity');
  if (!spec.csi) errors.push(required(path.child('csi'), 'has to be specified in the context of inline volumes'));
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required(path.child('accessModes'), ''));
  validateAccessModes(errors, modes, path);
  if ((spec.persistentVolumeReclaimPolicy ?? 'Retain') !== 'Retain') forbid('persistentVolumeReclaimPolicy', 'may only be Retain');
  const { nodeAffinity, ...rest } = spec;
  if (nodeAffinity) forbid('nodeAffinity');
  validateSource(errors, rest, '', path);
  if (spec.storageClassName) forbid('storageClassName');
  if ((spec.volumeMode ?? 'Filesystem') !== 'Filesystem') forbid('volumeMode', 'may not specify volumeMode other than Filesystem');
  validateAttributesClass(errors, spec, path);
}

function validateCapacity(errors: FieldError[], spec: PersistentVolumeSpec): void {
  const path = SPEC.child('capacity');
  const capacity = spec.capacity ?? {};
  const names = Object.keys(capacity).sort();
  if (names.length === 0) errors.push(required(path, ''));
  if (capacity['storage'] === undefined || names.length > 1) {
    const printed = internalValue('Capacity', spec) as { readonly Capacity: unknown };
    errors.push(notSupported(path, printed.Capacity, ['storage']));
  }
  for (const name of names) {
    validateBasicResource(errors, capacity[name], path.key(name));
    const text = capacity[name] ?? '0';
    if (compare(quantity(text), ZERO) <= 0) errors.push(invalid(path.key(name), text, 'must be greater than zero'));
  }
}

function validateAffinity(errors: FieldError[], affinity: VolumeNodeAffinity | undefined, allowInvalidValues: boolean): void {
  if (!affinity) return;
  const path = SPEC.child('nodeAffinity', 'required');
  if (affinity.required) validateNodeSelector(errors, affinity.required, path, allowInvalidValues);
  else errors.push(required(path, 'must specify required node constraints'));
}

function validateAttributesClass(errors: FieldError[], spec: PersistentVolumeSpec, parent: Path): void {
  const name = spec.volumeAttributesClassName;
  if (name === undefined) return;
  const path = parent.child('volumeAttributesClassName');
  if (name === '') errors.push(required(path, 'an empty string is disallowed'));
  else invalidEach(errors, path, name, isDNS1123Subdomain(name));
  if (!spec.csi) errors.push(required(parent.child('csi'), 'has to be specified when using volumeAttributesClassName'));
}

/** Values of the stored volume that are no labels may stay. */
function hasInvalidAffinityValue(spec: PersistentVolumeSpec): boolean {
  const required = spec.nodeAffinity?.required;
  if (!required) return false;
  const [strict, lenient]: [FieldError[], FieldError[]] = [[], []];
  validateNodeSelector(strict, required, SPEC, false);
  if (strict.length > 0) validateNodeSelector(lenient, required, SPEC, true);
  return strict.length > lenient.length;
}

type Source = { -readonly [Name in keyof PersistentVolumeSpec]: PersistentVolumeSpec[Name] };

function sourceOf(spec: PersistentVolumeSpec): Source {
  const source: Record<string, unknown> = {};
  for (const name of SOURCES) if (spec[name] !== undefined) source[name] = spec[name];
  return source;
}

/** `/`, `//`, `/a/..` */
function isRoot(path: string): boolean {
  if (!path.startsWith('/')) return false;
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth = Math.max(0, depth - 1);
    else if (part !== '' && part !== '.') depth++;
  }
  return depth === 0;
}

const NEWER_LABELS: { readonly [beta: string]: string } = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
};

/**
 * The same but for keys that took their newer name. A key that has no newer name may lose it: the server compares with
 * what its table of names does not have.
 */
function sameAffinity(affinity: VolumeNodeAffinity | undefined, old: VolumeNodeAffinity): boolean {
  if (!affinity) return false;
  const terms = affinity.required?.nodeSelectorTerms ?? [];
  const oldTerms = old.required?.nodeSelectorTerms ?? [];
  if (terms.length !== oldTerms.length) return false;
  return jsonEqual(
    { ...affinity, required: { nodeSelectorTerms: terms.map((term, index) => withOldKeys(term, oldTerms[index] ?? {})) } },
    old,
  );
}

function withOldKeys(term: NodeSelectorTerm, old: NodeSelectorTerm): NodeSelectorTerm {
  const before = old.matchExpressions ?? [];
  if (!term.matchExpressions || term.matchExpressions.length !== before.length) return term;
  const matchExpressions = term.matchExpressions.map((requirement, index) => {
    const oldKey = before[index]?.key ?? '';
    return requirement.key === (NEWER_LABELS[oldKey] ?? '') ? { ...requirement, key: oldKey } : requirement;
  });
  return { ...term, matchExpressions };
}

const SPEC = Path.of('spec');
