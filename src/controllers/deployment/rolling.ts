/**
 * The rolling update: new Pods come up and old ones go down in steps that never leave the bounds
 * `replicas + maxSurge` (Pods in all) and `replicas - maxUnavailable` (available Pods).
 *
 * Worked example: 10 replicas, maxSurge 25 % = 3 (2.5 rounded up), maxUnavailable 25 % = 2 (2.5 rounded down); so at
 * most 13 Pods, at least 8 available. Old and new below are spec.replicas of the two ReplicaSets.
 *
 *   step                                    old  new  available  why
 *   template changed                         10    0         10
 *   scale new up by 13 - 10 = 3              10    3         10  up to 13 in all
 *   scale old down by 13 - 8 - 3 = 2          8    3          8  in all - least available - new ones not yet available
 *   scale new up by 13 - 11 = 2               8    5          8  room that the old ones left
 *   5 new ones become available               8    5         13
 *   scale old down by 13 - 8 - 0 = 5          3    5          8
 *   scale new up by 13 - 8 = 5                3   10          8  10 - 5 = 5 are missing, 13 - 8 = 5 fit
 *   5 new ones become available               3   10         13
 *   scale old down by min(3, 13 - 8) = 3      0   10         10
 *
 * One sync does one of the two directions; the write wakes the controller again for the next.
 * Counterpart: rolling.go.
 */
import type { ReplicaSet } from '../../api/schema/types/apps/v1.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { desiredReplicas, maxUnavailable } from './fenceposts.ts';
import { syncNewReplicaSet } from './newReplicaSet.ts';
import { activeSets, allSets, byCreation, newReplicas, specReplicas, sum, type Rollout } from './rollout.ts';
import { scaleIfNeeded } from './scale.ts';
import { cleanupIfComplete, syncRolloutStatus } from './progress.ts';

export function rolloutRolling(context: ControllerContext, rollout: Rollout): void {
  syncNewReplicaSet(context, rollout, true);
  // A direction that scaled ends the sync: the bounds are worked out anew from what was written.
  const scaled = scaleUpNew(context, rollout) || scaleDownOld(context, rollout);
  if (!scaled) cleanupIfComplete(context, rollout);
  syncRolloutStatus(context, rollout);
}

function scaleUpNew(context: ControllerContext, rollout: Rollout): boolean {
  const set = rollout.newest;
  if (set === undefined) return false;
  const replicas = desiredReplicas(rollout.deployment);
  const size = specReplicas(set);
  if (size === replicas) return false;
  // A Deployment that was made smaller: its new ReplicaSet follows at once.
  return scaleIfNeeded(context, rollout, set, size > replicas ? replicas : newReplicas(rollout, size));
}

/** Takes Pods from the old ReplicaSets: first those that do not work anyway, then as many as the new ones have replaced. */
function scaleDownOld(context: ControllerContext, rollout: Rollout): boolean {
  const { deployment, newest } = rollout;
  if (sum(rollout.old, specReplicas) === 0) return false;
  const minAvailable = desiredReplicas(deployment) - maxUnavailable(deployment);
  const newUnavailable = specReplicas(newest) - (newest?.status?.availableReplicas ?? 0);
  const limit = sum(allSets(rollout), specReplicas) - minAvailable - newUnavailable;
  if (limit <= 0) return false;
  const unhealthy = takeUnhealthy(context, rollout, limit);
  const replaced = takeReplaced(context, rollout, minAvailable);
  return unhealthy + replaced > 0;
}

/** Old Pods that are not available hold nothing up: they go first, oldest ReplicaSet first. */
function takeUnhealthy(context: ControllerContext, rollout: Rollout, limit: number): number {
  let taken = 0;
  for (const set of oldestFirst(rollout)) {
    const size = specReplicas(set);
    const count = Math.min(limit - taken, size - (set.status?.availableReplicas ?? 0));
    if (count <= 0) continue;
    scaleIfNeeded(context, rollout, set, size - count);
    taken += count;
  }
  return taken;
}

function takeReplaced(context: ControllerContext, rollout: Rollout, minAvailable: number): number {
  const spare = sum(allSets(rollout), (set) => set.status?.availableReplicas) - minAvailable;
  let taken = 0;
  for (const set of oldestFirst(rollout)) {
    const count = Math.min(specReplicas(set), spare - taken);
    if (count <= 0) continue;
    scaleIfNeeded(context, rollout, set, specReplicas(set) - count);
    taken += count;
  }
  return taken;
}

function oldestFirst(rollout: Rollout): readonly ReplicaSet[] {
  return [...activeSets(rollout.old)].sort(byCreation);
}
