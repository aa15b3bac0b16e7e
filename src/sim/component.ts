import type { Json } from '../base/json.ts';

/** A timer that came due, or a wake-up, handed to the component that it names. */
export interface SimEvent {
  /** Virtual time, milliseconds since 1970. */
  readonly at: number;
  /** Order among events of the same time; grows over the whole simulation. */
  readonly seq: number;
  readonly component: string;
  readonly type: string;
  readonly payload: Json;
  /** Heartbeats, resyncs, the next CronJob tick: they do not keep the cluster from being stable. */
  readonly background: boolean;
  /** The revision of the write that led to this event; undefined where nothing did (start-up, heartbeats). */
  readonly cause: number | undefined;
}

export interface TimerRequest {
  /** Virtual time, milliseconds since 1970; a time that has passed means: now. */
  readonly at: number;
  readonly component: string;
  readonly type: string;
  readonly payload?: Json;
  readonly background?: boolean;
}

/** Names a timer so that it can be cancelled. Plain data: it survives checkpoint and restore. */
export type TimerId = number;

/**
 * A part of the simulated cluster that acts by itself: a controller, the scheduler, the kubelets.
 *
 * Promised: `handle` is called with one event at a time, in the order of (at, seq), and never from within a call of
 * the component; what it writes through the API carries the event's cause.
 * Not promised: that an event stands for exactly one change of an object. Wake-ups of one instant are merged.
 * Owed: all memory between two events is plain data that `checkpoint` returns and `restore` takes back, such that a
 * restored component goes on exactly as the original would have. What can be derived from the objects in the store
 * is derived again in `restore` instead of being stored. `checkpoint` may share immutable structure with the
 * component, never what the component will change.
 */
export interface Component {
  readonly name: string;
  /**
   * True while the component has an event coming up at which it will see all that was written until then: a wake-up before
   * that would tell it nothing and is left out. What it says follows from its memory.
   */
  isAwake?(): boolean;
  /** Called once on a new cluster, before the first event; not called after `restore`. */
  start(): void;
  handle(event: SimEvent): void;
  checkpoint(): Json;
  restore(state: Json): void;
}
