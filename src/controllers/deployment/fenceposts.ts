import type { Deployment } from '../../api/schema/types/apps/v1.ts';
import type { IntOrString } from '../../apimachinery/meta/types.ts';

/**
 * maxSurge and maxUnavailable as numbers of Pods.
 * A percentage of surge rounds up, one of unavailable down; if both come to 0, one Pod may be unavailable, or no rollout could ever move.
 * Worked examples: 25 % and 25 % of 10: surge 3 (2.5 up), unavailable 2 (2.5 down). 25 % and 25 % of 1: surge 1, unavailable 0.
 * 0 and 10 % of 2: surge 0, unavailable 0 (0.2 down), so unavailable becomes 1.
 * Counterpart: ResolveFenceposts.
 */
export function resolveFenceposts(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const replicas = desiredReplicas(deployment);
  const rolling = deployment.spec?.strategy?.rollingUpdate;
  const surge = scaled(rolling?.maxSurge ?? 0, replicas, Math.ceil);
  const unavailable = scaled(rolling?.maxUnavailable ?? 0, replicas, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** How many Pods more than replicas a rollout may have; 0 for Recreate. */
export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? resolveFenceposts(deployment).surge : 0;
}

/** How many Pods fewer than replicas may be available; 0 for Recreate; never more than replicas. */
export function maxUnavailable(deployment: Deployment): number {
  const replicas = desiredReplicas(deployment);
  if (!isRollingUpdate(deployment) || replicas === 0) return 0;
  return Math.min(resolveFenceposts(deployment).unavailable, replicas);
}

export function isRollingUpdate(deployment: Deployment): boolean {
  return deployment.spec?.strategy?.type === 'RollingUpdate';
}

export function desiredReplicas(deployment: Deployment): number {
  return deployment.spec?.replicas ?? 1;
}

/** A number, or a percentage of `total` rounded by `round`. */
export function scaled(value: IntOrString, total: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = /^([0-9]+)%$/.exec(value)?.[1];
  return percent === undefined ? 0 : round((Number(percent) * total) / 100);
}
