import { draft, jsonEqual } from '../../base/json.ts';
import { DEPLOYMENTS } from '../../api/schema/resources.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { condition, hasProgressDeadline, newCondition, setCondition } from './conditions.ts';
import { syncNewReplicaSet, writeDeployment } from './newReplicaSet.ts';
import { cleanup } from './progress.ts';
import type { Rollout } from './rollout.ts';
import { scaleRollout } from './scale.ts';
import { calculateStatus } from './status.ts';

/** A sync that starts nothing new: the Deployment is paused, or was only scaled. Counterpart: sync.go. */
export function syncWithoutRollout(context: ControllerContext, rollout: Rollout): void {
  syncNewReplicaSet(context, rollout, false);
  scaleRollout(context, rollout);
  if (rollout.deployment.spec?.paused === true) cleanup(context, rollout);
  syncStatus(context, rollout);
}

/** The status without the condition Progressing, which only a rollout moves. */
export function syncStatus(context: ControllerContext, rollout: Rollout): void {
  const { deployment } = rollout;
  const status = calculateStatus(rollout, context.now());
  if (jsonEqual(deployment.status, status)) return;
  rollout.deployment = context.client.updateStatus(DEPLOYMENTS, { ...draft(deployment), status });
}

/**
 * Pause and resume show in Progressing with status Unknown: paused time does not count towards the deadline, and the
 * resumed rollout has all of it before it. A Deployment that has timed out before stays so.
 */
export function syncPausedCondition(context: ControllerContext, rollout: Rollout): void {
  const { deployment } = rollout;
  if (!hasProgressDeadline(deployment)) return;
  const current = condition(deployment.status, 'Progressing');
  if (current?.reason === 'ProgressDeadlineExceeded') return;
  const wasPaused = current?.reason === 'DeploymentPaused';
  const isPaused = deployment.spec?.paused === true;
  if (wasPaused === isPaused) return;
  const [reason, message] = isPaused ? ['DeploymentPaused', 'Deployment is paused'] : ['DeploymentResumed', 'Deployment is resumed'];
  writeDeployment(context, rollout, (copy) => {
    setCondition((copy.status ??= {}), newCondition('Progressing', 'Unknown', reason ?? '', message ?? '', context.now()));
  });
}
