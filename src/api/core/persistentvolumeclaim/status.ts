import { invalid, notSupported, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { quantity } from '../../../apimachinery/quantity/quantity.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import type { PersistentVolumeClaim } from '../../schema/types/core/v1.ts';
import { isNative } from '../pod/resourceNames.ts';

const RESIZE_STATUSES: readonly string[] = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
].sort();

/** Counterpart: ValidatePersistentVolumeClaimStatusUpdate. */
export function validatePersistentVolumeClaimStatusUpdate(claim: PersistentVolumeClaim): ErrorList {
  const errors: FieldError[] = [];
  const { capacity = {}, allocatedResources = {}, allocatedResourceStatuses = {} } = claim.status ?? {};
  if ((claim.spec?.accessModes ?? []).length === 0) errors.push(required(Path.of('Spec', 'accessModes'), ''));
  for (const name of Object.keys(capacity).sort()) validateBasicResource(errors, capacity[name], STATUS.child('capacity').key(name));
  const statusPath = STATUS.child('allocatedResourceStatus');
  for (const name of Object.keys(allocatedResourceStatuses).sort()) {
    validateKey(errors, name, statusPath);
    if (!RESIZE_STATUSES.includes(allocatedResourceStatuses[name] ?? '')) errors.push(notSupported(statusPath, name, RESIZE_STATUSES));
  }
  const allocatedPath = STATUS.child('allocatedResources');
  for (const name of Object.keys(allocatedResources).sort())
    if (validateKey(errors, name, allocatedPath)) validateBasicResource(errors, allocatedResources[name], allocatedPath.key(name));
  return errors;
}

/** An amount is never negative; the error says the whole units. */
export function validateBasicResource(errors: FieldError[], text: string | undefined, path: Path): void {
  const amount = quantity(text).value;
  if (amount < 0) errors.push(invalid(path, amount, 'must be a valid resource quantity'));
}

/** Of Kubernetes' own resources a claim has `storage` only; those of vendors are free. */
function validateKey(errors: FieldError[], name: string, path: Path): boolean {
  const problems = isQualifiedName(name);
  for (const text of problems) errors.push(invalid(path, name, text));
  if (problems.length > 0) return false;
  if (!isNative(name) || name === 'storage') return true;
  errors.push(notSupported(path, name, ['storage']));
  return false;
}

const STATUS = Path.of('status');
