import type { Pod } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import { priorityOf } from '../../scheduler/framework/plugins/helper/priority.ts';

/** A Pod that is not old enough may have been looked at by nobody yet. */
const NEW_POD_MS = 2_000;

/** The scheduler has looked at the Pod and found no node. */
export function isUnschedulable({ metadata, spec, status }: Pod): boolean {
  if ((spec?.nodeName ?? '') !== '' || metadata.deletionTimestamp !== undefined) return false;
  return (
    status?.conditions?.some(
      ({ type, status: value, reason }) => type === 'PodScheduled' && value === 'False' && reason === 'Unschedulable',
    ) === true
  );
}

/** Pods of DaemonSets wait for their own node: no other one helps them. */
export function isOfDaemonSet({ metadata }: Pod): boolean {
  return metadata.ownerReferences?.some(({ kind, controller }) => kind === 'DaemonSet' && controller === true) === true;
}

export function isExpendable(pod: Pod, cutoff: number): boolean {
  return priorityOf(pod) < cutoff;
}

/** The most important first, then the oldest. */
export function byImportance(a: Pod, b: Pod): number {
  return priorityOf(b) - priorityOf(a) || createdAt(a) - createdAt(b) || byName(a, b);
}

export function byName(a: Pod, b: Pod): number {
  const [left, right] = [keyOf(a), keyOf(b)];
  return left < right ? -1 : Number(left > right);
}

export function createdAt({ metadata }: Pod): number {
  return parseTime(metadata.creationTimestamp ?? '');
}

/** Nobody has waited long: more of them may be about to come, and one decision is better than two. */
export function allAreNew(pods: readonly Pod[], nowMs: number): boolean {
  return Math.min(...pods.map(createdAt)) + NEW_POD_MS > nowMs;
}

/** Pods of one owner with one spec are asked about once. */
export function equivalenceGroups(pods: readonly Pod[]): readonly (readonly Pod[])[] {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const { metadata, spec } = pod;
    const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid ?? metadata.uid ?? '';
    const key = JSON.stringify([owner, metadata.namespace, metadata.labels, spec]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pod]);
    else group.push(pod);
  }
  return [...groups.values()];
}
