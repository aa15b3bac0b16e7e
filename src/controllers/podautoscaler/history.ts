import type { HPAScalingRules } from '../../api/schema/types/autoscaling/v2.ts';

/** A number of replicas at a virtual time, milliseconds since 1970. */
export interface Sample {
  readonly replicas: number;
  readonly at: number;
}

/** What is remembered of one autoscaler. Plain data. */
export interface ScaleHistory {
  /** What the metrics asked for. */
  recommendations: Sample[];
  /** How many replicas were added, and taken away. */
  ups: Sample[];
  downs: Sample[];
}

export function newHistory(currentReplicas: number, nowMs: number): ScaleHistory {
  return { recommendations: [{ replicas: currentReplicas, at: nowMs }], ups: [], downs: [] };
}

/** How many replicas came or went within a period. */
export function changeWithin(events: readonly Sample[], periodSeconds: number, nowMs: number): number {
  let sum = 0;
  for (const { replicas, at } of events) if (at > nowMs - periodSeconds * 1000) sum += replicas;
  return sum;
}

/** Remembers a change of scale for as long as a policy may ask for it. */
export function recordChange(
  history: ScaleHistory,
  rules: { readonly scaleUp: HPAScalingRules; readonly scaleDown: HPAScalingRules },
  before: number,
  after: number,
  nowMs: number,
): void {
  const add = (events: readonly Sample[], { policies = [] }: HPAScalingRules, replicas: number): Sample[] => {
    const longest = Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds));
    return [...events.filter(({ at }) => at >= nowMs - longest * 1000), { replicas, at: nowMs }];
  };
  if (after > before) history.ups = add(history.ups, rules.scaleUp, after - before);
  else history.downs = add(history.downs, rules.scaleDown, before - after);
}

export interface Stabilized {
  readonly replicas: number;
  /** What is said if it is not what the metrics ask for. */
  readonly reason: string;
  readonly message: string;
}

/** The real controller's `--horizontal-pod-autoscaler-downscale-stabilization`. */
export const DOWNSCALE_WINDOW_SECONDS = 300;
const HIGHER = 'recent recommendations were higher than current one, applying the highest recent recommendation';
const LOWER = 'recent recommendations were lower than current one, applying the lowest recent recommendation';

/** Without a behavior: the highest that was asked for in the last five minutes. Counterpart: stabilizeRecommendation. */
export function stabilize(history: ScaleHistory, desired: number, nowMs: number): Stabilized {
  const recent = history.recommendations.filter(({ at }) => at >= nowMs - DOWNSCALE_WINDOW_SECONDS * 1000);
  history.recommendations = [...recent, { replicas: desired, at: nowMs }];
  return { replicas: Math.max(desired, ...recent.map(({ replicas }) => replicas)), reason: 'ScaleDownStabilized', message: HIGHER };
}

/**
 * By the behavior's windows: not above the lowest that was asked for in the window of scaling up, not below the highest in the
 * window of scaling down. Counterpart: stabilizeRecommendationWithBehaviors.
 */
export function stabilizeByBehavior(
  history: ScaleHistory,
  { current, desired }: { readonly current: number; readonly desired: number },
  scaleUp: HPAScalingRules,
  scaleDown: HPAScalingRules,
  nowMs: number,
): Stabilized {
  const upMs = (scaleUp.stabilizationWindowSeconds ?? 0) * 1000;
  const downMs = (scaleDown.stabilizationWindowSeconds ?? DOWNSCALE_WINDOW_SECONDS) * 1000;
  const within = (ms: number): readonly number[] =>
    history.recommendations.filter(({ at }) => at > nowMs - ms).map(({ replicas }) => replicas);
  const lowest = Math.min(desired, ...within(upMs));
  const highest = Math.max(desired, ...within(downMs));
  const kept = history.recommendations.filter(({ at }) => at >= nowMs - Math.max(upMs, downMs));
  history.recommendations = [...kept, { replicas: desired, at: nowMs }];
  const replicas = Math.min(Math.max(current, lowest), highest);
  return desired >= current
    ? { replicas, reason: 'ScaleUpStabilized', message: LOWER }
    : { replicas, reason: 'ScaleDownStabilized', message: HIGHER };
}
