/** What the timeline asks the extension for; the rest is as in panel/protocol.ts. */
import type { Moment, Side } from '../../host/panels/timeline/model.ts';
import type { ClockControl, ObjectRef } from '../../host/protocol/view.ts';

export type TimelineCommand =
  /** Shows another revision, everywhere. */
  | { readonly type: 'show'; readonly moment: Moment }
  | { readonly type: 'clock'; readonly control: ClockControl }
  /** One event, one act, or what a person is asked for. */
  | { readonly type: 'run'; readonly until: 'event' | 'act' | 'condition' }
  /** Ends the run that is under way. */
  | { readonly type: 'stop' }
  | { readonly type: 'fork' }
  | { readonly type: 'forkRun'; readonly fork: Side; readonly ms: number | 'stable' }
  /** Applies files that a person is asked for. */
  | { readonly type: 'forkApply'; readonly fork: Side }
  /** Shows it in all views; empty: the cluster itself. */
  | { readonly type: 'forkShow'; readonly fork: Side }
  /** As a cluster of its own, which all views show. */
  | { readonly type: 'forkKeep'; readonly fork: Side; readonly name: string }
  | { readonly type: 'forkDiscard'; readonly fork: Side }
  | { readonly type: 'open'; readonly ref: ObjectRef };
