/**
 * Metrics and behavior as they stand in annotations of autoscaling/v1: in the form that v2alpha1 once had, and, for the
 * behavior, in the server's own.
 */
import { compact } from '../../../base/json.ts';
import type {
  HPAScalingPolicy,
  HPAScalingRules,
  HorizontalPodAutoscalerBehavior,
  MetricSpec,
  MetricStatus,
  MetricTarget,
} from '../../schema/types/autoscaling/v2.ts';

type Bag = Readonly<Record<string, unknown>>;

export function fromSpec({ type, object, pods, resource, containerResource, external }: MetricSpec): Bag {
  const utilization = (target: MetricTarget | undefined): Bag => ({
    targetAverageUtilization: target?.averageUtilization,
    targetAverageValue: target?.averageValue,
  });
  return compact({
    type,
    object:
      object &&
      compact({
        target: object.describedObject,
        metricName: object.metric.name,
        targetValue: object.target.value ?? '0',
        selector: object.metric.selector,
        averageValue: object.target.averageValue,
      }),
    pods:
      pods &&
      compact({ metricName: pods.metric.name, targetAverageValue: pods.target.averageValue ?? '0', selector: pods.metric.selector }),
    resource: resource && compact({ name: resource.name, ...utilization(resource.target) }),
    containerResource:
      containerResource &&
      compact({ name: containerResource.name, ...utilization(containerResource.target), container: containerResource.container }),
    external:
      external &&
      compact({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        targetValue: external.target.value,
        targetAverageValue: external.target.averageValue,
      }),
  });
}

export function toSpec(bag: Bag): MetricSpec {
  const { object, pods, resource, containerResource, external } = bag as { readonly [source: string]: Bag | undefined };
  return compact({
    type: bag['type'] ?? '',
    object: object && {
      describedObject: object['target'],
      metric: identifier(object['metricName'], object['selector']),
      target:
        object['averageValue'] === undefined
          ? { type: 'Value', value: object['targetValue'] }
          : { type: 'AverageValue', averageValue: object['averageValue'] },
    },
    pods: pods && {
      metric: identifier(pods['metricName'], pods['selector']),
      target: { type: 'AverageValue', averageValue: pods['targetAverageValue'] },
    },
    resource: resource && { name: resource['name'], target: resourceTarget(resource) },
    containerResource: containerResource && {
      name: containerResource['name'],
      container: containerResource['container'],
      target: resourceTarget(containerResource),
    },
    external: external && {
      metric: identifier(external['metricName'], external['metricSelector']),
      target:
        external['targetValue'] === undefined
          ? { type: 'AverageValue', averageValue: external['targetAverageValue'] }
          : { type: 'Value', value: external['targetValue'] },
    },
  }) as unknown as MetricSpec;
}

export function fromStatus({ type, object, pods, resource, containerResource, external }: MetricStatus): Bag {
  return compact({
    type,
    object:
      object &&
      compact({
        target: object.describedObject,
        metricName: object.metric.name,
        currentValue: object.current.value ?? '0',
        selector: object.metric.selector,
        averageValue: object.current.averageValue,
      }),
    pods:
      pods &&
      compact({ metricName: pods.metric.name, currentAverageValue: pods.current.averageValue ?? '0', selector: pods.metric.selector }),
    resource:
      resource &&
      compact({
        name: resource.name,
        currentAverageUtilization: resource.current.averageUtilization,
        currentAverageValue: resource.current.averageValue ?? '0',
      }),
    containerResource:
      containerResource &&
      compact({
        name: containerResource.name,
        currentAverageUtilization: containerResource.current.averageUtilization,
        currentAverageValue: containerResource.current.averageValue ?? '0',
        container: containerResource.container,
      }),
    external:
      external &&
      compact({
        metricName: external.metric.name,
        metricSelector: external.metric.selector,
        currentValue: external.current.value ?? '0',
        currentAverageValue: external.current.averageValue,
      }),
  });
}

export function toStatus(bag: Bag): MetricStatus {
  const { object, pods, resource, containerResource, external } = bag as { readonly [source: string]: Bag | undefined };
  const current = (holder: Bag): Bag =>
    compact({ averageUtilization: holder['currentAverageUtilization'], averageValue: holder['currentAverageValue'] });
  return compact({
    type: bag['type'] ?? '',
    object: object && {
      describedObject: object['target'],
      metric: identifier(object['metricName'], object['selector']),
      current: compact({ value: object['currentValue'], averageValue: object['averageValue'] }),
    },
    pods: pods && { metric: identifier(pods['metricName'], pods['selector']), current: current(pods) },
    resource: resource && { name: resource['name'], current: current(resource) },
    containerResource: containerResource && {
      name: containerResource['name'],
      container: containerResource['container'],
      current: current(containerResource),
    },
    external: external && {
      metric: identifier(external['metricName'], external['metricSelector']),
      current: compact({ value: external['currentValue'], averageValue: external['currentAverageValue'] }),
    },
  }) as unknown as MetricStatus;
}

/** The server's own form: Go names, nulls for what is not set. */
export function fromBehavior({ scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior): Bag {
  return { ScaleUp: fromRules(scaleUp), ScaleDown: fromRules(scaleDown) };
}

export function toBehavior(value: unknown): Bag | undefined {
  const [up, down] = [rulesIn(value, 'ScaleUp'), rulesIn(value, 'ScaleDown')];
  return up === undefined && down === undefined ? undefined : compact({ scaleUp: up, scaleDown: down });
}

function fromRules(rules: HPAScalingRules | undefined): unknown {
  if (rules === undefined) return null;
  const { stabilizationWindowSeconds, selectPolicy, policies, tolerance } = rules;
  return {
    StabilizationWindowSeconds: stabilizationWindowSeconds ?? null,
    SelectPolicy: selectPolicy ?? null,
    Policies: policies?.map(({ type, value, periodSeconds }) => ({ Type: type, Value: value, PeriodSeconds: periodSeconds })) ?? null,
    Tolerance: tolerance ?? null,
  };
}

function rulesIn(value: unknown, name: string): Bag | undefined {
  const rules = isBag(value) ? value[name] : undefined;
  if (!isBag(rules)) return undefined;
  const policies = Array.isArray(rules['Policies']) ? rules['Policies'].filter(isBag) : undefined;
  return compact({
    stabilizationWindowSeconds: rules['StabilizationWindowSeconds'] ?? undefined,
    selectPolicy: rules['SelectPolicy'] ?? undefined,
    policies: policies?.map((policy): HPAScalingPolicy => ({
      type: String(policy['Type'] ?? ''),
      value: Number(policy['Value'] ?? 0),
      periodSeconds: Number(policy['PeriodSeconds'] ?? 0),
    })),
    tolerance: rules['Tolerance'] ?? undefined,
  });
}

function identifier(name: unknown, selector: unknown): Bag {
  return compact({ name: name ?? '', selector });
}

function resourceTarget(holder: Bag): Bag {
  const averageUtilization = holder['targetAverageUtilization'];
  if (averageUtilization !== undefined)
    return compact({ type: 'Utilization', averageUtilization, averageValue: holder['targetAverageValue'] });
  return compact({ type: 'AverageValue', averageValue: holder['targetAverageValue'] });
}

function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
