import { PODS, REPLICASETS } from '../../api/schema/resources.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { isPodFinished } from '../util/podUtil.ts';
import { desiredReplicas } from './fenceposts.ts';
import { syncNewReplicaSet } from './newReplicaSet.ts';
import { cleanupIfComplete, syncRolloutStatus } from './progress.ts';
import { activeSets, sum, type Rollout } from './rollout.ts';
import { scaleIfNeeded } from './scale.ts';

/**
 * Recreate: all old Pods go, and only when the last of them is really gone (not merely being deleted) the new ones come.
 * Counterpart: recreate.go.
 */
export function rolloutRecreate(context: ControllerContext, rollout: Rollout): void {
  syncNewReplicaSet(context, rollout, false);
  const scaledDown = activeSets(rollout.old).filter((set) => scaleIfNeeded(context, rollout, set, 0)).length > 0;
  if (!scaledDown && !oldPodsRunning(context, rollout)) {
    if (rollout.newest === undefined) syncNewReplicaSet(context, rollout, true);
    if (rollout.newest !== undefined) scaleIfNeeded(context, rollout, rollout.newest, desiredReplicas(rollout.deployment));
    cleanupIfComplete(context, rollout);
  }
  syncRolloutStatus(context, rollout);
}

function oldPodsRunning(context: ControllerContext, rollout: Rollout): boolean {
  if (sum(rollout.old, (set) => set.status?.replicas) > 0) return true;
  return context.client
    .ownedBy(REPLICASETS, rollout.deployment.metadata.uid ?? '')
    .filter((set) => set.metadata.uid !== rollout.newest?.metadata.uid)
    .some((set) => context.client.ownedBy(PODS, set.metadata.uid ?? '').some((pod) => !isPodFinished(pod)));
}
