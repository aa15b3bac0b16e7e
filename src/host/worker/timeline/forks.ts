/**
 * What-if clusters beside the real one: forked from a revision, given files, run, compared, thrown away.
 * Invariant: a fork shares nothing that changes with the cluster and is kept in memory only; at most so many at once.
 * Counterpart: none.
 */
import { Emitter } from '../../../base/emitter.ts';
import type { Pod } from '../../../api/schema/types/core/v1.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { Past } from '../../../cluster/past/past.ts';
import { RUN_LIMIT_MS } from '../../../sim/simulation.ts';
import { SLICE_MS } from '../../driver.ts';
import { runAlone } from '../../runAhead.ts';
import type { ClockState } from '../../protocol/view.ts';
import type { ForkModel, Side } from '../../panels/timeline/model.ts';

interface Fork {
  readonly cluster: Cluster;
  readonly model: Pick<ForkModel, 'key' | 'name' | 'revision' | 'at' | 'exact'>;
  acts: readonly string[];
  busy: boolean;
}

const MAX_FORKS = 8;

export class Forks {
  private readonly forks = new Map<Side, Fork>();
  private made = 0;
  /** The one that all views show; empty: none of them. */
  shown: Side = '';
  private readonly changes = new Emitter<void>();
  /** Something else is to be told of the forks. */
  readonly onDidChange = this.changes.event;

  list(): readonly ForkModel[] {
    return [...this.forks.values()].map(({ cluster, model, acts, busy }) => {
      const { simulation } = cluster;
      return {
        ...model,
        acts,
        busy,
        shown: model.key === this.shown,
        now: simulation.now(),
        stable: simulation.stable,
        pods: podsText(cluster),
      };
    });
  }

  names(): NonNullable<ClockState['forks']> {
    return [...this.forks.values()].map(({ model: { key, name } }) => ({ key, name, shown: key === this.shown }));
  }

  cluster(side: Side): Cluster | undefined {
    return this.forks.get(side)?.cluster;
  }

  /** @throws Error if there are too many, or the revision is forgotten */
  create(past: Past, revision: number): Side {
    if (this.forks.size >= MAX_FORKS) throw new Error(`there are ${MAX_FORKS} forks already: discard one of them first`);
    const fork = past.fork(revision);
    if (fork === undefined) throw new Error(`revision ${revision} is not known any more`);
    const { cluster, exact } = fork;
    const key = `fork-${++this.made}`;
    const at = cluster.simulation.now();
    this.forks.set(key, { cluster, model: { key, name: `Fork ${this.made}`, revision, at, exact }, acts: [], busy: false });
    this.changes.fire();
    return key;
  }

  /** One run at a time. */
  async run(side: Side, ms: number | 'stable'): Promise<void> {
    const fork = this.forks.get(side);
    if (fork === undefined || fork.busy) return;
    const { simulation } = fork.cluster;
    const limitAt = simulation.now() + (ms === 'stable' ? RUN_LIMIT_MS : ms);
    fork.busy = true;
    await runAlone(
      simulation,
      { goal: ms === 'stable' ? 'stable' : undefined, isMet: undefined, limitAt },
      () => this.forks.get(side) !== fork,
      SLICE_MS,
    );
    fork.busy = false;
    this.changes.fire();
  }

  /** Notes what was done to a fork. */
  note(side: Side, act: string): void {
    const fork = this.forks.get(side);
    if (fork !== undefined) fork.acts = [...fork.acts, act];
    this.changes.fire();
  }

  discard(side: Side): void {
    this.forks.delete(side);
    this.changes.fire();
  }
}

function podsText(cluster: Cluster): string {
  const pods = cluster.api.store.list('pods') as readonly Pod[];
  const running = pods.filter(({ status }) => status?.phase === 'Running').length;
  return `${running} of ${pods.length} Pods run`;
}
