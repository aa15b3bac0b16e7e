import { formatTime } from '../../../apimachinery/meta/time.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from '../../schema/types/apiextensions/v1.ts';

export function conditionOf({ status }: CustomResourceDefinition, type: string): CustomResourceDefinitionCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(definition: CustomResourceDefinition, type: string): boolean {
  return conditionOf(definition, type)?.status === 'True';
}

/** Whether the resource is served. */
export function isEstablished(definition: CustomResourceDefinition): boolean {
  return isConditionTrue(definition, 'Established');
}

/** The definition with a condition set; its time changes with its status only. */
export function withCondition(
  definition: CustomResourceDefinition,
  condition: Omit<CustomResourceDefinitionCondition, 'lastTransitionTime'>,
  nowMs: number,
): CustomResourceDefinition {
  const conditions = definition.status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === condition.type);
  const changed = {
    lastTransitionTime: old?.status === condition.status ? (old.lastTransitionTime ?? formatTime(nowMs)) : formatTime(nowMs),
    ...condition,
  };
  const next = old === undefined ? [...conditions, changed] : conditions.map((other) => (other === old ? changed : other));
  return { ...definition, status: { ...definition.status, conditions: next } };
}
