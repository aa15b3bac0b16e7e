import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { PodMetrics } from './metricsClient.ts';
import { groupPods, requestsOf } from './pods.ts';

/** Shares of the target by which the use may differ before anything is done. */
export interface Tolerances {
  readonly scaleUp: number;
  readonly scaleDown: number;
}

/** Whether a use is so near to the target that nothing is done. */
export function isWithin({ scaleUp, scaleDown }: Tolerances, ratio: number): boolean {
  return 1 - scaleDown <= ratio && ratio <= 1 + scaleUp;
}

export interface CalculatorInput {
  readonly currentReplicas: number;
  readonly metrics: PodMetrics;
  /** The Pods of the target's selector. */
  readonly pods: readonly Pod[];
  readonly resource: string;
  readonly container: string | undefined;
  readonly tolerances: Tolerances;
  readonly nowMs: number;
}

export interface Proposal {
  readonly replicas: number;
  /** Thousandths of the resource's unit, for one Pod. */
  readonly averageMilli: number;
  /** Percent of the requests; only where the target is one. */
  readonly utilization?: number;
}

/** How the use compares with the target: the ratio, and what is shown of the use. */
interface Usage extends Omit<Proposal, 'replicas'> {
  readonly ratio: number;
}

/**
 * Replicas for a target in percent of the requests.
 * Worked example: 2 Pods use 800m of 1 CPU each, the target is 40 %: ratio 2, so ceil(2 × 2) = 4.
 * Counterpart: GetResourceReplicas.
 */
export function utilizationReplicas(input: CalculatorInput, targetPercent: number): Proposal | string {
  const { pods, container, resource } = input;
  const requests = requestsOf(pods, container, resource);
  // Real calculators look at the Pods first, and then at what they ask for.
  const asked = typeof requests === 'string' ? undefined : requests;
  return propose(
    input,
    (metrics) => {
      if (asked === undefined) return requests as string;
      let [used, wanted, count] = [0, 0, 0];
      for (const [name, { milli }] of metrics) {
        const request = asked.get(name);
        if (request === undefined) continue;
        used += milli;
        wanted += request;
        count++;
      }
      if (wanted === 0) return 'no metrics returned matched known pods';
      const utilization = Math.trunc((used * 100) / wanted);
      return { ratio: utilization / targetPercent, averageMilli: Math.trunc(used / count), utilization };
    },
    (name, ratio) => (ratio < 1 ? Math.trunc(((asked?.get(name) ?? 0) * Math.max(100, targetPercent)) / 100) : 0),
  );
}

/** Replicas for a target of so much per Pod. Counterpart: GetRawResourceReplicas. */
export function averageReplicas(input: CalculatorInput, targetMilli: number): Proposal | string {
  return propose(
    input,
    (metrics) => {
      let used = 0;
      for (const { milli } of metrics.values()) used += milli;
      const averageMilli = Math.trunc(used / metrics.size);
      return { ratio: averageMilli / targetMilli, averageMilli };
    },
    (_name, ratio) => (ratio < 1 ? targetMilli : 0),
  );
}

/**
 * What the ready Pods use decides. Where some are unready or without metrics it is looked at again with cautious guesses for
 * them: nothing is done that the guesses would turn round.
 * @param assumed thousandths that a Pod without metrics is taken to use, by the ratio before
 */
function propose(
  input: CalculatorInput,
  usageOf: (metrics: PodMetrics) => Usage | string,
  assumed: (pod: string, ratio: number) => number,
): Proposal | string {
  const { currentReplicas, pods, resource, tolerances, nowMs } = input;
  if (pods.length === 0) return 'no pods returned by selector while calculating replica count';
  const { ready, unready, missing, ignored } = groupPods(pods, input.metrics, resource, nowMs);
  const metrics: PodMetrics = new Map(input.metrics);
  for (const name of [...ignored, ...unready]) metrics.delete(name);
  if (metrics.size === 0) return 'did not receive metrics for targeted pods (pods might be unready)';
  const usage = usageOf(metrics);
  if (typeof usage === 'string') return usage;
  const { ratio, ...shown } = usage;
  const startsUp = unready.size > 0 && ratio > 1;
  if (!startsUp && missing.size === 0)
    return { replicas: isWithin(tolerances, ratio) ? currentReplicas : Math.ceil(ratio * ready), ...shown };
  if (ratio !== 1) for (const name of missing) metrics.set(name, { milli: assumed(name, ratio), at: nowMs, windowMs: 0 });
  if (startsUp) for (const name of unready) metrics.set(name, { milli: 0, at: nowMs, windowMs: 0 });
  const again = usageOf(metrics);
  if (typeof again === 'string') return again;
  const turned = (ratio < 1 && again.ratio > 1) || (ratio > 1 && again.ratio < 1);
  if (isWithin(tolerances, again.ratio) || turned) return { replicas: currentReplicas, ...shown };
  const replicas = Math.ceil(again.ratio * metrics.size);
  const contrary = (again.ratio < 1 && replicas > currentReplicas) || (again.ratio > 1 && replicas < currentReplicas);
  return { replicas: contrary ? currentReplicas : replicas, ...shown };
}
