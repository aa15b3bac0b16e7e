import type { HorizontalPodAutoscaler, MetricSpec, MetricTarget } from '../../api/schema/types/autoscaling/v2.ts';
import { podsSelected } from '../../client/selection.ts';
import { formatQuantity, fromMilli, milliValue, quantity } from '../../apimachinery/quantity/quantity.ts';
import { externalProposal, objectProposal, podsProposal } from './customMetrics.ts';
import { resourceMetrics } from './metricsClient.ts';
import { failure, type MetricFailure, type MetricInput, type MetricProposal } from './proposal.ts';
import { averageReplicas, utilizationReplicas, type Proposal, type Tolerances } from './replicaCalculator.ts';

const DEFAULT_TOLERANCE = 0.1;

/** The user's own where he says so, else a tenth both ways. */
export function tolerancesOf({ spec }: HorizontalPodAutoscaler): Tolerances {
  const share = (text: string | undefined): number => (text === undefined ? DEFAULT_TOLERANCE : Number(quantity(text).nano) / 1e9);
  const { scaleUp, scaleDown } = spec.behavior ?? {};
  return { scaleUp: share(scaleUp?.tolerance), scaleDown: share(scaleDown?.tolerance) };
}

/** Counterpart: computeReplicasForMetric. */
export function proposalOf(input: MetricInput, metric: MetricSpec): MetricProposal | MetricFailure {
  const { type, resource, containerResource, pods, object, external } = metric;
  if (type === 'Resource' && resource !== undefined) {
    const found = forResource(input, resource.name, resource.target, undefined);
    if (typeof found === 'string') return failure('FailedGetResourceMetric', found, `failed to get ${resource.name} resource metric value`);
    const { name, current, replicas } = found;
    return { replicas, name, status: { type, resource: { name: resource.name, current } } };
  }
  if (type === 'ContainerResource' && containerResource !== undefined) {
    const { container, name: resourceName, target } = containerResource;
    const found = forResource(input, resourceName, target, container);
    if (typeof found === 'string')
      return failure('FailedGetContainerResourceMetric', found, `failed to get ${resourceName} container metric value`);
    const { name, current, replicas } = found;
    return { replicas, name, status: { type, containerResource: { container, name: resourceName, current } } };
  }
  if (type === 'Pods' && pods !== undefined) return podsProposal(input, pods);
  if (type === 'Object' && object !== undefined) return objectProposal(input, object);
  if (type === 'External' && external !== undefined) return externalProposal(input, external);
  const unknown = `unknown metric source type "${type}"`;
  return { reason: 'InvalidMetricSourceType', error: unknown, summary: unknown };
}

interface ResourceProposal {
  readonly replicas: number;
  readonly name: string;
  readonly current: { readonly averageValue: string; readonly averageUtilization?: number };
}

function forResource(
  { client, podUsage, namespace, selector, ...input }: MetricInput,
  resource: string,
  target: MetricTarget,
  container: string | undefined,
): ResourceProposal | string {
  const { averageValue, averageUtilization } = target;
  if (averageValue === undefined && averageUtilization === undefined)
    return 'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set';
  const what = averageValue === undefined ? 'utilization' : 'usage';
  const metrics = resourceMetrics({ client, podUsage, nowMs: input.nowMs }, namespace, selector, resource, container);
  if (typeof metrics === 'string') return `failed to get ${resource} ${what}: unable to get metrics for resource ${resource}: ${metrics}`;
  const pods = podsSelected(client, namespace, selector);
  const calculator = { ...input, metrics, pods, resource, container };
  const proposal: Proposal | string =
    averageValue === undefined
      ? utilizationReplicas(calculator, averageUtilization ?? 0)
      : averageReplicas(calculator, milliValue(averageValue));
  if (typeof proposal === 'string') return `failed to get ${resource} ${what}: ${proposal}`;
  const { replicas, averageMilli, utilization } = proposal;
  const shown = formatQuantity(fromMilli(averageMilli, resource === 'memory' ? 'BinarySI' : 'DecimalSI'));
  const kind = container === undefined ? 'resource' : 'container resource';
  const name = averageValue === undefined ? `${resource} ${kind} utilization (percentage of request)` : `${resource} ${kind}`;
  return { replicas, name, current: { averageValue: shown, ...(utilization === undefined ? {} : { averageUtilization: utilization }) } };
}
