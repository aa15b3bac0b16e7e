/**
 * What metrics of Pods, of an object or of something outside ask for; their values are the Metrics of the namespace.
 * Invariant: without any Metric of its sort an API counts as not registered, as in a cluster without an adapter.
 * Counterpart: computeStatusForPodsMetric, -ObjectMetric, -ExternalMetric, and the clients of both metrics APIs.
 */
import { externalValues, isCustomName, isExternal, objectValue, podValue } from '../../api/kubepad/metric/lookup.ts';
import { METRICS, type Metric } from '../../api/kubepad/types.ts';
import type { MetricSpec } from '../../api/schema/types/autoscaling/v2.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { fromLabelSelector } from '../../apimachinery/labels/selector.ts';
import type { LabelSelector } from '../../apimachinery/meta/types.ts';
import { podsSelected } from '../../client/selection.ts';
import { formatQuantity, fromMilli, milliValue } from '../../apimachinery/quantity/quantity.ts';
import { isPodReady } from '../util/podUtil.ts';
import { failure, type MetricFailure, type MetricInput, type MetricProposal } from './proposal.ts';
import { averageReplicas, isWithin } from './replicaCalculator.ts';

/** What an adapter says of a value is as old as this. */
const WINDOW_MS = 60_000;

export function podsProposal(input: MetricInput, { metric, target }: NonNullable<MetricSpec['pods']>): MetricProposal | MetricFailure {
  const fail = (error: string): MetricFailure => failure('FailedGetPodsMetric', error, 'failed to get pods metric value');
  const pods = podsOf(input);
  const values = podValues(input, pods, metric.name, metric.selector);
  if (typeof values === 'string') return fail(`unable to get metric ${metric.name}: ${values}`);
  const { tolerances, nowMs, currentReplicas } = input;
  const proposal = averageReplicas(
    { currentReplicas, tolerances, nowMs, pods, metrics: values, resource: '', container: undefined },
    milliValue(target.averageValue),
  );
  if (typeof proposal === 'string') return fail(proposal);
  const status = { type: 'Pods', pods: { metric, current: { averageValue: shown(proposal.averageMilli) } } };
  return { replicas: proposal.replicas, name: `pods metric ${metric.name}`, status };
}

export function objectProposal(input: MetricInput, spec: NonNullable<MetricSpec['object']>): MetricProposal | MetricFailure {
  const { metric, target, describedObject } = spec;
  const fail = (error: string, inner = ''): MetricFailure =>
    failure('FailedGetObjectMetric', error, `failed to get object metric value${inner}`);
  const isAverage = target.type === 'AverageValue' && target.averageValue !== undefined;
  if (!isAverage && !(target.type === 'Value' && target.value !== undefined))
    return fail('invalid object metric source: neither a value target nor an average value target was set');
  const used = objectUse(input, spec);
  if (typeof used === 'string') {
    const { kind, name } = describedObject;
    const error = `unable to get metric ${metric.name}: ${kind} on ${input.namespace} ${name}/${used}`;
    return fail(error, isAverage ? `: failed to get ${metric.name} object metric` : '');
  }
  const found = isAverage ? perPod(input, used, milliValue(target.averageValue)) : byRatio(input, used, milliValue(target.value));
  if (typeof found === 'string') return fail(found);
  const current = isAverage ? { averageValue: shown(found.milli) } : { value: shown(found.milli) };
  // The real controller calls the average of an object's metric an external one.
  const name = isAverage ? externalName(metric.name, metric.selector) : `${describedObject.kind} metric ${metric.name}`;
  return { replicas: found.replicas, name, status: { type: 'Object', object: { metric, current, describedObject } } };
}

export function externalProposal(
  input: MetricInput,
  { metric, target }: NonNullable<MetricSpec['external']>,
): MetricProposal | MetricFailure {
  const { name, selector } = metric;
  const fail = (error: string, inner = ''): MetricFailure =>
    failure('FailedGetExternalMetric', error, `failed to get ${name} external metric value${inner}`);
  const { averageValue, value } = target;
  if (averageValue === undefined && value === undefined)
    return fail('invalid external metric source: neither a value target nor an average value target was set');
  const inner = averageValue === undefined ? `: failed to get external metric ${name}` : `: failed to get ${name} external metric`;
  const used = externalUse(input, name, selector);
  if (typeof used === 'string')
    return fail(`unable to get external metric ${input.namespace}/${name}/${printSelector(selector)}: ${used}`, inner);
  const found = averageValue === undefined ? byRatio(input, used, milliValue(value)) : perPod(input, used, milliValue(averageValue));
  if (typeof found === 'string') return fail(found, inner);
  const current = averageValue === undefined ? { value: shown(found.milli) } : { averageValue: shown(found.milli) };
  return { replicas: found.replicas, name: externalName(name, selector), status: { type: 'External', external: { metric, current } } };
}

