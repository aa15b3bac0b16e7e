import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Column = readonly [t: number, status: string, ready: string, restarts: number];

export interface RecordedEvent {
  readonly t: number;
  readonly pod: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly fieldPath?: string;
  readonly from?: string;
  readonly count: number;
}

export interface Observation {
  readonly pods: Readonly<Record<string, { readonly columns: readonly Column[]; readonly final: unknown }>>;
  readonly events: readonly RecordedEvent[];
}

export interface WireObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

export interface Step {
  readonly at: number;
  readonly code?: number;
  readonly create?: WireObject;
  readonly delete?: {
    readonly kind?: string;
    readonly name: string;
    readonly gracePeriodSeconds?: number;
    readonly propagationPolicy?: string;
  };
  readonly patch?: StepPatch;
  readonly status?: StepPatch;
  readonly resize?: StepPatch;
  readonly ephemeral?: { readonly kind?: string; readonly name: string; readonly containers: readonly unknown[] };
}

export interface StepPatch {
  readonly kind?: string;
  readonly name: string;
  readonly patch: unknown;
}

/** One recorded case; what its fields mean says the README beside it. */
export interface Case {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly objects: readonly WireObject[];
  readonly steps?: readonly Step[];
  readonly duration: number;
  readonly ignoreEvents?: readonly string[];
  readonly expect: Observation;
}

const directory = join(import.meta.dirname, 'cases');

export function loadCases(): readonly Case[] {
  return readdirSync(directory)
    .toSorted()
    .flatMap((file) => readFileSync(join(directory, file), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as Case);
}
