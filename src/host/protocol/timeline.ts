/**
 * The part of the contract with the worker that speaks of time: which revision is shown, where a run stops, forks.
 * Invariant: as in protocol.ts; what is shown is told by the clock (`ClockState.past`), so every view learns it from one message.
 */
import { RequestType } from 'vscode-jsonrpc';
import type { Moment, Side } from '../panels/timeline/model.ts';
import type { ManifestFile, ManifestReport } from './protocol.ts';
import type { AheadEnd } from '../runAhead.ts';

/** When a run ends: after one event of the simulation, after one act, or when `condition` holds, see worker/timeline/condition.ts. */
export type Goal = { readonly until: 'event' } | { readonly until: 'act' } | { readonly until: 'condition'; readonly condition: string };

export interface RunOutcome {
  readonly reason: AheadEnd;
  /** The goal makes no sense: nothing was run. Empty otherwise. */
  readonly error: string;
}

export const timelineRequests = {
  /** Answers with the revision that is shown now; null: the present. */
  show: new RequestType<Moment, number | null, void>('timeline/show'),
  run: new RequestType<Goal, RunOutcome, void>('timeline/run'),
  /** A fork of what is shown. Answers with its name. */
  fork: new RequestType<Record<string, never>, Side, void>('timeline/fork'),
  /** Lets time pass in a fork. Answers when it has passed. */
  forkRun: new RequestType<{ readonly fork: Side; readonly ms: number | 'stable' }, null, void>('timeline/forkRun'),
  forkApply: new RequestType<
    { readonly fork: Side; readonly files: readonly ManifestFile[]; readonly namespace: string; readonly title: string },
    ManifestReport | null,
    void
  >('timeline/forkApply'),
  /** Shows a fork in all views, or with an empty name the cluster again. */
  forkShow: new RequestType<{ readonly fork: Side }, null, void>('timeline/forkShow'),
  forkDiscard: new RequestType<{ readonly fork: Side }, null, void>('timeline/forkDiscard'),
} as const;