interface Found {
  readonly replicas: number;
  readonly milli: number;
}

/**
 * Counterpart: getUsageRatioReplicaCount.
 * Worked example: a queue of 90, the target is 30, 2 Pods are ready: ratio 3, so ceil(3 × 2) = 6.
 */
function byRatio(input: MetricInput, usedMilli: number, targetMilli: number): Found | string {
  const { currentReplicas, tolerances } = input;
  const ratio = usedMilli / targetMilli;
  if (currentReplicas === 0) return { replicas: Math.ceil(ratio), milli: usedMilli };
  if (isWithin(tolerances, ratio)) return { replicas: currentReplicas, milli: usedMilli };
  const pods = podsOf(input);
  if (pods.length === 0) return 'unable to calculate ready pods: no pods returned by selector while calculating replica count';
  const ready = pods.filter((pod) => pod.status?.phase === 'Running' && isPodReady(pod)).length;
  return { replicas: Math.min(Math.ceil(ratio * ready), MAX_INT32), milli: usedMilli };
}

/**
 * The whole, shared out among the Pods that there are.
 * Worked example: a queue of 90, the target is 30 for each Pod: 3 Pods, however many there are now.
 */
function perPod({ statusReplicas, tolerances }: MetricInput, usedMilli: number, targetMilli: number): Found {
  const ratio = usedMilli / (targetMilli * statusReplicas);
  const replicas = isWithin(tolerances, ratio) ? statusReplicas : Math.min(Math.ceil(usedMilli / targetMilli), MAX_INT32);
  return { replicas, milli: statusReplicas === 0 ? usedMilli : Math.ceil(usedMilli / statusReplicas) };
}

const MAX_INT32 = 2_147_483_647;

const NO_CUSTOM_API = 'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';

function podValues(
  { client, namespace, nowMs }: MetricInput,
  pods: readonly Pod[],
  name: string,
  selector: LabelSelector | undefined,
): Parameters<typeof averageReplicas>[0]['metrics'] | string {
  const { own, all } = metricsOf(client, namespace, (metric) => !isExternal(metric));
  if (all.length === 0) return NO_CUSTOM_API;
  if (!isCustomName(own, name))
    return `unable to fetch metrics from custom metrics API: the server could not find the metric ${name} for pods`;
  const labels = fromLabelSelector(selector ?? {});
  const found = pods.flatMap((pod) => {
    const value = podValue(own, name, labels, pod);
    return value === undefined ? [] : [[pod.metadata.name ?? '', { milli: value.milli, at: nowMs, windowMs: WINDOW_MS }] as const];
  });
  return found.length === 0 ? 'no metrics returned from custom metrics API' : new Map(found);
}

function objectUse({ client, namespace }: MetricInput, { metric, describedObject }: NonNullable<MetricSpec['object']>): number | string {
  const { own, all } = metricsOf(client, namespace, (each) => !isExternal(each));
  if (all.length === 0) return NO_CUSTOM_API;
  const found = objectValue(own, metric.name, fromLabelSelector(metric.selector ?? {}), describedObject);
  if (found !== undefined) return found.milli;
  const strategy = client.api.catalog.strategyForKind(describedObject.apiVersion ?? 'v1', describedObject.kind);
  const { plural = describedObject.kind.toLowerCase(), group = '' } = strategy?.resource ?? {};
  const resource = group === '' ? plural : `${plural}.${group}`;
  return `unable to fetch metrics from custom metrics API: the server could not find the metric ${metric.name} for ${resource} ${describedObject.name}`;
}

function externalUse({ client, namespace }: MetricInput, name: string, selector: LabelSelector | undefined): number | string {
  const { own, all } = metricsOf(client, namespace, isExternal);
  if (all.length === 0)
    return `unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
  const values = externalValues(own, name, fromLabelSelector(selector ?? {}));
  if (values.length === 0) return 'no metrics returned from external metrics API';
  return values.reduce((sum, { milli }) => sum + milli, 0);
}

function metricsOf(
  client: MetricInput['client'],
  namespace: string,
  fits: (metric: Metric) => boolean,
): { readonly own: readonly Metric[]; readonly all: readonly Metric[] } {
  const all = client.list(METRICS).filter(fits);
  return { all, own: all.filter(({ metadata }) => metadata.namespace === namespace) };
}

function podsOf({ client, namespace, selector }: MetricInput): readonly Pod[] {
  return podsSelected(client, namespace, selector);
}

function shown(milli: number): string {
  return formatQuantity(fromMilli(milli, 'DecimalSI'));
}

function externalName(name: string, selector: LabelSelector | undefined): string {
  return `external metric ${name}(${printSelector(selector)})`;
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
