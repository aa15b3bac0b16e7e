import type { Pod } from '../../api/schema/types/core/v1.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import { quantity } from '../../apimachinery/quantity/quantity.ts';
import type { PodMetric, PodMetrics } from './metricsClient.ts';

/** A starting Pod burns CPU that says nothing of its load. */
const CPU_INITIALIZATION_MS = 300_000;
/** A Pod that turned unready only after this long has once been ready. */
const INITIAL_READINESS_MS = 30_000;

/** The Pods of a target by what their metrics are worth; by name. */
export interface PodGroups {
  readonly ready: number;
  readonly unready: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
  readonly ignored: ReadonlySet<string>;
}

/** Counterpart: groupPods of k8s.io/kubernetes/pkg/controller/podautoscaler. */
export function groupPods(pods: readonly Pod[], metrics: PodMetrics, resource: string, nowMs: number): PodGroups {
  const [unready, missing, ignored] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let ready = 0;
  for (const pod of pods) {
    const { name = '', deletionTimestamp } = pod.metadata;
    const metric = metrics.get(name);
    if (deletionTimestamp !== undefined || pod.status?.phase === 'Failed') ignored.add(name);
    else if (pod.status?.phase === 'Pending') unready.add(name);
    else if (metric === undefined) missing.add(name);
    else if (resource === 'cpu' && isUnready(pod, metric, nowMs)) unready.add(name);
    else ready++;
  }
  return { ready, unready, missing, ignored };
}

function isUnready({ status }: Pod, metric: PodMetric, nowMs: number): boolean {
  const condition = status?.conditions?.find(({ type }) => type === 'Ready');
  if (condition === undefined || status?.startTime === undefined) return true;
  const started = parseTime(status.startTime);
  const turned = condition.lastTransitionTime === undefined ? 0 : parseTime(condition.lastTransitionTime);
  if (started + CPU_INITIALIZATION_MS > nowMs) return condition.status === 'False' || metric.at < turned + metric.windowMs;
  return condition.status === 'False' && started + INITIAL_READINESS_MS > turned;
}

/**
 * By Pod, what its containers (or the one) ask for, in thousandths; the text of an error if one does not say.
 * Counterpart: calculateRequests.
 */
export function requestsOf(pods: readonly Pod[], container: string | undefined, resource: string): ReadonlyMap<string, number> | string {
  const found = new Map<string, number>();
  for (const { metadata, spec } of pods) {
    const { name = '' } = metadata;
    const whole = container === undefined ? spec?.resources?.requests?.[resource] : undefined;
    if (whole !== undefined) {
      found.set(name, quantity(whole).milli);
      continue;
    }
    const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
    let sum = 0;
    for (const each of [...(spec?.containers ?? []), ...sidecars]) {
      if (container !== undefined && each.name !== container) continue;
      const request = each.resources?.requests?.[resource];
      if (request === undefined) return `missing request for ${resource} in container ${each.name} of Pod ${name}`;
      sum += quantity(request).milli;
    }
    found.set(name, sum);
  }
  return found;
}
