import type { HPAScalingRules } from '../../api/schema/types/autoscaling/v2.ts';
import { changeWithin, type ScaleHistory } from './history.ts';

export interface LimitInput {
  readonly current: number;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
}

/** How many replicas there shall be, and what kept them from being as many as wanted. */
export interface Limited {
  readonly replicas: number;
  readonly reason: string;
  readonly message: string;
}

const TOO_FEW = ['TooFewReplicas', 'the desired replica count is less than the minimum replica count'] as const;
const TOO_MANY = ['TooManyReplicas', 'the desired replica count is more than the maximum replica count'] as const;
const UP_RATE = ['ScaleUpLimit', 'the desired replica count is increasing faster than the maximum scale rate'] as const;
const DOWN_RATE = ['ScaleDownLimit', 'the desired replica count is decreasing faster than the maximum scale rate'] as const;
const IN_RANGE = ['DesiredWithinRange', 'the desired count is within the acceptable range'] as const;

function limited(replicas: number, [reason, message]: readonly [string, string]): Limited {
  return { replicas, reason, message };
}

/** Without a behavior: at most twice as many at once, or four. Counterpart: convertDesiredReplicasWithRules. */
export function limitByRules({ current, desired, min, max }: LimitInput): Limited {
  const rate = Math.max(2 * current, 4);
  if (desired < min) return limited(min, TOO_FEW);
  if (desired > Math.min(rate, max)) return max > rate ? limited(rate, UP_RATE) : limited(max, TOO_MANY);
  return limited(desired, IN_RANGE);
}

/** By the behavior's policies. Counterpart: convertDesiredReplicasWithBehaviorRate. */
export function limitByBehavior(
  { current, desired, min, max }: LimitInput,
  scaleUp: HPAScalingRules,
  scaleDown: HPAScalingRules,
  history: ScaleHistory,
  nowMs: number,
): Limited {
  if (desired > current) {
    const rate = Math.max(current, upLimit(current, scaleUp, history, nowMs));
    if (desired > Math.min(rate, max)) return max > rate ? limited(rate, UP_RATE) : limited(max, TOO_MANY);
  } else if (desired < current) {
    const rate = Math.min(current, downLimit(current, scaleDown, history, nowMs));
    if (desired < Math.max(rate, min)) return min < rate ? limited(rate, DOWN_RATE) : limited(min, TOO_FEW);
  }
  return limited(desired, IN_RANGE);
}

/**
 * The most replicas that the policies allow. Each counts from how many there were when its period began.
 * Worked example: 4 replicas, 2 of them added in the last minute, `Percent 100` a minute: (4 - 2) × 2 = 4, so none may be added yet.
 */
function upLimit(current: number, { policies = [], selectPolicy = 'Max' }: HPAScalingRules, history: ScaleHistory, nowMs: number): number {
  if (selectPolicy === 'Disabled') return current;
  const proposed = policies.map(({ type, value, periodSeconds }) => {
    const start = atPeriodStart(current, history, periodSeconds, nowMs);
    return type === 'Pods' ? start + value : Math.ceil(start * (1 + value / 100));
  });
  return selectPolicy === 'Min' ? Math.min(...proposed) : Math.max(...proposed);
}

function downLimit(
  current: number,
  { policies = [], selectPolicy = 'Max' }: HPAScalingRules,
  history: ScaleHistory,
  nowMs: number,
): number {
  if (selectPolicy === 'Disabled') return current;
  const proposed = policies.map(({ type, value, periodSeconds }) => {
    const start = atPeriodStart(current, history, periodSeconds, nowMs);
    return type === 'Pods' ? start - value : Math.trunc(start * (1 - value / 100));
  });
  // The least change is the one that leaves the most.
  return selectPolicy === 'Min' ? Math.max(...proposed) : Math.min(...proposed);
}

function atPeriodStart(current: number, { ups, downs }: ScaleHistory, periodSeconds: number, nowMs: number): number {
  return current - changeWithin(ups, periodSeconds, nowMs) + changeWithin(downs, periodSeconds, nowMs);
}
