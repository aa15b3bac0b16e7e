import type { Draft } from '../../../base/json.ts';
import type { PodCondition, PodStatus } from '../../schema/types/core/v1.ts';
import { formatTime } from '../../../apimachinery/meta/time.ts';

/** Sets a condition; lastTransitionTime moves only if the status changes. */
export function setPodCondition(status: Draft<PodStatus>, condition: Draft<PodCondition>, nowMs: number): void {
  const conditions = (status.conditions ??= []);
  const existing = conditions.findIndex((other) => other.type === condition.type);
  const before = conditions[existing];
  const lastTransitionTime = before !== undefined && before.status === condition.status ? before.lastTransitionTime : formatTime(nowMs);
  const made: Draft<PodCondition> = { ...condition, ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }) };
  if (before === undefined) conditions.push(made);
  else conditions[existing] = made;
}
