/** Who changes how many Pods there are: an autoscaler with what it measures, and the budget that holds evictions up. */
import type { UnknownObject } from '../../apimachinery/meta/resource.ts';
import { formatLabelSelector } from '../../apimachinery/labels/selector.ts';
import type { HorizontalPodAutoscaler, HPAScalingRules, MetricSpec, MetricStatus } from '../../api/schema/types/autoscaling/v2.ts';
import type { PodDisruptionBudget } from '../../api/schema/types/policy/v1.ts';
import { aligned, entries, longTime } from './tabs.ts';

const UNKNOWN = '<unknown>';

export function describeAutoscaler(object: UnknownObject): readonly string[] {
  const { metadata, spec, status } = object as unknown as HorizontalPodAutoscaler;
  const conditions = status?.conditions ?? [];
  return aligned([
    `Name:\t${metadata.name ?? ''}`,
    `Namespace:\t${metadata.namespace ?? ''}`,
    ...entries('Labels', metadata.labels),
    ...entries('Annotations', metadata.annotations, ': '),
    ...(metadata.creationTimestamp === undefined ? [] : [`CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`]),
    `Reference:\t${spec?.scaleTargetRef.kind ?? ''}/${spec?.scaleTargetRef.name ?? ''}`,
    'Metrics:\t( current / target )',
    ...(spec?.metrics ?? []).map((metric, index) => `  ${metricLine(metric, status?.currentMetrics?.[index])}`),
    `Min replicas:\t${spec?.minReplicas ?? '<unset>'}`,
    `Max replicas:\t${spec?.maxReplicas ?? 0}`,
    ...(spec?.behavior === undefined
      ? []
      : ['Behavior:', ...ruleLines('Scale Up', spec.behavior.scaleUp), ...ruleLines('Scale Down', spec.behavior.scaleDown)]),
    `${spec?.scaleTargetRef.kind ?? ''} pods:\t${status?.currentReplicas ?? 0} current / ${status?.desiredReplicas ?? 0} desired`,
    ...(conditions.length === 0
      ? []
      : [
          'Conditions:',
          '  Type\tStatus\tReason\tMessage',
          '  ----\t------\t------\t-------',
          ...conditions.map(({ type, status: is, reason = '', message = '' }) => `  ${type}\t${is}\t${reason}\t${message}`),
        ]),
  ]);
}

function metricLine({ external, pods, object, resource, containerResource }: MetricSpec, status: MetricStatus | undefined): string {
  if (external !== undefined) {
    const current = status?.external?.current;
    return external.target.averageValue === undefined
      ? `"${external.metric.name}" (target value):\t${current?.value ?? UNKNOWN} / ${external.target.value ?? ''}`
      : `"${external.metric.name}" (target average value):\t${current?.averageValue ?? UNKNOWN} / ${external.target.averageValue}`;
  }
  if (pods !== undefined)
    return `"${pods.metric.name}" on pods:\t${status?.pods?.current.averageValue ?? UNKNOWN} / ${pods.target.averageValue ?? ''}`;
  if (object !== undefined) {
    const { kind, name } = object.describedObject;
    const current = status?.object?.current;
    return object.target.averageValue === undefined
      ? `"${object.metric.name}" on ${kind}/${name} (target value):\t${current?.value ?? UNKNOWN} / ${object.target.value ?? ''}`
      : `"${object.metric.name}" on ${kind}/${name} (target average value):\t${current?.averageValue ?? UNKNOWN} / ${object.target.averageValue}`;
  }
  const source = resource ?? containerResource;
  if (source === undefined) return UNKNOWN;
  const of = containerResource === undefined ? '' : ` of container "${containerResource.container}"`;
  const current = (resource === undefined ? status?.containerResource : status?.resource)?.current;
  if (source.target.averageValue !== undefined)
    return `resource ${source.name}${of} on pods:\t${current?.averageValue ?? UNKNOWN} / ${source.target.averageValue}`;
  const used = current?.averageUtilization === undefined ? UNKNOWN : `${current.averageUtilization}% (${current.averageValue ?? UNKNOWN})`;
  return `resource ${source.name}${of} on pods  (as a percentage of request):\t${used} / ${source.target.averageUtilization ?? ''}%`;
}

function ruleLines(name: string, rules: HPAScalingRules | undefined): readonly string[] {
  if (rules === undefined) return [];
  const { stabilizationWindowSeconds, selectPolicy, policies = [] } = rules;
  return [
    `  ${name}:`,
    ...(stabilizationWindowSeconds === undefined ? [] : [`    Stabilization Window: ${stabilizationWindowSeconds} seconds`]),
    ...(selectPolicy === undefined ? [] : [`    Select Policy: ${selectPolicy}`]),
    ...(policies.length === 0
      ? []
      : [
          '    Policies:',
          ...policies.map(({ type, value, periodSeconds }) => `      - Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`),
        ]),
  ];
}

export function describeBudget(object: UnknownObject): readonly string[] {
  const { metadata, spec, status } = object as unknown as PodDisruptionBudget;
  const bound =
    spec?.minAvailable === undefined ? `Max unavailable:\t${spec?.maxUnavailable ?? ''}` : `Min available:\t${spec.minAvailable}`;
  return aligned([
    `Name:\t${metadata.name ?? ''}`,
    `Namespace:\t${metadata.namespace ?? ''}`,
    bound,
    `Selector:\t${spec?.selector === undefined ? '<unset>' : formatLabelSelector(spec.selector)}`,
    'Status:',
    `    Allowed disruptions:\t${status?.disruptionsAllowed ?? 0}`,
    `    Current:\t${status?.currentHealthy ?? 0}`,
    `    Desired:\t${status?.desiredHealthy ?? 0}`,
    `    Total:\t${status?.expectedPods ?? 0}`,
  ]);
}
