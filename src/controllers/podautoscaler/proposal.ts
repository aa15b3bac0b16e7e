import type { MetricStatus } from '../../api/schema/types/autoscaling/v2.ts';
import type { Selector } from '../../apimachinery/labels/selector.ts';
import type { MetricsSource } from './metricsClient.ts';
import type { Tolerances } from './replicaCalculator.ts';

/** What one metric asks for. */
export interface MetricProposal {
  readonly replicas: number;
  /** How messages call the metric. */
  readonly name: string;
  readonly status: MetricStatus;
}

/** Why a metric says nothing: the reason, the error itself, and the error as the sum of all metrics words it. */
export interface MetricFailure {
  readonly reason: string;
  readonly error: string;
  readonly summary: string;
}

export interface MetricInput extends MetricsSource {
  readonly namespace: string;
  readonly selector: Selector;
  readonly currentReplicas: number;
  /** As the target's status says. */
  readonly statusReplicas: number;
  readonly tolerances: Tolerances;
}

export function failure(reason: string, error: string, what: string): MetricFailure {
  return { reason, error, summary: `${what}: ${error}` };
}
