/**
 * A cluster that tools act in: the one that somebody watches, or a copy in which only they drive time.
 * Invariant: what a tool does, it does through the REST API as the administrator; time goes on only through `run`.
 */
import type { CancellationToken } from 'vscode-jsonrpc';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Rest } from '../../kubectl/rest.ts';
import { SLICE_MS } from '../driver.ts';
import { runAlone, type Ahead, type AheadEnd } from '../runAhead.ts';
import { createInProcessRest } from '../worker/inProcessRest.ts';

export interface Place {
  readonly cluster: Cluster;
  readonly rest: Rest;
  /** Brings time to the present, where it goes by itself. */
  readonly sync: () => void;
  readonly run: (ahead: Ahead, token: CancellationToken) => Promise<AheadEnd>;
}

/** A cluster whose time stands still but for `run`. */
export function placeOf(cluster: Cluster): Place {
  return {
    cluster,
    rest: createInProcessRest({ api: cluster.api, before: () => undefined, after: () => undefined }),
    sync: () => undefined,
    run: (ahead, token) => runAlone(cluster.simulation, ahead, () => token.isCancellationRequested, SLICE_MS),
  };
}
