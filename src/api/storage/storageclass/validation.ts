/** Counterpart: ValidateStorageClass of k8s.io/kubernetes/pkg/apis/storage/validation. */
import { duplicate, invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateLabelName } from '../../../apimachinery/labels/validation.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { validateImmutable } from '../../../apimachinery/validation/objectMeta.ts';
import { jsonEqual } from '../../../base/json.ts';
import { printedMap } from '../../apps/printed.ts';
import type { TopologySelectorTerm } from '../../schema/types/core/v1.ts';
import type { StorageClass } from '../../schema/types/storage/v1.ts';
import { validateParameters } from '../parameters.ts';

export function validateStorageClass(storageClass: StorageClass): ErrorList {
  const errors: FieldError[] = [];
  validateProvisioner(errors, storageClass.provisioner ?? '');
  validateParameters(errors, storageClass.parameters ?? {}, { mayBeEmpty: true });
  const policy: string = storageClass.reclaimPolicy ?? '';
  if (policy !== '' && !POLICIES.includes(policy)) errors.push(notSupported(Path.of('reclaimPolicy'), policy, POLICIES));
  const mode: string | undefined = storageClass.volumeBindingMode;
  const modePath = Path.of('volumeBindingMode');
  if (mode === undefined) errors.push(required(modePath, ''));
  else if (!BINDING_MODES.includes(mode)) errors.push(notSupported(modePath, mode, BINDING_MODES));
  validateTopologies(errors, storageClass.allowedTopologies ?? []);
  return errors;
}

/** Volumes have been made by the class; what they were made with stays to be seen. */
export function validateStorageClassUpdate(storageClass: StorageClass, old: StorageClass): ErrorList {
  const parameters = jsonEqual(storageClass.parameters ?? {}, old.parameters ?? {})
    ? []
    : validateImmutable(printedMap(storageClass, 'parameters'), old.parameters, Path.of('parameters'));
  return [
    ...validateStorageClass(storageClass),
    ...parameters,
    ...validateImmutable(storageClass.provisioner ?? '', old.provisioner ?? '', Path.of('provisioner')),
    ...validateImmutable(storageClass.reclaimPolicy ?? null, old.reclaimPolicy ?? null, Path.of('reclaimPolicy')),
    ...validateImmutable(storageClass.volumeBindingMode ?? null, old.volumeBindingMode ?? null, Path.of('volumeBindingMode')),
  ];
}

/** Case does not count, and the message shows it in lower case. */
function validateProvisioner(errors: FieldError[], provisioner: string): void {
  const path = Path.of('provisioner');
  if (provisioner === '') errors.push(required(path, ''));
  else for (const text of isQualifiedName(provisioner.toLowerCase())) errors.push(invalid(path, provisioner.toLowerCase(), text));
}

/**
 * Terms must differ. The server compares each with a list that starts with as many empty places as there are terms, so a
 * term without expressions equals them all: of two terms an empty one is a duplicate twice.
 */
function validateTopologies(errors: FieldError[], terms: readonly TopologySelectorTerm[]): void {
  const known: string[] = terms.map(() => '');
  for (const [index, term] of terms.entries()) {
    const path = Path.of('allowedTopologies').index(index).child('matchLabelExpressions');
    const key = validateTerm(errors, term, path);
    for (const other of known) if (other === key) errors.push(duplicate(path, ''));
    known.push(key);
  }
}

/** @returns a text that is the same for terms that mean the same; empty for the empty term */
function validateTerm(errors: FieldError[], term: TopologySelectorTerm, path: Path): string {
  const found = new Map<string, string>();
  for (const [index, { key = '', values = [] }] of (term.matchLabelExpressions ?? []).entries()) {
    const at = path.index(index);
    const valuesPath = at.child('values');
    if (values.length === 0) errors.push(required(valuesPath, ''));
    for (const [position, value] of values.entries())
      if (values.indexOf(value) < position) errors.push(duplicate(valuesPath.index(position), value));
    errors.push(...validateLabelName(key, at.child('key')));
    if (found.has(key)) errors.push(duplicate(at.child('key'), key));
    found.set(key, JSON.stringify([key, ...[...new Set(values)].sort()]));
  }
  return [...found.values()].sort().join();
}

const POLICIES: readonly string[] = ['Delete', 'Retain'];
const BINDING_MODES: readonly string[] = ['Immediate', 'WaitForFirstConsumer'];
