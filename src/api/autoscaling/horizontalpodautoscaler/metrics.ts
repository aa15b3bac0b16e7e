/** By what an autoscaler goes. Counterpart: validateMetrics of k8s.io/kubernetes/pkg/apis/autoscaling/validation. */
import { forbidden, invalid, notSupported, required, type FieldError } from '../../../apimachinery/field/error.ts';
import type { Path } from '../../../apimachinery/field/path.ts';
import { quantity } from '../../../apimachinery/quantity/quantity.ts';
import { isDNS1123Label, isPathSegmentName } from '../../../apimachinery/validation/names.ts';
import { validateContainerResourceName } from '../../core/pod/resourceNames.ts';
import type { HorizontalPodAutoscalerSpec, MetricIdentifier, MetricSpec, MetricTarget } from '../../schema/types/autoscaling/v2.ts';
import { validateReference, type APIVersionRule } from './reference.ts';

export function validateMetrics(errors: FieldError[], spec: HorizontalPodAutoscalerSpec, rule: APIVersionRule, path: Path): void {
  const metrics = spec.metrics ?? [];
  for (const [index, metric] of metrics.entries()) validateMetric(errors, metric, rule, path.index(index));
  if (spec.minReplicas !== 0 || metrics.some(({ type }) => type === 'Object' || type === 'External')) return;
  errors.push(forbidden(path, 'must specify at least one Object or External metric to support scaling to zero replicas'));
}

/** In the order in which the server looks for them. */
const SOURCES = ['object', 'external', 'pods', 'resource', 'containerResource'] as const;
type Source = (typeof SOURCES)[number];
const SOURCE_OF: Readonly<Record<string, Source>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};
const TYPES = Object.keys(SOURCE_OF);

/** One source only, that of the type. Of several the first is looked at. */
function validateMetric(errors: FieldError[], metric: MetricSpec, rule: APIVersionRule, path: Path): void {
  const type = (metric.type as string | undefined) ?? '';
  if (type === '') errors.push(required(path.child('type'), 'must specify a metric source type'));
  const expected = SOURCE_OF[type];
  if (expected === undefined) errors.push(notSupported(path.child('type'), type, TYPES));
  const given = SOURCES.filter((source) => metric[source] !== undefined);
  const [first] = given;
  if (first !== undefined) validateSource(errors, metric, first, rule, path.child(first));
  if (expected === undefined) errors.push(notSupported(path.child('type'), type, TYPES));
  else if (metric[expected] === undefined) {
    errors.push(required(path.child(expected), 'must populate information for the given metric source'));
  }
  if (given.length === 1) return;
  for (const source of given) {
    if (source !== expected) errors.push(forbidden(path.child(source), 'must populate the given metric source only'));
  }
}

function validateSource(errors: FieldError[], metric: MetricSpec, source: Source, rule: APIVersionRule, path: Path): void {
  const { object, external, pods, resource, containerResource } = metric;
  switch (source) {
    case 'object':
      validateReference(errors, object?.describedObject ?? { kind: '', name: '' }, rule, path.child('describedObject'));
      validateMeasured(errors, object?.metric, object?.target, path);
      requireOne(errors, object?.target, ['value', 'averageValue'], 'averageValue', 'must set either a target value or averageValue', path);
      break;
    case 'external': {
      const text = 'must set either a target value for metric or a per-pod target';
      validateMeasured(errors, external?.metric, external?.target, path);
      requireOne(errors, external?.target, ['value', 'averageValue'], 'averageValue', text, path);
      forbidBoth(
        errors,
        external?.target,
        ['value', 'averageValue'],
        'may not set both a target value for metric and a per-pod target',
        path,
      );
      break;
    }
    case 'pods':
      validateMeasured(errors, pods?.metric, pods?.target, path);
      requireOne(errors, pods?.target, ['averageValue'], 'averageValue', 'must specify a positive target averageValue', path);
      break;
    case 'containerResource':
      if (!requireText(errors, containerResource?.name, 'must specify a resource name', path.child('name'))) {
        validateContainerResourceName(errors, containerResource?.name ?? '', path.child('name'));
      }
      if (!requireText(errors, containerResource?.container, 'must specify a container', path.child('container'))) {
        const name = containerResource?.container ?? '';
        for (const text of isDNS1123Label(name)) errors.push(invalid(path.child('container'), name, text));
      }
      validateResourceTarget(errors, containerResource?.target, path);
      break;
    case 'resource':
      requireText(errors, resource?.name, 'must specify a resource name', path.child('name'));
      validateResourceTarget(errors, resource?.target, path);
  }
}

/** Returns whether the text is missing. */
function requireText(errors: FieldError[], value: string | undefined, text: string, path: Path): boolean {
  const isMissing = (value ?? '') === '';
  if (isMissing) errors.push(required(path, text));
  return isMissing;
}

function validateMeasured(errors: FieldError[], metric: MetricIdentifier | undefined, target: MetricTarget | undefined, path: Path): void {
  const at = path.child('metric', 'name');
  const name = metric?.name ?? '';
  if (!requireText(errors, name, 'must specify a metric name', at)) {
    for (const text of isPathSegmentName(name)) errors.push(invalid(at, name, text));
  }
  validateTarget(errors, target, path.child('target'));
}

function validateResourceTarget(errors: FieldError[], target: MetricTarget | undefined, path: Path): void {
  const either = ['averageUtilization', 'averageValue'] as const;
  validateTarget(errors, target, path.child('target'));
  requireOne(errors, target, either, 'averageUtilization', 'must set either a target raw value or a target utilization', path);
  forbidBoth(errors, target, ['averageValue', 'averageUtilization'], 'may not set both a target raw value and a target utilization', path);
}

function validateTarget(errors: FieldError[], target: Partial<MetricTarget> | undefined, path: Path): void {
  const { type = '', averageUtilization } = target ?? {};
  if (type === '') errors.push(required(path.child('type'), 'must specify a metric target type'));
  if (!TARGETS.includes(type)) errors.push(invalid(path.child('type'), type, 'must be either Utilization, Value, or AverageValue'));
  for (const name of ['value', 'averageValue'] as const) {
    const value = target?.[name];
    if (value !== undefined && quantity(value).nano <= 0n) errors.push(invalid(path.child(name), value, 'must be positive'));
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(invalid(path.child('averageUtilization'), averageUtilization, 'must be greater than 0'));
  }
}

type Goal = 'value' | 'averageValue' | 'averageUtilization';

function requireOne(
  errors: FieldError[],
  target: MetricTarget | undefined,
  goals: readonly Goal[],
  named: Goal,
  text: string,
  path: Path,
): void {
  if (goals.every((goal) => target?.[goal] === undefined)) errors.push(required(path.child('target', named), text));
}

function forbidBoth(
  errors: FieldError[],
  target: MetricTarget | undefined,
  [named, other]: readonly [Goal, Goal],
  text: string,
  path: Path,
): void {
  if (target?.[named] !== undefined && target[other] !== undefined) errors.push(forbidden(path.child('target', named), text));
}

const TARGETS: readonly string[] = ['Utilization', 'Value', 'AverageValue'];
