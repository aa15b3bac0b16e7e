import { draft } from '../../base/json.ts';
import { DEPLOYMENTS, REPLICASETS } from '../../api/schema/resources.ts';
import type { Deployment, ReplicaSet } from '../../api/schema/types/apps/v1.ts';
import { objectReference } from '../../client/client.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { annotationNumber, DESIRED_REPLICAS, MAX_REPLICAS, replicasAnnotationsAreCurrent, setReplicasAnnotations } from './annotations.ts';
import { desiredReplicas, isRollingUpdate, maxSurge } from './fenceposts.ts';
import { activeSets, allSets, bySizeNewer, bySizeOlder, specReplicas, sum, type Rollout } from './rollout.ts';

/** Sets the size of one ReplicaSet of a rollout, and its annotations; says so in an event. Nothing is written if both are right. */
export function scaleReplicaSet(context: ControllerContext, rollout: Rollout, set: ReplicaSet, replicas: number): void {
  const before = specReplicas(set);
  if (before === replicas && replicasAnnotationsAreCurrent(set, rollout.deployment)) return;
  const copy = draft(set);
  if (copy.spec !== undefined) copy.spec.replicas = replicas;
  setReplicasAnnotations(copy, rollout.deployment);
  const stored = context.client.update(REPLICASETS, copy);
  replaceSet(rollout, set, stored);
  if (before === replicas) return;
  recordScaling(context, rollout.deployment, stored, before, replicas);
}

/** Like scaleReplicaSet, but leaves a ReplicaSet of the right size alone. Returns whether the size changed. */
export function scaleIfNeeded(context: ControllerContext, rollout: Rollout, set: ReplicaSet, replicas: number): boolean {
  if (specReplicas(set) === replicas) return false;
  scaleReplicaSet(context, rollout, set, replicas);
  return true;
}

export function recordScaling(context: ControllerContext, deployment: Deployment, set: ReplicaSet, from: number, to: number): void {
  const message = `Scaled ${from < to ? 'up' : 'down'} replica set ${set.metadata.name ?? ''} from ${from} to ${to}`;
  context.events.event(objectReference(DEPLOYMENTS, deployment), 'Normal', 'ScalingReplicaSet', message);
}

/** Whether the Deployment's size is another than the one that its ReplicaSets were last made for. */
export function isScalingEvent(rollout: Rollout): boolean {
  return activeSets(allSets(rollout)).some((set) => {
    const desired = annotationNumber(set, DESIRED_REPLICAS);
    return desired !== undefined && desired !== desiredReplicas(rollout.deployment);
  });
}

/**
 * Carries a new size over to the ReplicaSets, outside of a rollout's own steps.
 * One active ReplicaSet takes it all. A finished rollout leaves the old ones at 0. In the middle of a rollout (or of a
 * paused one) the difference is spread in proportion to the sizes, the largest one taking what rounding leaves.
 *
 * Worked example: 10 replicas with maxSurge 3 stand at old 8 and new 5 (13 in all), and are scaled to 30. The new limit is 33,
 * so 20 Pods are to be added. Old: 8 × 33 / 13 = 20.3, that is 20, so +12. New: 5 × 33 / 13 = 12.7, that is 13, so +8. Sum 20: nothing is left over.
 * Counterpart: Controller.scale in sync.go.
 */
export function scaleRollout(context: ControllerContext, rollout: Rollout): void {
  const { deployment } = rollout;
  const replicas = desiredReplicas(deployment);
  const single = activeOrLatest(rollout);
  if (single !== undefined) {
    scaleIfNeeded(context, rollout, single, replicas);
    return;
  }
  if (isSaturated(deployment, rollout.newest)) {
    for (const set of activeSets(rollout.old)) scaleIfNeeded(context, rollout, set, 0);
    return;
  }
  if (isRollingUpdate(deployment)) scaleInProportion(context, rollout);
}

function scaleInProportion(context: ControllerContext, rollout: Rollout): void {
  const { deployment } = rollout;
  const replicas = desiredReplicas(deployment);
  const sets = [...activeSets(allSets(rollout))];
  const allowed = replicas > 0 ? replicas + maxSurge(deployment) : 0;
  const toAdd = allowed - sum(sets, specReplicas);
  sets.sort(toAdd > 0 ? bySizeNewer : bySizeOlder);
  let added = 0;
  const sizes = sets.map((set) => {
    if (toAdd === 0) return specReplicas(set);
    const share = proportion(set, deployment, toAdd, added);
    added += share;
    return specReplicas(set) + share;
  });
  for (const [index, set] of sets.entries()) {
    const leftover = index === 0 && toAdd !== 0 ? toAdd - added : 0;
    scaleReplicaSet(context, rollout, set, Math.max(0, (sizes[index] ?? 0) + leftover));
  }
}

/** The share of `toAdd` that falls to one ReplicaSet; never beyond what is still left of it. */
function proportion(set: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number {
  if (specReplicas(set) === 0 || toAdd === added) return 0;
  const left = toAdd - added;
  const share = fraction(set, deployment);
  return toAdd > 0 ? Math.min(share, left) : Math.max(share, left);
}

/** By how much a ReplicaSet grows if it keeps its part of the whole. */
function fraction(set: ReplicaSet, deployment: Deployment): number {
  const size = specReplicas(set);
  if (desiredReplicas(deployment) === 0) return -size;
  // Without the annotation, or with one that says nothing: the size as it is now.
  const noted = annotationNumber(set, MAX_REPLICAS) ?? 0;
  const before = noted === 0 ? (deployment.status?.replicas ?? 0) : noted;
  if (before === 0) return 0;
  return roundHalfAway((size * (desiredReplicas(deployment) + maxSurge(deployment))) / before) - size;
}

function roundHalfAway(value: number): number {
  return value < 0 ? -Math.floor(0.5 - value) : Math.floor(value + 0.5);
}

/** The one ReplicaSet that has Pods; with none, the new one or else the youngest. Undefined when several have. */
function activeOrLatest(rollout: Rollout): ReplicaSet | undefined {
  const active = activeSets(allSets(rollout));
  if (active.length > 1) return undefined;
  return active[0] ?? rollout.newest ?? rollout.old.at(-1);
}

/** The rollout to this ReplicaSet is finished at the Deployment's present size. */
function isSaturated(deployment: Deployment, set: ReplicaSet | undefined): boolean {
  const replicas = desiredReplicas(deployment);
  return (
    set !== undefined &&
    specReplicas(set) === replicas &&
    annotationNumber(set, DESIRED_REPLICAS) === replicas &&
    (set.status?.availableReplicas ?? 0) === replicas
  );
}

/** Puts a stored ReplicaSet in the place of the one that was read. */
export function replaceSet(rollout: Rollout, set: ReplicaSet, stored: ReplicaSet): void {
  if (rollout.newest?.metadata.uid === set.metadata.uid) rollout.newest = stored;
  else rollout.old = rollout.old.map((other) => (other.metadata.uid === set.metadata.uid ? stored : other));
}
