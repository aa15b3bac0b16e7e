import type { Draft } from '../../base/json.ts';
import type { HorizontalPodAutoscalerCondition } from '../../api/schema/types/autoscaling/v2.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';

/** The conditions with this one set: at its old place if it has one; its time is that of the last change of its status. */
export function setCondition(
  conditions: readonly HorizontalPodAutoscalerCondition[],
  condition: Omit<HorizontalPodAutoscalerCondition, 'lastTransitionTime'>,
  nowMs: number,
): Draft<HorizontalPodAutoscalerCondition>[] {
  const before = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime =
    before?.status === condition.status && before.lastTransitionTime !== undefined ? before.lastTransitionTime : formatTime(nowMs);
  const next = { ...condition, lastTransitionTime };
  if (before === undefined) return [...conditions, next];
  return conditions.map((each) => (each === before ? next : { ...each }));
}
