/** What the counts in a status must agree on. */
import { invalid, type FieldError } from '../../apimachinery/field/error.ts';
import { Path } from '../../apimachinery/field/path.ts';
import { validateNonnegative } from '../../apimachinery/validation/objectMeta.ts';

type Counts = { readonly [name: string]: unknown };

/** @param names of the counts, in the order in which they are checked */
export function validateCounts(errors: FieldError[], status: Counts, names: readonly string[]): void {
  for (const name of names) errors.push(...validateNonnegative(numberOf(status[name]), STATUS.child(name)));
}

/** None of the counts is greater than `replicas`; nothing is available that is not ready. */
export function validateCountsAgree(errors: FieldError[], status: Counts, names: readonly string[]): void {
  const replicas = numberOf(status['replicas']);
  for (const name of names) {
    const count = numberOf(status[name]);
    if (count > replicas) errors.push(invalid(STATUS.child(name), count, 'cannot be greater than status.replicas'));
  }
  const available = numberOf(status['availableReplicas']);
  if (available > numberOf(status['readyReplicas'])) {
    errors.push(invalid(STATUS.child('availableReplicas'), available, 'cannot be greater than readyReplicas'));
  }
}

/** Counts names that were taken already; only ever up. */
export function validateCollisionCount(
  errors: FieldError[],
  status: { readonly collisionCount?: number } | undefined,
  old: { readonly collisionCount?: number } | undefined,
): void {
  const [count, before] = [status?.collisionCount, old?.collisionCount];
  if (before === undefined || (count !== undefined && count >= before)) return;
  errors.push(invalid(STATUS.child('collisionCount'), count ?? 0, 'cannot be decremented'));
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

export const STATUS = Path.of('status');
