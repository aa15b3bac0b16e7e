/**
 * Metric: a value that autoscalers read, as an object that the user sets: of Pods, of one object, or of something outside the cluster.
 * Invariant: it stands for what an adapter would serve; nothing measures it. Counterpart: none in Kubernetes; the values of
 * custom.metrics.k8s.io and external.metrics.k8s.io come from adapters there.
 */
import { forbidden, invalid, required, type ErrorList, type FieldError } from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { validateLabels, validateLabelSelector } from '../../../apimachinery/labels/validation.ts';
import { formatLabelSelector } from '../../../apimachinery/labels/selector.ts';
import { parseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { isPathSegmentName } from '../../../apimachinery/validation/names.ts';
import { nameIsDNSSubdomain } from '../../../apimachinery/validation/objectNames.ts';
import { age, AGE, NAME, text } from '../../columns.ts';
import type { Strategy } from '../../strategy.ts';
import { METRICS, type Metric } from '../types.ts';
import { metricName } from './lookup.ts';

export const METRIC_STRATEGY: Strategy<Metric> = {
  resource: METRICS,
  singular: 'metric',
  shortNames: [],
  categories: [],
  tracksGeneration: true,
  allowCreateOnUpdate: false,
  allowUnconditionalUpdate: true,
  validateName: nameIsDNSSubdomain,
  validate: validateMetric,
  validateUpdate: validateMetric,
  defaultPropagation: 'Background',
  table: {
    columns: [NAME, text('Metric'), text('Of'), text('Value'), AGE],
    cells: (metric, nowMs) => [
      metric.metadata.name ?? '',
      metricName(metric),
      subjectText(metric),
      metric.spec?.value ?? '',
      age(metric, nowMs),
    ],
  },
};

function subjectText({ spec }: Metric): string {
  if (spec?.describedObject !== undefined) return `${spec.describedObject.kind}/${spec.describedObject.name}`;
  return spec?.pods === undefined ? '<external>' : `pods ${formatLabelSelector(spec.pods.selector)}`.trim();
}

const SPEC = Path.of('spec');

function validateMetric({ spec }: Metric): ErrorList {
  const errors: FieldError[] = [];
  const { name, labels, value, pods, describedObject } = spec ?? {};
  if (name !== undefined) for (const problem of isPathSegmentName(name)) errors.push(invalid(SPEC.child('name'), name, problem));
  errors.push(...validateLabels(labels, SPEC.child('labels')));
  if (value === undefined) errors.push(required(SPEC.child('value'), ''));
  else {
    const parsed = parseQuantity(value);
    if ('error' in parsed) errors.push(invalid(SPEC.child('value'), value, parsed.error));
  }
  if (pods !== undefined) {
    if (describedObject !== undefined) errors.push(forbidden(SPEC.child('pods'), 'may not be set together with `describedObject`'));
    errors.push(...validateLabelSelector(pods.selector, SPEC.child('pods', 'selector')));
  }
  for (const field of ['kind', 'name'] as const)
    if (describedObject !== undefined && (describedObject[field] ?? '') === '')
      errors.push(required(SPEC.child('describedObject', field), ''));
  return errors;
}
