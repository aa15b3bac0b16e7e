/**
 * One object as an editor panel shows it: wanted and actual side by side, its history, why it is so, its family, its Pods' lives.
 * Invariant: plain data without imports but those of the views; times are virtual milliseconds since 1970.
 */
import type { EventRow, ObjectRef, Tone } from '../../protocol/view.ts';

export type ObjectTab = 'state' | 'impact' | 'why' | 'life' | 'scheduling' | 'family' | 'events';

export interface ObjectQuery {
  readonly surface: 'object';
  readonly ref: ObjectRef;
  readonly tab: ObjectTab;
  /** The field whose history is shown. */
  readonly field: string | undefined;
  /** The write that is to be explained; undefined: the last one that says something. */
  readonly revision: string | undefined;
}

export interface HeadModel {
  readonly ref: ObjectRef;
  readonly tone: Tone;
  /** `3/5 ready, 2 Pending` */
  readonly status: string;
  readonly createdAt: number | undefined;
  /** When it was removed; undefined: it is there. */
  readonly goneAt: number | undefined;
  /** Zero where nobody counts. */
  readonly generation: number;
  readonly source: SourceModel | undefined;
  /** The tabs that have something to show. */
  readonly tabs: readonly ObjectTab[];
}

/** A line of a file of the workspace. */
export interface SourceModel {
  readonly uri: string;
  /** From 0. */
  readonly line: number;
  /** It says what was applied; false: it has been edited since. */
  readonly same: boolean;
}

/** Who wrote something, and when. */
export interface WriterModel {
  readonly at: number;
  readonly actor: string;
  /** Names the write. */
  readonly revision: string;
}

/** One line of the object as YAML would have it. */
export interface FieldModel {
  /** Its path. */
  readonly key: string;
  readonly side: 'wanted' | 'actual';
  readonly depth: number;
  readonly name: string;
  /** Empty: what it holds follows. */
  readonly text: string;
  /** What it does not agree with; undefined: nothing. */
  readonly differs: string | undefined;
  /** Undefined: history has forgotten. */
  readonly written: WriterModel | undefined;
}

export interface ConditionModel {
  readonly key: string;
  readonly status: string;
  readonly tone: Tone;
  readonly reason: string;
  readonly message: string;
  readonly since: number | undefined;
}

export interface ChangeModel {
  /** The path of the field. */
  readonly key: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** A write of the object. */
export interface WriteModel {
  /** Its revision. */
  readonly key: string;
  readonly at: number;
  readonly actor: string;
  readonly act: string;
  readonly changes: readonly ChangeModel[];
}

export interface StepModel {
  /** The revision. */
  readonly key: string;
  readonly at: number;
  readonly actor: string;
  /** Somebody from outside did it. */
  readonly person: boolean;
  /** `created`, `changed the status of` */
  readonly act: string;
  /** As its actor reported it in an Event: `Scheduled: Successfully assigned default/web to worker-1`; empty: it did not. */
  readonly reason: string;
  readonly ref: ObjectRef;
  readonly changes: readonly ChangeModel[];
  /** Changes that are left out. */
  readonly more: number;
  readonly source: SourceModel | undefined;
  /** What led to it is not in the history any more. */
  readonly forgotten: boolean;
}

export interface RelativeModel {
  /** The uid, or the kind and name of one that is not there. */
  readonly key: string;
  readonly ref: ObjectRef;
  /** Tree level, from 1; owners come before what they own. */
  readonly level: number;
  readonly relation: 'owner' | 'self' | 'owned' | 'beside';
  /** Why it is here, where no owner says so: `runs on`, `sends to`. */
  readonly link: string;
  readonly tone: Tone;
  readonly status: string;
}

export interface AttemptModel {
  /** Its number. */
  readonly key: string;
  readonly at: number;
  readonly selected: string | undefined;
  readonly message: string;
  /** Filters that were asked, in order. */
  readonly filters: readonly string[];
  /** The plugins that gave scores, with their weights. */
  readonly scorers: readonly { readonly key: string; readonly weight: number }[];
  readonly nodes: readonly NodeVerdictModel[];
}

export interface NodeVerdictModel {
  /** The node; `*`: the Pod was refused as a whole. */
  readonly key: string;
  readonly verdict: 'selected' | 'fits' | 'refused';
  /** The plugin that refused. */
  readonly by: string;
  readonly reasons: string;
  /** Normalized scores by plugin, as `scorers` names them. */
  readonly scores: readonly number[];
  /** Undefined: not scored. */
  readonly total: number | undefined;
}

export type LifeState =
  'pending' | 'creating' | 'initializing' | 'running' | 'ready' | 'backingOff' | 'terminating' | 'succeeded' | 'failed' | 'gone';

/** A time that a Pod spent in one state. */
export interface VisitModel {
  /** The revision with which it began. */
  readonly key: string;
  readonly state: LifeState;
  readonly from: number;
  /** Undefined: it is in it. */
  readonly to: number | undefined;
  readonly detail: string;
}

/** What a fault did. */
export interface ImpactModel {
  /** The Fault's name, and its type. */
  readonly fault: string;
  readonly type: string;
  readonly from: number;
  /** Undefined: it lasts. */
  readonly over: number | undefined;
  /** What was there before, at the worst moment, and since. */
  readonly rows: readonly {
    readonly key: string;
    readonly before: string;
    readonly least: string;
    readonly after: string;
    readonly lost: boolean;
  }[];
  /** `after 1m12s` */
  readonly recovered: string;
  readonly tone: Tone;
  /** `12 of 3000 lost` */
  readonly requests: string;
  readonly requestsLost: boolean;
}

/** Parts of tabs that are not open are not there. */
export interface ObjectModel {
  readonly head: HeadModel;
  readonly fields?: readonly FieldModel[];
  readonly conditions?: readonly ConditionModel[];
  /** The writes of the field that is asked for. */
  readonly writes?: readonly WriteModel[];
  /** The writes that can be explained, newest first. */
  readonly states?: readonly WriteModel[];
  /** What led to the write that is explained, the first cause first. */
  readonly steps?: readonly StepModel[];
  /** What led to the object's being there, where `steps` do not say so. */
  readonly origin?: readonly StepModel[];
  readonly visits?: readonly VisitModel[];
  readonly attempts?: readonly AttemptModel[];
  /** Null: nothing is known of it. */
  readonly impact?: ImpactModel | null;
  readonly family?: readonly RelativeModel[];
  readonly events?: readonly EventRow[];
}
