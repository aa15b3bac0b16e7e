/**
 * What an editor panel and the extension say to each other; each surface adds its commands.
 * Invariant: plain data; both sides switch over `type` and end with `assertNever`. Counterpart: none in Kubernetes.
 *
 * Order: the page sends `ready`, the extension answers with `query` (what the panel is about), `clock` and `state`, then with `change`s,
 * of which the first has sequence 1. The page sends `query` when it wants to see something else. A second `ready` begins anew.
 */
import type { PanelChange, PanelQuery } from '../../host/panels/model.ts';
import type { ClockState } from '../../host/protocol/view.ts';

export type ToPanel<Q extends PanelQuery = PanelQuery> =
  | {
      readonly type: 'state';
      readonly state: 'starting' | 'running' | 'failed';
      /** Why it failed; else empty. */
      readonly message: string;
    }
  | { readonly type: 'clock'; readonly clock: ClockState }
  | { readonly type: 'query'; readonly query: Q }
  | { readonly type: 'change'; readonly change: PanelChange };

export type FromPanel<Q extends PanelQuery = PanelQuery, C = unknown> =
  { readonly type: 'ready' } | { readonly type: 'query'; readonly query: Q } | { readonly type: 'command'; readonly command: C };

/** What a page keeps over a reload of the window, so that the panel comes back. */
export interface KeptPanel<Q extends PanelQuery = PanelQuery> {
  readonly query: Q;
}
