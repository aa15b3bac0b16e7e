/**
 * Carries out Deployments: one ReplicaSet per template, and the way from one to the next.
 * Invariant: the controller never touches a Pod; it sets the sizes of ReplicaSets and reads their status.
 * Counterpart: k8s.io/kubernetes/pkg/controller/deployment.
 */
import { DEPLOYMENTS, PODS, REPLICASETS } from '../../api/schema/resources.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { objectKey, splitKey } from '../../apimachinery/meta/resource.ts';
import { watch, type Controller } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { controllerOf } from '../util/controllerRef.ts';
import { orphanWatch } from '../util/orphanWatch.ts';
import { rolloutRecreate } from './recreate.ts';
import { rolloutRolling } from './rolling.ts';
import { rollback, rollbackTo } from './rollback.ts';
import { readRollout } from './rollout.ts';
import { isScalingEvent } from './scale.ts';
import { syncPausedCondition, syncStatus, syncWithoutRollout } from './sync.ts';

export function createDeploymentController(context: ControllerContext): Controller {
  return {
    for: DEPLOYMENTS,
    owns: [REPLICASETS],
    watches: [
      orphanWatch(context.client, REPLICASETS, DEPLOYMENTS, (deployment) => deployment.spec?.selector),
      watch(PODS, (pod, _previous, deleted) => (deleted ? waitingForPod(context, pod) : [])),
    ],
    reconcile: (key) => {
      reconcileDeployment(context, key);
      return undefined;
    },
  };
}

function reconcileDeployment(context: ControllerContext, key: string): void {
  const { namespace, name } = splitKey(key);
  const deployment = context.client.get(DEPLOYMENTS, namespace, name);
  if (deployment === undefined) return;
  const rollout = readRollout(context, deployment);
  if (deployment.metadata.deletionTimestamp !== undefined) {
    syncStatus(context, rollout);
    return;
  }
  syncPausedCondition(context, rollout);
  const revision = rollbackTo(deployment);
  // A paused Deployment is rolled back when it goes on.
  if (deployment.spec?.paused === true) syncWithoutRollout(context, rollout);
  else if (revision !== undefined) rollback(context, rollout, revision);
  else if (isScalingEvent(rollout)) syncWithoutRollout(context, rollout);
  else if (deployment.spec?.strategy?.type === 'Recreate') rolloutRecreate(context, rollout);
  else rolloutRolling(context, rollout);
}

/** Recreate waits for the last old Pod to go, which no ReplicaSet's status tells. */
function waitingForPod(context: ControllerContext, pod: Pod): readonly string[] {
  const setReference = controllerOf(pod);
  if (setReference?.kind !== 'ReplicaSet') return [];
  const { namespace } = pod.metadata;
  const set = context.client.get(REPLICASETS, namespace ?? '', setReference.name);
  const reference = set === undefined ? undefined : controllerOf(set);
  if (reference?.kind !== 'Deployment') return [];
  const deployment = context.client.get(DEPLOYMENTS, namespace ?? '', reference.name);
  return deployment?.spec?.strategy?.type === 'Recreate' ? [objectKey(namespace, reference.name)] : [];
}
