import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus, MetricTarget } from '../../api/schema/types/autoscaling/v2.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { matches, type Selector } from '../../apimachinery/labels/selector.ts';
import type { LabelSelector } from '../../apimachinery/meta/types.ts';
import { PODS } from '../../api/schema/resources.ts';
import { formatQuantity, fromMilli, milliValue, quantity } from '../../apimachinery/quantity/quantity.ts';
import { resourceMetrics, type MetricsSource } from './metricsClient.ts';
import { averageReplicas, utilizationReplicas, type Proposal, type Tolerances } from './replicaCalculator.ts';

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
  readonly tolerances: Tolerances;
}

const DEFAULT_TOLERANCE = 0.1;

/** The user's own where he says so, else a tenth both ways. */
export function tolerancesOf({ spec }: HorizontalPodAutoscaler): Tolerances {
  const share = (text: string | undefined): number => (text === undefined ? DEFAULT_TOLERANCE : Number(quantity(text).nano) / 1e9);
  const { scaleUp, scaleDown } = spec.behavior ?? {};
  return { scaleUp: share(scaleUp?.tolerance), scaleDown: share(scaleDown?.tolerance) };
}

/** Counterpart: computeReplicasForMetric. */
export function proposalOf(input: MetricInput, metric: MetricSpec): MetricProposal | MetricFailure {
  const { namespace } = input;
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
  // Nobody serves the other metrics' APIs here.
  const custom = 'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';
  if (type === 'Pods' && pods !== undefined)
    return failure('FailedGetPodsMetric', `unable to get metric ${pods.metric.name}: ${custom}`, 'failed to get pods metric value');
  if (type === 'Object' && object !== undefined) {
    const { kind, name } = object.describedObject;
    const error = `unable to get metric ${object.metric.name}: ${kind} on ${namespace} ${name}/${custom}`;
    return failure('FailedGetObjectMetric', error, 'failed to get object metric value');
  }
  if (type === 'External' && external !== undefined) {
    const { name, selector } = external.metric;
    const missing = `the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
    const error = `unable to get external metric ${namespace}/${name}/${printSelector(selector)}: unable to fetch metrics from external metrics API: ${missing}`;
    return failure('FailedGetExternalMetric', error, `failed to get ${name} external metric value`);
  }
  const unknown = `unknown metric source type "${type}"`;
  return { reason: 'InvalidMetricSourceType', error: unknown, summary: unknown };
}

function failure(reason: string, error: string, what: string): MetricFailure {
  return { reason, error, summary: `${what}: ${error}` };
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
  const pods = client.list(PODS, namespace).filter((pod: Pod) => matches(selector, pod.metadata.labels));
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

/** As Go prints the pointer to one. */
function printSelector(selector: LabelSelector | undefined): string {
  if (selector === undefined) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
  const printed = labels.map(([key, value]) => `${key}: ${value},`).join('');
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  const map = selector.matchLabels === undefined ? 'map[string]string{}' : `map[string]string{${printed}}`;
  return `&LabelSelector{MatchLabels:${map},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
