import type { Draft } from '../../base/json.ts';
import type { Pod, PodCondition } from '../../api/schema/types/core/v1.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';

/**
 * Sets a condition of a Pod; lastTransitionTime moves with the status only.
 * @returns whether anything changed
 */
export function setPodCondition(pod: Draft<Pod>, condition: PodCondition, nowMs: number): boolean {
  const conditions = ((pod.status ??= {}).conditions ??= []);
  const index = conditions.findIndex(({ type }) => type === condition.type);
  const before = conditions[index];
  const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
  const generation = pod.metadata.generation;
  const observed = generation === undefined || condition.type !== 'DisruptionTarget' ? {} : { observedGeneration: generation };
  const made: Draft<PodCondition> = { ...observed, ...condition, lastTransitionTime: since ?? formatTime(nowMs) };
  if (before === undefined) conditions.push(made);
  else if (before.status === made.status && before.reason === made.reason && before.message === made.message) return false;
  else conditions[index] = made;
  return true;
}
