/**
 * What the Metrics of a namespace say to a question of an autoscaler or of a reader of the two metrics APIs.
 * Invariant: pure; the first Metric by name that fits answers, one that names the very object before one that names many Pods.
 */
import { matches, matchesLabelSelector, type Selector } from '../../../apimachinery/labels/selector.ts';
import { quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { Pod } from '../../schema/types/core/v1.ts';
import type { Metric, MetricObject } from '../types.ts';

export interface MetricValue {
  readonly metric: Metric;
  readonly milli: number;
}

export function metricName({ metadata, spec }: Metric): string {
  return spec?.name ?? metadata.name ?? '';
}

/** Whether it is of something outside the cluster, so served by external.metrics.k8s.io. */
export function isExternal({ spec }: Metric): boolean {
  return spec?.pods === undefined && spec?.describedObject === undefined;
}

/** All values of that name and those labels. */
export function externalValues(metrics: readonly Metric[], name: string, labels: Selector): readonly MetricValue[] {
  return named(metrics, name, labels).filter(isExternal).map(withValue);
}

export function objectValue(metrics: readonly Metric[], name: string, labels: Selector, object: MetricObject): MetricValue | undefined {
  const found = named(metrics, name, labels).find(
    ({ spec }) => spec?.describedObject !== undefined && isSame(spec.describedObject, object),
  );
  return found === undefined ? undefined : withValue(found);
}

export function podValue(metrics: readonly Metric[], name: string, labels: Selector, { metadata }: Pod): MetricValue | undefined {
  const own = objectValue(metrics, name, labels, { kind: 'Pod', name: metadata.name ?? '' });
  if (own !== undefined) return own;
  const found = named(metrics, name, labels).find(
    ({ spec }) => spec?.pods !== undefined && matchesLabelSelector(spec.pods.selector ?? {}, metadata.labels),
  );
  return found === undefined ? undefined : withValue(found);
}

/** Whether any Metric of the namespace has the name and is no external one. */
export function isCustomName(metrics: readonly Metric[], name: string): boolean {
  return metrics.some((metric) => !isExternal(metric) && metricName(metric) === name);
}

function named(metrics: readonly Metric[], name: string, labels: Selector): readonly Metric[] {
  return metrics.filter((metric) => metricName(metric) === name && matches(labels, metric.spec?.labels));
}

function withValue(metric: Metric): MetricValue {
  return { metric, milli: quantity(metric.spec?.value ?? '0').milli };
}

/** Versions of a kind are one kind; who names no group means any. */
function isSame(left: MetricObject, right: MetricObject): boolean {
  if (left.kind !== right.kind || left.name !== right.name) return false;
  return left.apiVersion === undefined || right.apiVersion === undefined || groupOf(left.apiVersion) === groupOf(right.apiVersion);
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}
