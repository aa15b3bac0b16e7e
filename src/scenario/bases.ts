/** Clusters that are up already, one for each way to make one: a run begins as a fork of such a cluster, which takes a tenth of the time. */
import { Cluster, type ClusterCheckpoint } from '../cluster/cluster.ts';
import type { ClusterPlan } from '../api/kubepad/clusterconfig/read.ts';
import { ADDONS, plannedOptions, PRESET_NAMES, type ClusterOptions } from '../cluster/options.ts';
import type { ScenarioCluster } from './types.ts';

const START = Date.parse('2026-01-05T00:00:00Z');
/** By then machines have come up, or never will by themselves. */
const COME_UP_LIMIT_MS = 10 * 60_000;
/** A checkpoint of a small cluster is a megabyte or two. */
const MAX_KEPT = 16;

export class ClusterBases {
  private readonly kept = new Map<string, ClusterCheckpoint>();

  /** A cluster of its own for the caller, settled. */
  cluster(wanted: ScenarioCluster, plan: ClusterPlan | undefined): Cluster {
    const options = optionsOf(wanted, plan);
    const key = JSON.stringify(options);
    let base = this.kept.get(key);
    if (base === undefined) {
      const cluster = Cluster.create(options);
      cluster.simulation.runUntil('settled', COME_UP_LIMIT_MS);
      base = cluster.checkpoint();
      const [oldest] = this.kept.keys();
      if (this.kept.size >= MAX_KEPT && oldest !== undefined) this.kept.delete(oldest);
      this.kept.set(key, base);
    }
    return Cluster.restore(base);
  }
}

/** The same cluster as in the editor, but for the time at which it begins. */
function optionsOf({ preset, nodes, seed }: ScenarioCluster, plan: ClusterPlan | undefined): ClusterOptions {
  return {
    name: 'scenario',
    seed: seed ?? 'kubepad',
    startTime: START,
    ...ADDONS,
    preset: PRESET_NAMES.find((known) => known === preset) ?? 'default',
    ...(nodes === undefined ? {} : { nodes }),
    ...(plan === undefined ? {} : plannedOptions(plan)),
  };
}
