import type { Job } from '../../api/schema/types/batch/v1.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { podsToDelete } from '../replicaset/ranking.ts';
import { indexOf, isIndexed } from './pods.ts';

/**
 * The active Pods that are one too many: of an Indexed Job those without a valid index and all but one of an index,
 * then as many others as are needed, in the order in which a ReplicaSet gives up Pods.
 * Counterpart: activePodsForRemoval of k8s.io/kubernetes/pkg/controller/job.
 */
export function podsForRemoval(job: Job, active: readonly Pod[], atLeast: number, nowMs: number): readonly Pod[] {
  const surplus = isIndexed(job) ? surplusOfIndexes(job, active, nowMs) : [];
  if (surplus.length >= atLeast) return surplus;
  const rest = active.filter((pod) => !surplus.includes(pod));
  return [...surplus, ...podsToDelete(rest, [], atLeast - surplus.length, nowMs)];
}

function surplusOfIndexes(job: Job, active: readonly Pod[], nowMs: number): readonly Pod[] {
  const byIndex = new Map<number, Pod[]>();
  const surplus: Pod[] = [];
  for (const pod of active) {
    const index = indexOf(pod, job);
    if (index === undefined) surplus.push(pod);
    else byIndex.set(index, [...(byIndex.get(index) ?? []), pod]);
  }
  for (const pods of byIndex.values()) if (pods.length > 1) surplus.push(...podsToDelete(pods, [], pods.length - 1, nowMs));
  return surplus;
}
