/**
 * What the Events view and the extension say to each other.
 * Invariant: plain data; both sides switch over `type` and end with `assertNever`. Counterpart: none in Kubernetes.
 * Order as in the Cluster view: `ready`, then `clock` and (while it starts) `state`, `query`, `diff`s.
 */
import type { ClockState, EventRow, EventsQuery, ObjectRef, ViewDiff } from '../../host/protocol/view.ts';

export type ToWebview =
  | {
      readonly type: 'state';
      readonly state: 'starting' | 'running' | 'failed';
      /** Why it failed; else empty. */ readonly message: string;
    }
  | { readonly type: 'clock'; readonly clock: ClockState }
  | { readonly type: 'diff'; readonly diff: ViewDiff<EventRow> }
  /** The answer to `find`; undefined index: there is no such row. */
  | { readonly type: 'located'; readonly index: number | undefined; readonly key: string }
  | { readonly type: 'focusFilter' }
  | { readonly type: 'setFilter'; readonly filter: string };

export type EventCommand = 'describe' | 'openObject' | 'why' | 'yaml' | 'revealInTree';

export type ToExtension =
  | { readonly type: 'ready' }
  | { readonly type: 'query'; readonly query: EventsQuery }
  /** `ref` is the object that the event is about; for `yaml` and `why` the Event itself. */
  | { readonly type: 'command'; readonly command: EventCommand; readonly ref: ObjectRef }
  | { readonly type: 'find'; readonly prefix: string; readonly after: number };
