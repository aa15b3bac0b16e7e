import { draft, jsonEqual, type Draft } from '../../base/json.ts';
import { DEPLOYMENTS, NODES, PODS, REPLICASETS } from '../../api/schema/resources.ts';
import type { Deployment, DeploymentStatus } from '../../api/schema/types/apps/v1.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { isPodReady } from '../util/podUtil.ts';
import { revisionOf } from './annotations.ts';
import { condition, hasProgressDeadline, newCondition, removeCondition, replicaFailure, setCondition } from './conditions.ts';
import { desiredReplicas } from './fenceposts.ts';
import { allSets, specReplicas, type Rollout } from './rollout.ts';
import { calculateStatus } from './status.ts';

/** Says who runs the Pods of a node. */
const KUBELET_ANNOTATION = 'kubepad.dev/kubelet';
/** Finds the nodes without a simulated kubelet. */
const INDEX_MANUAL = 'controllers/deployment/manual';

/** Adds the index that progress is judged with; once. */
export function addManualNodeIndex(api: ApiServer): void {
  api.store.addIndex('nodes', INDEX_MANUAL, (node) => (node.metadata.annotations?.[KUBELET_ANNOTATION] === 'manual' ? [''] : []));
}

/**
 * Writes the status of a rollout, with the condition Progressing: done, moving, or out of time.
 * The deadline counts from Progressing's lastUpdateTime, which every bit of progress renews.
 * Counterpart: progress.go.
 */
export function syncRolloutStatus(context: ControllerContext, rollout: Rollout): void {
  const { deployment } = rollout;
  const status = calculateStatus(rollout, context.now());
  if (!hasProgressDeadline(deployment)) removeCondition(status, 'Progressing');
  const current = condition(deployment.status, 'Progressing');
  const isComplete = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable';
  if (hasProgressDeadline(deployment) && !isComplete) setProgress(rollout, status, context.now());
  const failure = replicaFailure(allSets(rollout), rollout.newest);
  if (failure === undefined) removeCondition(status, 'ReplicaFailure');
  else setCondition(status, failure);
  if (jsonEqual(deployment.status, status)) {
    awaitDeadline(context, rollout, status);
    return;
  }
  rollout.deployment = context.client.updateStatus(DEPLOYMENTS, { ...draft(deployment), status });
}

function setProgress(rollout: Rollout, status: Draft<DeploymentStatus>, nowMs: number): void {
  const { deployment } = rollout;
  const current = condition(deployment.status, 'Progressing');
  if (isComplete(deployment, status)) {
    setCondition(
      status,
      newCondition('Progressing', 'True', 'NewReplicaSetAvailable', `${subject(rollout)} has successfully progressed.`, nowMs),
    );
  } else if (isProgressing(deployment, status)) {
    const made = newCondition('Progressing', 'True', 'ReplicaSetUpdated', `${subject(rollout)} is progressing.`, nowMs);
    const since = current?.status === 'True' ? current.lastTransitionTime : undefined;
    // Taken out first: of an equal condition, too, lastUpdateTime shall move.
    removeCondition(status, 'Progressing');
    setCondition(status, since === undefined ? made : { ...made, lastTransitionTime: since });
  } else if (hasTimedOut(deployment, status, nowMs)) {
    setCondition(
      status,
      newCondition('Progressing', 'False', 'ProgressDeadlineExceeded', `${subject(rollout)} has timed out progressing.`, nowMs),
    );
  }
}

function subject({ deployment, newest }: Rollout): string {
  return newest === undefined ? `Deployment "${deployment.metadata.name ?? ''}"` : `ReplicaSet "${newest.metadata.name ?? ''}"`;
}

/** All Pods are of the new template and available, and none of the old ones is left. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const replicas = desiredReplicas(deployment);
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** More new Pods, fewer old ones, more ready or more available than the last status said. */
function isProgressing(deployment: Deployment, status: DeploymentStatus): boolean {
  const before = deployment.status ?? {};
  const old = (counts: DeploymentStatus): number => (counts.replicas ?? 0) - (counts.updatedReplicas ?? 0);
  return (
    (status.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(status) < old(before) ||
    (status.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function hasTimedOut(deployment: Deployment, status: DeploymentStatus, nowMs: number): boolean {
  const current = condition(status, 'Progressing');
  if (current === undefined || current.reason === 'NewReplicaSetAvailable') return false;
  if (current.reason === 'ProgressDeadlineExceeded') return true;
  return deadline(deployment, status) < nowMs;
}

/** When progress has to have been made, milliseconds since 1970. */
function deadline(deployment: Deployment, status: DeploymentStatus): number {
  const from = parseTime(condition(status, 'Progressing')?.lastUpdateTime ?? '');
  return from + (deployment.spec?.progressDeadlineSeconds ?? 0) * 1000;
}

/** Nothing will wake the controller when the time is over, so it asks to be woken: a second after the deadline, as times are in whole seconds. */
function awaitDeadline(context: ControllerContext, rollout: Rollout, status: DeploymentStatus): void {
  const { deployment } = rollout;
  const current = condition(deployment.status, 'Progressing');
  if (!hasProgressDeadline(deployment) || current === undefined) return;
  if (isComplete(deployment, status) || current.reason === 'ProgressDeadlineExceeded' || current.reason === 'NewReplicaSetAvailable')
    return;
  const wait = deadline(deployment, status) - context.now();
  context.enqueueAfter(keyOf(deployment), Math.max(wait, 0) + 1000, waitsForSomeone(context, rollout));
}

/**
 * Whether a new Pod is on a node without a simulated kubelet: someone outside has to say that it runs. A run until the cluster is stable
 * then stops for them, instead of going on until the deadline has passed.
 */
function waitsForSomeone({ client }: ControllerContext, { newest }: Rollout): boolean {
  if (client.byIndex(NODES, INDEX_MANUAL, '').length === 0) return false;
  return client.ownedBy(PODS, newest?.metadata.uid ?? '').some((pod) => {
    if (isPodReady(pod) || (pod.spec?.nodeName ?? '') === '') return false;
    const node = client.get(NODES, '', pod.spec?.nodeName ?? '');
    return node?.metadata.annotations?.[KUBELET_ANNOTATION] === 'manual';
  });
}

/** A finished rollout forgets its oldest ReplicaSets. */
export function cleanupIfComplete(context: ControllerContext, rollout: Rollout): void {
  if (isComplete(rollout.deployment, rollout.deployment.status ?? {})) cleanup(context, rollout);
}

/**
 * Deletes old ReplicaSets beyond revisionHistoryLimit, lowest revision first; those that still have Pods stay.
 * Worked example: revisions 1 to 5 with 5 the new one and a limit of 2: four old ones, so 1 and 2 go.
 */
export function cleanup(context: ControllerContext, rollout: Rollout): void {
  const limit = rollout.deployment.spec?.revisionHistoryLimit;
  if (limit === undefined || limit === 2_147_483_647) return;
  const candidates = rollout.old.filter((set) => set.metadata.deletionTimestamp === undefined);
  const surplus = candidates.length - limit;
  if (surplus <= 0) return;
  for (const set of [...candidates].sort((left, right) => revisionOf(left) - revisionOf(right)).slice(0, surplus)) {
    const settled = (set.metadata.generation ?? 0) <= (set.status?.observedGeneration ?? 0);
    if (specReplicas(set) !== 0 || (set.status?.replicas ?? 0) !== 0 || !settled) continue;
    context.client.delete(REPLICASETS, set.metadata.namespace ?? '', set.metadata.name ?? '');
  }
}
