import { PODDISRUPTIONBUDGETS, PODS } from '../../../../src/api/schema/resources.ts';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import type { PodDisruptionBudget } from '../../../../src/api/schema/types/policy/v1.ts';
import { matchesLabelSelector } from '../../../../src/apimachinery/labels/selector.ts';
import type { Revision } from '../../../../src/apiserver/storage/revision.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { isReady } from './rollouts.ts';

/** How long the controller may take to see that a Pod is not healthy any more: until then the real eviction goes by old numbers, too. */
const SEEN_AFTER_MS = 50;

/**
 * Looks at every eviction that is granted, whoever asked for it: there must be more healthy Pods than the budget needs, counted from the
 * Pods themselves. How many it needs is what the disruption controller worked out last: of a Deployment's new size it hears with the next
 * change of one of its Pods only (it watches budgets and Pods), and while it is down, the numbers of before are what counts.
 */
export class BudgetWatch {
  private readonly cluster: Cluster;
  /** When health last changed, by Pod; and when the controller was last away. */
  private readonly changes = new Map<string, number>();
  private awayAt = Number.NEGATIVE_INFINITY;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  problem({ resource, object, previous, at }: Revision): string | undefined {
    if (this.cluster.simulation.switchedOff.includes('disruption-controller')) this.awayAt = at;
    if (resource !== 'pods') return undefined;
    const pod = object as Pod;
    const before = previous as Pod | undefined;
    if (before !== undefined && isEvicted(pod) && !isEvicted(before)) return this.evicted(before, at);
    if (before === undefined || isHealthy(before) !== isHealthy(pod) || before.metadata.labels !== pod.metadata.labels) {
      for (const [uid, time] of this.changes) if (time < at - SEEN_AFTER_MS) this.changes.delete(uid);
      this.changes.set(pod.metadata.uid ?? '', at);
    }
    return undefined;
  }

  private evicted(pod: Pod, at: number): string | undefined {
    const { phase } = pod.status ?? {};
    if (pod.metadata.deletionTimestamp !== undefined || phase !== 'Running') return undefined;
    if (at - this.awayAt < 1_000 || [...this.changes.values()].some((time) => time >= at - SEEN_AFTER_MS)) return undefined;
    const admin = this.cluster.admin();
    const pods = admin.list(PODS, pod.metadata.namespace);
    for (const budget of admin.list(PODDISRUPTIONBUDGETS, pod.metadata.namespace)) {
      if (!matchesLabelSelector(budget.spec?.selector, pod.metadata.labels)) continue;
      const problem = judge(budget, pods, pod);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
}

function judge({ metadata, spec, status }: PodDisruptionBudget, pods: readonly Pod[], pod: Pod): string | undefined {
  const healthy = pods.filter(
    (each) => matchesLabelSelector(spec?.selector, each.metadata.labels) && isHealthy(each) && each.metadata.uid !== pod.metadata.uid,
  ).length;
  const needed = typeof spec?.minAvailable === 'number' ? spec.minAvailable : (status?.desiredHealthy ?? 0);
  if (!isReady(pod) && spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return undefined;
  if (healthy >= needed) return undefined;
  return `${pod.metadata.name} was evicted: ${healthy} healthy ones are left, ${metadata.name} needs ${needed}`;
}

function isHealthy(pod: Pod): boolean {
  return isReady(pod) && pod.metadata.deletionTimestamp === undefined && !isEvicted(pod);
}

function isEvicted({ status }: Pod): boolean {
  return status?.conditions?.some(({ reason }) => reason === 'EvictionByEvictionAPI') === true;
}
