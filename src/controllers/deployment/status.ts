import { draft, type Draft } from '../../base/json.ts';
import type { DeploymentStatus } from '../../api/schema/types/apps/v1.ts';
import { newCondition, setCondition } from './conditions.ts';
import { desiredReplicas, maxUnavailable } from './fenceposts.ts';
import { allSets, specReplicas, sum, type Rollout } from './rollout.ts';

/**
 * The counts of a Deployment's status are sums over its ReplicaSets; zeroes stay out but for terminatingReplicas.
 * unavailableReplicas is what the ReplicaSets want and do not have: with 3 wanted and 5 available (a rollout has surplus) it is 0.
 */
export function calculateStatus(rollout: Rollout, nowMs: number): Draft<DeploymentStatus> {
  const { deployment, newest } = rollout;
  const sets = allSets(rollout);
  const available = sum(sets, (set) => set.status?.availableReplicas);
  const unavailable = Math.max(0, sum(sets, specReplicas) - available);
  const terminating = sets.every((set) => set.status?.terminatingReplicas !== undefined);
  const { collisionCount, conditions } = deployment.status ?? {};
  const status: Draft<DeploymentStatus> = withoutZeroes({
    replicas: sum(sets, (set) => set.status?.replicas),
    updatedReplicas: newest?.status?.replicas ?? 0,
    readyReplicas: sum(sets, (set) => set.status?.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: unavailable,
  });
  if (deployment.metadata.generation !== undefined) status.observedGeneration = deployment.metadata.generation;
  if (terminating) status.terminatingReplicas = sum(sets, (set) => set.status?.terminatingReplicas);
  if (collisionCount !== undefined) status.collisionCount = collisionCount;
  if (conditions !== undefined) status.conditions = draft(conditions);
  setCondition(
    status,
    available >= desiredReplicas(deployment) - maxUnavailable(deployment)
      ? newCondition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.', nowMs)
      : newCondition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.', nowMs),
  );
  return status;
}

function withoutZeroes(counts: Draft<DeploymentStatus>): Draft<DeploymentStatus> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}
