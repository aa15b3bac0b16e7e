/**
 * Who owns the replicas, seen from the Scale of an object and back: there the field is `.spec.replicas` of autoscaling/v1,
 * whatever it is called in the object.
 * Counterpart: k8s.io/apimachinery/pkg/util/managedfields.ScaleHandler.
 */
import { difference, has, isEmptySet, setOf } from '../../../apimachinery/managedfields/fieldSet.ts';
import type { ManagedEntry, ManagedFields } from '../../../apimachinery/managedfields/managers.ts';

export const SCALE_VERSION = 'autoscaling/v1';
const REPLICAS_IN_SCALE = setOf(['f:spec', 'f:replicas']);

/** The owners of the replicas, as owners of the Scale. */
export function scaleOwners(entries: ManagedFields, replicas: readonly string[]): ManagedFields {
  return entries
    .filter(({ fields }) => has(fields, replicas))
    .map((entry) => ({ ...entry, apiVersion: SCALE_VERSION, fields: REPLICAS_IN_SCALE }));
}

/** The object's owners after its Scale has come to have others. */
export function objectOwners(entries: ManagedFields, scale: ManagedFields, replicas: readonly string[], apiVersion: string): ManagedFields {
  const result: ManagedEntry[] = [];
  const left = new Set(scale);
  for (const entry of entries) {
    const inScale = has(entry.fields, replicas) ? scale.find((other) => isSame(entry, other)) : undefined;
    if (inScale !== undefined) left.delete(inScale);
    if (inScale !== undefined || !has(entry.fields, replicas)) result.push(entry);
    else {
      const fields = difference(entry.fields, setOf(replicas));
      if (!isEmptySet(fields)) result.push({ ...entry, fields });
    }
  }
  for (const entry of left) result.push({ ...entry, apiVersion, fields: setOf(replicas) });
  return result;
}

function isSame(left: ManagedEntry, right: ManagedEntry): boolean {
  return left.manager === right.manager && left.operation === right.operation && left.subresource === right.subresource;
}
