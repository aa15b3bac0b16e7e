import type { JsonObject } from '../../base/json.ts';
import type { ManagedFields } from '../../apimachinery/managedfields/managers.ts';
import type { KubeObject } from '../../apimachinery/meta/resource.ts';

/** A write that came from outside the simulation, as the store carried it out. */
export interface InputWrite {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: string;
  readonly object: KubeObject;
  readonly actor: string;
  readonly verb: string;
  readonly owners: ManagedFields;
}

/** What came in at one moment. The moment is named by the number of events handled before it, and the virtual time. */
export interface Input {
  readonly events: number;
  readonly time: number;
  /** The store's revision before the writes: a repeated run that has another one here has gone another way. */
  readonly revision: number;
  readonly writes: readonly InputWrite[];
  /** States of the API server's streams of chance after the writes. */
  readonly streams: JsonObject;
}

/** How far the simulation had come when it was last looked at. */
export interface Position {
  readonly events: number;
  readonly time: number;
}

export interface Recording {
  /** The program that wrote it; another program's run need not repeat event by event. */
  readonly program: string;
  readonly checkpoint: string;
  readonly inputs: readonly Input[];
  readonly position: Position | undefined;
}

/**
 * Where a cluster's memory is kept: one checkpoint and what came in after it.
 *
 * Promised: what `append` was given is there after the process is killed, from the moment it returns; a checkpoint replaces
 * the older one and its inputs in one step.
 * Not promised: that the last `position` survives a kill; it saves recomputing, not writes.
 */
export interface Journal {
  load(): Recording | undefined;
  append(input: Input): void;
  mark(position: Position): void;
  checkpoint(program: string, checkpoint: string): void;
  close(): void;
}
