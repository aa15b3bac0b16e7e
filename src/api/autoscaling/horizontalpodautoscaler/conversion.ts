/**
 * autoscaling/v1 knows one metric only. What it has no field for stands in annotations, so that nothing is lost on the
 * way from v2 to v1 and back.
 * Counterpart: k8s.io/kubernetes/pkg/apis/autoscaling/v1 (conversion.go).
 */
import type { HorizontalPodAutoscaler as V1 } from '../../schema/types/autoscaling/v1.ts';
import type {
  HorizontalPodAutoscaler as V2,
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerCondition,
  MetricSpec,
  MetricStatus,
} from '../../schema/types/autoscaling/v2.ts';
import { fromBehavior, fromSpec, fromStatus, toBehavior, toSpec, toStatus } from './annotated.ts';
import { DEFAULT_CPU_UTILIZATION } from './defaults.ts';

const PREFIX = 'autoscaling.alpha.kubernetes.io';
const METRICS = `${PREFIX}/metrics`;
const CURRENT_METRICS = `${PREFIX}/current-metrics`;
const BEHAVIOR = `${PREFIX}/behavior`;
const CONDITIONS = `${PREFIX}/conditions`;
const CARRIERS: readonly string[] = [METRICS, CURRENT_METRICS, BEHAVIOR, CONDITIONS];

export function toV1(autoscaler: V2): V1 {
  const { spec, status, metadata, ...rest } = autoscaler;
  const { metrics = [], behavior, ...same } = spec;
  const cpu = metrics.find(isCPUUtilization)?.resource?.target.averageUtilization;
  const others = metrics.filter((metric) => !isCPUUtilization(metric));
  const { conditions = [], currentMetrics = [], currentReplicas = 0, ...counts } = status ?? { desiredReplicas: 0 };
  const currentCPU = currentMetrics.findLast(isCurrentCPU)?.resource?.current.averageUtilization;
  const annotations = { ...withoutCarriers(metadata.annotations) };
  if (others.length > 0) annotations[METRICS] = JSON.stringify(others.map(fromSpec));
  if (currentMetrics.length > 0) annotations[CURRENT_METRICS] = JSON.stringify(currentMetrics.map(fromStatus));
  if (behavior !== undefined) annotations[BEHAVIOR] = JSON.stringify(fromBehavior(behavior));
  if (conditions.length > 0) annotations[CONDITIONS] = JSON.stringify(conditions);
  return {
    ...rest,
    apiVersion: 'autoscaling/v1',
    metadata: withAnnotations(metadata, annotations),
    spec: { ...same, ...(cpu === undefined ? {} : { targetCPUUtilizationPercentage: cpu }) },
    status: { ...counts, currentReplicas, ...(currentCPU === undefined ? {} : { currentCPUUtilizationPercentage: currentCPU }) },
  };
}

export function toV2(autoscaler: V1): V2 {
  const { spec, status, metadata, ...rest } = autoscaler;
  const { targetCPUUtilizationPercentage: cpu, ...same } = spec;
  const { currentCPUUtilizationPercentage: currentCPU, ...counts } = status ?? { currentReplicas: 0, desiredReplicas: 0 };
  const annotated = metadata.annotations ?? {};
  const metrics = [...(listIn(annotated[METRICS])?.map(toSpec) ?? []), ...(cpu === undefined ? [] : [cpuMetric(cpu)])];
  const behavior = toBehavior(parsed(annotated[BEHAVIOR])) as HorizontalPodAutoscalerBehavior | undefined;
  const currentMetrics =
    listIn(annotated[CURRENT_METRICS])?.map(toStatus) ?? (currentCPU === undefined ? [] : [currentCPUMetric(currentCPU)]);
  const conditions = listIn(annotated[CONDITIONS]) as readonly HorizontalPodAutoscalerCondition[] | undefined;
  return {
    ...rest,
    apiVersion: 'autoscaling/v2',
    metadata: withAnnotations(metadata, withoutCarriers(metadata.annotations)),
    spec: { ...same, metrics: metrics.length === 0 ? [cpuMetric(DEFAULT_CPU_UTILIZATION)] : metrics, ...(behavior && { behavior }) },
    status: { ...counts, ...(currentMetrics.length > 0 && { currentMetrics }), ...(conditions && { conditions }) },
  };
}

function isCPUUtilization({ type, resource }: MetricSpec): boolean {
  return type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;
}

function isCurrentCPU({ type, resource }: MetricStatus): boolean {
  return type === 'Resource' && resource?.name === 'cpu' && resource.current.averageUtilization !== undefined;
}

function cpuMetric(averageUtilization: number): MetricSpec {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } };
}

function currentCPUMetric(averageUtilization: number): MetricStatus {
  return { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization } } };
}

type Annotations = Readonly<Record<string, string>>;

function withoutCarriers(annotations: Annotations | undefined): Annotations | undefined {
  if (annotations === undefined || !CARRIERS.some((name) => name in annotations)) return annotations;
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => !CARRIERS.includes(name)));
}

function withAnnotations(metadata: V1['metadata'], annotations: Annotations | undefined): V1['metadata'] {
  const { annotations: _, ...rest } = metadata;
  return annotations === undefined || Object.keys(annotations).length === 0 ? rest : { ...rest, annotations };
}

/** What cannot be read is passed over: anybody may write annotations. */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listIn(text: string | undefined): readonly Readonly<Record<string, unknown>>[] | undefined {
  const list = parsed(text);
  if (!Array.isArray(list)) return undefined;
  return list.filter((item): item is Readonly<Record<string, unknown>> => typeof item === 'object' && item !== null);
}
