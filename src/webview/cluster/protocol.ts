/**
 * What the Cluster view and the extension say to each other.
 * Invariant: plain data; both sides switch over `type` and end with `assertNever`. Counterpart: none in Kubernetes.
 *
 * Order: the page sends `ready`, the extension answers with `cluster`, `clock` and (while it starts) `state`; the page sends
 * `query`, the extension answers with `diff`s. A second `ready` means: forget the list and begin a new one with sequence 1.
 */
import type { ClockControl, ClockState, GroupBy, ObjectRef, TreeQuery, TreeRow, ViewDiff } from '../../host/protocol/view.ts';

export type ToWebview =
  | { readonly type: 'cluster'; readonly name: string; /** `v1.36.3` */ readonly version: string }
  | {
      readonly type: 'state';
      readonly state: 'starting' | 'running' | 'failed';
      /** Why it failed; else empty. */ readonly message: string;
    }
  | { readonly type: 'clock'; readonly clock: ClockState }
  | { readonly type: 'diff'; readonly diff: ViewDiff<TreeRow> }
  /** The answer to `locate` and `find`; undefined index: there is no such row. */
  | { readonly type: 'located'; readonly index: number | undefined; readonly key: string }
  /** The answer to `choose`. */
  | { readonly type: 'chosen'; readonly rows: readonly TreeRow[] }
  /** Shows a row by its key, in the grouping that has it. */
  | { readonly type: 'reveal'; readonly key: string; readonly groupBy: GroupBy | undefined }
  | { readonly type: 'focusFilter' }
  | { readonly type: 'setFilter'; readonly filter: string }
  | { readonly type: 'collapseAll' }
  | { readonly type: 'expandAll' };

/** What the context menu offers. `previousLogs` are those of the container before its last restart. */
export type RowCommand =
  | 'openObject'
  | 'why'
  | 'describe'
  | 'yaml'
  | 'logs'
  | 'previousLogs'
  | 'exec'
  | 'portForward'
  | 'inspectContainer'
  | 'showImage'
  | 'compareWithVms'
  | 'showInMap'
  | 'delete'
  | 'cordon'
  | 'uncordon'
  | 'drain'
  | 'failNode'
  | 'recoverNode'
  | 'fault'
  | 'endFault'
  | 'faultReport';

/** What several rows can be told at once. */
export type BulkCommand = Extract<RowCommand, 'delete' | 'cordon' | 'uncordon' | 'drain' | 'failNode' | 'recoverNode' | 'endFault'>;

export type ToExtension =
  | { readonly type: 'ready' }
  | { readonly type: 'query'; readonly query: TreeQuery }
  | { readonly type: 'clock'; readonly control: ClockControl }
  /** Ends the step or run that is under way. */
  | { readonly type: 'stopRun' }
  /** Shows the present again. */
  | { readonly type: 'backToNow' }
  | {
      readonly type: 'command';
      readonly command: RowCommand;
      readonly ref: ObjectRef;
      /** Undefined: the first. */ readonly container: string | undefined;
    }
  | { readonly type: 'commandForAll'; readonly command: BulkCommand; readonly refs: readonly ObjectRef[] }
  /** Into the clipboard. */
  | { readonly type: 'copy'; readonly text: string }
  /** Asks for the rows from one key to another; without a second, for all siblings. */
  | { readonly type: 'choose'; readonly from: string; readonly to: string | undefined }
  /** Asks for the index of a row. */
  | { readonly type: 'locate'; readonly key: string }
  /** Asks for the next row after an index whose name begins so. */
  | { readonly type: 'find'; readonly prefix: string; readonly after: number }
  /** Shows the simulated cluster instead of the real one. */
  | { readonly type: 'leaveReal' }
  | { readonly type: 'applySample' }
  | { readonly type: 'openWalkthrough' }
  | { readonly type: 'endTour' }
  /** Shows a what-if cluster in all views; empty: the cluster itself. */
  | { readonly type: 'showFork'; readonly fork: string }
  | { readonly type: 'restart' }
  | { readonly type: 'showOutput' };
