import { draft, type Draft } from '../../base/json.ts';
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '../../api/schema/types/apps/v1.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';

export type ConditionType = 'Available' | 'Progressing' | 'ReplicaFailure';

/** A deadline of this many seconds means: none. */
const NO_DEADLINE = 2_147_483_647;

export function condition(status: DeploymentStatus | undefined, type: ConditionType): DeploymentCondition | undefined {
  return status?.conditions?.find((entry) => entry.type === type);
}

export function newCondition(
  type: ConditionType,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  nowMs: number,
): DeploymentCondition {
  const time = formatTime(nowMs);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}

/**
 * Puts a condition into a status. One of the same status and reason stays as it is, message and times included; a change
 * of reason alone keeps lastTransitionTime.
 */
export function setCondition(status: Draft<DeploymentStatus>, wanted: DeploymentCondition): void {
  const current = condition(status, wanted.type as ConditionType);
  if (current !== undefined && current.status === wanted.status && current.reason === wanted.reason) return;
  const made: Draft<DeploymentCondition> = { ...wanted };
  if (current !== undefined && current.status === wanted.status && current.lastTransitionTime !== undefined) {
    made.lastTransitionTime = current.lastTransitionTime;
  }
  removeCondition(status, wanted.type as ConditionType);
  (status.conditions ??= []).push(made);
}

export function removeCondition(status: Draft<DeploymentStatus>, type: ConditionType): void {
  if (status.conditions === undefined) return;
  status.conditions = status.conditions.filter((entry) => entry.type !== type);
  if (status.conditions.length === 0) delete status.conditions;
}

export function hasProgressDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec?.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== NO_DEADLINE;
}

/** The ReplicaFailure of the new ReplicaSet, or else of any, as a condition of the Deployment. */
export function replicaFailure(all: readonly ReplicaSet[], newest: ReplicaSet | undefined): DeploymentCondition | undefined {
  for (const set of newest === undefined ? all : [newest, ...all]) {
    const found = set.status?.conditions?.find((entry) => entry.type === 'ReplicaFailure');
    if (found === undefined) continue;
    const { lastTransitionTime } = found;
    return { ...draft(found), ...(lastTransitionTime === undefined ? {} : { lastUpdateTime: lastTransitionTime }) };
  }
  return undefined;
}
