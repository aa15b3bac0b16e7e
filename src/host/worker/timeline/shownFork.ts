/**
 * A what-if cluster in place of the cluster that it was forked from: all views show it, and what is done there stays there.
 * Invariant: at most one is shown; the cluster itself goes on unseen and keeps the forks; time in a fork stands still until somebody lets it go on.
 * Counterpart: none.
 */
import { CLOCKS, CLUSTER_CLOCK, type Clock } from '../../../api/kubepad/types.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { Draft } from '../../../base/json.ts';
import type { Side } from '../../panels/timeline/model.ts';
import type { Session } from '../session.ts';

export interface ShownForkOptions {
  readonly session: () => Session;
  /** Shows a cluster in all views; returns what was shown before. */
  readonly show: (shown: Cluster | Session) => Session;
}

export class ShownFork {
  private readonly options: ShownForkOptions;
  private current: { readonly side: Side; readonly home: Session } | undefined;

  constructor(options: ShownForkOptions) {
    this.options = options;
  }

  /** The one that is shown; empty: the cluster itself is. */
  get side(): Side {
    return this.current?.side ?? '';
  }

  /** Who keeps the forks, whatever is shown. */
  get home(): Session {
    return this.current?.home ?? this.options.session();
  }

  /** @param side empty, or the name of a fork that is gone: the cluster itself @throws Error while a scenario or a tour is shown */
  show(side: Side): void {
    const { options } = this;
    if (side === this.side) return;
    this.close();
    const home = options.session();
    const guest = home.real === undefined ? home.clock().guest : 'real cluster';
    const cluster = side === '' ? undefined : home.forks.cluster(side);
    if (cluster === undefined) return;
    if (guest !== undefined) throw new Error(`the ${guest} is shown, whose forks can be compared only: end it first`);
    pause(cluster);
    this.current = { side, home };
    home.forks.shown = side;
    options.show(cluster);
  }

  close(): void {
    const { current, options } = this;
    if (current === undefined) return;
    this.current = undefined;
    current.home.forks.shown = '';
    options.show(current.home).dispose();
  }
}

/** A step that the cluster itself was about to do is not the fork's. */
function pause(cluster: Cluster): void {
  const { speed = 1 } = (cluster.api.store.get('clocks.kubepad.dev', CLUSTER_CLOCK) as Clock | undefined)?.spec ?? {};
  cluster.admin().modify(CLOCKS, '', CLUSTER_CLOCK, (clock) => void ((clock as Draft<Clock>).spec = { speed, paused: true }));
}
