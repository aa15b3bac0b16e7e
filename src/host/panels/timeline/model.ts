/** Time as a panel shows it: lanes and plots over a part of it, what was done last, forks and how they differ. */
import type { ClockState, ObjectRef, Tone } from '../../protocol/view.ts';

/** Names a fork; empty: the cluster itself, as it is now. */
export type Side = string;

/** Where to go in time. */
export type Moment =
  | { readonly to: 'now' }
  | { readonly to: 'revision'; readonly revision: number }
  /** The last revision of a moment, virtual milliseconds since 1970. */
  | { readonly to: 'time'; readonly at: number }
  /** The act before or after the one that is shown. */
  | { readonly to: 'act'; readonly by: -1 | 1 };

export interface TimelineQuery {
  readonly surface: 'timeline';
  /** Virtual milliseconds since 1970; undefined: all that is known, up to now. */
  readonly window: { readonly from: number; readonly to: number } | undefined;
  readonly lanes: 'objects' | 'actors';
  /** A part of the lanes' names. */
  readonly filter: string;
  readonly compare: { readonly left: Side; readonly right: Side } | undefined;
}

export interface HeadModel {
  /** The oldest revision whose objects are known, and the newest. */
  readonly first: number;
  readonly last: number;
  /** What the record takes, tenths of a megabyte; an estimate. */
  readonly megabytes: number;
  /** What is known, virtual milliseconds since 1970. */
  readonly begin: number;
  readonly now: number;
  /** What is drawn, in steps of so many milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** The revision that all lists show; undefined: the present. */
  readonly shown: { readonly revision: number; readonly at: number } | undefined;
  readonly clock: Pick<ClockState, 'paused' | 'speed' | 'running' | 'stable' | 'start'>;
  /** Lanes that the filter lets through and that are not drawn. */
  readonly more: number;
}

/** For a while the object was so. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly tone: Tone;
  readonly text: string;
}

export interface LaneModel {
  readonly key: string;
  readonly name: string;
  readonly kind: string;
  /** Of an object. */
  readonly spans: readonly Span[];
  /** Of somebody who acts: writes in each step. */
  readonly counts: readonly number[];
  /** All of its writes in the window, or changes of its state. */
  readonly total: number;
}

export interface Series {
  readonly name: string;
  readonly tone: Tone;
  /** One for each step, at its end. */
  readonly values: readonly number[];
}

export interface PlotModel {
  readonly key: string;
  readonly title: string;
  readonly series: readonly Series[];
}

/** One write. */
export interface ActModel {
  readonly key: string;
  readonly revision: number;
  readonly at: number;
  readonly actor: string;
  readonly verb: string;
  readonly kind: string;
  readonly name: string;
  /** The revision that led to it; undefined: a person's own act, or nobody knows. */
  readonly cause: number | undefined;
}

export interface ForkModel {
  readonly key: Side;
  readonly name: string;
  /** Where it left the cluster's way. */
  readonly revision: number;
  readonly at: number;
  /** See PastFork. */
  readonly exact: boolean;
  readonly now: number;
  readonly stable: boolean;
  readonly busy: boolean;
  /** All views show it instead of the cluster. */
  readonly shown: boolean;
  /** What was done to it: `applied web.yaml`. */
  readonly acts: readonly string[];
  readonly pods: string;
}

export interface DifferenceModel {
  readonly key: string;
  readonly ref: ObjectRef;
  readonly difference: 'left only' | 'right only' | 'differs';
  /** Paths of fields that differ, the first of them. */
  readonly fields: string;
  /** Who wrote it last on each side; empty where it is not there. */
  readonly left: string;
  readonly right: string;
}

export interface TimelineModel {
  readonly head: HeadModel;
  readonly lanes: readonly LaneModel[];
  readonly plots: readonly PlotModel[];
  readonly acts: readonly ActModel[];
  readonly forks: readonly ForkModel[];
  /** There if two sides are compared. */
  readonly differences?: readonly DifferenceModel[];
  readonly moreDifferences?: number;
}
