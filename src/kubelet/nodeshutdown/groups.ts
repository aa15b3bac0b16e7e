import { parseDuration } from '../../api/kubepad/duration.ts';
import type { ShutdownPeriods } from '../../api/kubepad/shutdown.ts';
import type { FaultSpec } from '../../api/kubepad/types.ts';

/** Pods of this priority and more get so long, all together. */
export interface ShutdownGroup {
  readonly priority: number;
  readonly seconds: number;
}

/** From this priority on a Pod is critical: the lower of the system's own classes. */
const CRITICAL_PRIORITY = 2_000_000_000;
/** What the documentation of Kubernetes takes as its example. */
const DEFAULT_PERIOD = '30s';
const DEFAULT_CRITICAL_PERIOD = '10s';

/**
 * In which order a node that shuts down ends its Pods, the least important first, and how long each group gets.
 * Worked example: `shutdownGracePeriod: 30s` and `shutdownGracePeriodCriticalPods: 10s` give 20 s to all others, then 10 s to critical Pods.
 * What the shutdown itself says goes before the configuration of the machine's kubelet.
 * Counterpart: migrateConfig and groupByPriority of k8s.io/kubernetes/pkg/kubelet/nodeshutdown.
 */
export function shutdownGroups(spec: FaultSpec | undefined, configuration: ShutdownPeriods = {}): readonly ShutdownGroup[] {
  const isConfigured = !isGiven(spec ?? {}) && isGiven(configuration);
  const given = isConfigured ? configuration : (spec ?? {});
  const byPriority = given.shutdownGracePeriodByPodPriority ?? [];
  if (byPriority.length > 0) {
    return byPriority
      .map(({ priority, shutdownGracePeriodSeconds: seconds }) => ({ priority: priority ?? 0, seconds: seconds ?? 0 }))
      .toSorted((a, b) => a.priority - b.priority);
  }
  // What a configuration leaves out is zero.
  const total = secondsOf(given.shutdownGracePeriod ?? (isConfigured ? '0' : DEFAULT_PERIOD));
  const critical = Math.min(secondsOf(given.shutdownGracePeriodCriticalPods ?? (isConfigured ? '0' : DEFAULT_CRITICAL_PERIOD)), total);
  const groups: ShutdownGroup[] = [{ priority: 0, seconds: total - critical }];
  if (critical > 0) groups.push({ priority: CRITICAL_PRIORITY, seconds: critical });
  return groups;
}

/** The group whose priority is the nearest that is not above the Pod's; what is below all belongs to the first. */
export function groupOf(groups: readonly ShutdownGroup[], priority: number): number {
  return Math.max(
    groups.findLastIndex((group) => group.priority <= priority),
    0,
  );
}

function isGiven(periods: ShutdownPeriods): boolean {
  return (
    periods.shutdownGracePeriod !== undefined ||
    periods.shutdownGracePeriodCriticalPods !== undefined ||
    periods.shutdownGracePeriodByPodPriority !== undefined
  );
}

function secondsOf(text: string): number {
  return Math.floor((parseDuration(text) ?? 0) / 1000);
}
