import { Cluster } from '../../../../../src/cluster/cluster.ts';
import { Past } from '../../../../../src/cluster/past/past.ts';
import { Shown } from '../../../../../src/host/projection/shown.ts';
import type { TimelineWorld } from '../../../../../src/host/panels/timeline/source.ts';
import { clockOf } from '../../../../../src/host/worker/clock.ts';
import { Forks } from '../../../../../src/host/worker/timeline/forks.ts';

export const START = Date.UTC(2026, 0, 1);

export function newCluster(): Cluster {
  return Cluster.create({ seed: 'timeline', startTime: START, preset: 'default', freeze: true });
}

/** What a session gives the timeline. */
export function worldOf(cluster: Cluster): TimelineWorld & { readonly forks: Forks } {
  const past = new Past(cluster);
  const shown = new Shown(cluster.api.store, past, () => undefined);
  return { cluster, past, shown, clock: () => clockOf(cluster, false), forks: new Forks() };
}
