/**
 * The part of the contract with the worker that speaks of scenarios.
 * Invariant: as in protocol.ts. A run has a cluster of its own; only a debugged one is shown in place of the editor's.
 */
import { RequestType } from 'vscode-jsonrpc';
import type { Range } from '../../manifest/model.ts';

export interface ScenarioOutline {
  readonly name: string;
  readonly title: string;
  readonly range: Range;
  readonly steps: readonly { readonly label: string; readonly range: Range }[];
}

export interface ScenarioFailure {
  readonly range: Range;
  readonly text: string;
}

export interface ScenarioAnswer {
  readonly passed: boolean;
  /** The scenario cannot be run as it is written: its failures are what is wrong with it. */
  readonly broken: boolean;
  readonly failures: readonly ScenarioFailure[];
  /** The steps with their times, and what faults did. */
  readonly report: readonly string[];
  /** Paths of the files that it read. */
  readonly files: readonly string[];
}

export interface ScenarioParams {
  readonly uri: string;
  /** As the editor has it. */
  readonly text: string;
  /** Which scenario of the file, from 0. */
  readonly index: number;
}

/** Where a debugged scenario stands. */
export interface ScenarioPause {
  /** The step that comes next; undefined: all is done. */
  readonly next:
    { readonly label: string; readonly range: Range; /** Where the step after it begins. */ readonly endLine: number } | undefined;
  /** Virtual time since the story's begin, `+1m30s`. */
  readonly time: string;
  readonly failures: readonly ScenarioFailure[];
  /** The cluster in a few words. */
  readonly state: readonly { readonly name: string; readonly value: string }[];
}

type Nothing = Readonly<Record<string, never>>;

export const scenarioRequests = {
  read: new RequestType<{ readonly text: string }, readonly ScenarioOutline[], void>('scenario/read'),
  run: new RequestType<ScenarioParams, ScenarioAnswer, void>('scenario/run'),
  /** Begins a run that stands before its first step; its cluster is shown instead of the editor's. */
  debug: new RequestType<ScenarioParams, ScenarioPause, void>('scenario/debug'),
  /** Does the next step. */
  step: new RequestType<Nothing, ScenarioPause, void>('scenario/step'),
  /** What has been done to the cluster, as a scenario; null: nothing that its history knows. */
  record: new RequestType<Nothing, string | null, void>('scenario/record'),
  /** Looks at what must hold at the end, and shows the editor's cluster again. */
  end: new RequestType<Nothing, ScenarioAnswer | null, void>('scenario/end'),
} as const;
