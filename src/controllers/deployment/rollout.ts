import { jsonEqual } from '../../base/json.ts';
import { DEPLOYMENTS, REPLICASETS } from '../../api/schema/resources.ts';
import type { Deployment, ReplicaSet } from '../../api/schema/types/apps/v1.ts';
import { fromLabelSelector } from '../../apimachinery/labels/selector.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { claim } from '../util/refManager.ts';
import { desiredReplicas, resolveFenceposts } from './fenceposts.ts';
import { withoutHash } from './hash.ts';

/** A Deployment and its ReplicaSets at one look; scaling replaces members. */
export interface Rollout {
  deployment: Deployment;
  /** The ReplicaSet of the current template, if it exists. */
  newest: ReplicaSet | undefined;
  /** All others, by age. */
  old: readonly ReplicaSet[];
}

/** Takes in the ReplicaSets of a Deployment and tells the one of the current template from the others. */
export function readRollout(context: ControllerContext, deployment: Deployment): Rollout {
  const selector = fromLabelSelector(deployment.spec?.selector);
  const sets = [...claim(context.client, DEPLOYMENTS, deployment, REPLICASETS, selector)].sort(byCreation);
  const template = withoutHash(deployment.spec?.template);
  // Two equal ones can only stem from a template that came to be equal by a new default: the older one counts.
  const newest = sets.find((set) => jsonEqual(withoutHash(set.spec?.template), template));
  return { deployment, newest, old: sets.filter((set) => set !== newest) };
}

export function allSets(rollout: Rollout): readonly ReplicaSet[] {
  return rollout.newest === undefined ? rollout.old : [...rollout.old, rollout.newest];
}

/** Those that want at least one Pod. */
export function activeSets(sets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  return sets.filter((set) => specReplicas(set) > 0);
}

export function specReplicas(set: ReplicaSet | undefined): number {
  return set === undefined ? 0 : (set.spec?.replicas ?? 1);
}

export function sum(sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number | undefined): number {
  return sets.reduce((total, set) => total + (count(set) ?? 0), 0);
}

/**
 * How large the new ReplicaSet may be now.
 * RollingUpdate: as many more as fit under `replicas + maxSurge`, but not more than are missing. Recreate: all.
 * @param current its present size
 */
export function newReplicas(rollout: Rollout, current: number): number {
  const { deployment } = rollout;
  const replicas = desiredReplicas(deployment);
  if (deployment.spec?.strategy?.type !== 'RollingUpdate') return replicas;
  const room = replicas + resolveFenceposts(deployment).surge - sum(allSets(rollout), specReplicas);
  return room <= 0 ? current : current + Math.min(room, replicas - current);
}

/** Oldest first; equal times by name. */
export function byCreation(left: ReplicaSet, right: ReplicaSet): number {
  const [a, b] = [left.metadata.creationTimestamp ?? '', right.metadata.creationTimestamp ?? ''];
  if (a !== b) return a < b ? -1 : 1;
  return (left.metadata.name ?? '') < (right.metadata.name ?? '') ? -1 : 1;
}

/** Largest first; equal sizes: older first. Used when scaling down in proportion. */
export function bySizeOlder(left: ReplicaSet, right: ReplicaSet): number {
  return specReplicas(right) - specReplicas(left) || byCreation(left, right);
}

/** Largest first; equal sizes: newer first. Used when scaling up in proportion. */
export function bySizeNewer(left: ReplicaSet, right: ReplicaSet): number {
  return specReplicas(right) - specReplicas(left) || -byCreation(left, right);
}
