import { readClusterConfig } from '../../api/kubepad/clusterconfig/read.ts';
import { plannedOptions } from '../../cluster/options.ts';
import type { ClusterPlanSummary } from '../protocol/protocol.ts';

export function planSummary(text: string): ClusterPlanSummary {
  const plan = readClusterConfig(text);
  if ('error' in plan) return plan;
  return { preset: plan.preset, pools: Object.entries(plan.pools).map(([name, { count = 0 }]) => ({ name, nodes: count })) };
}

/**
 * What a configuration decides of a new cluster; the settings decide the rest.
 * @throws Error if the text has a fault: a plan of it was asked for first
 */
export function optionsOf(text: string): ReturnType<typeof plannedOptions> {
  const plan = readClusterConfig(text);
  if ('error' in plan) throw new Error(plan.error);
  return plannedOptions(plan);
}
