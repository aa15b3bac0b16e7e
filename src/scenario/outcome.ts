/** What became of a scenario, as plain data: the same from the command line and from the editor. */
import type { Range } from '../manifest/model.ts';
import type { Impact } from './impact.ts';

export interface PlacedFailure {
  readonly range: Range;
  /** Where it is written: `expect[0].fields.status.readyReplicas`. */
  readonly path: string;
  readonly message: string;
  /** What was seen instead; empty where the message says all. */
  readonly seen: string;
  /** Virtual milliseconds since the story's begin. */
  readonly atMs: number;
}

export interface StepOutcome {
  readonly label: string;
  readonly range: Range;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Virtual milliseconds since the story's begin, and from the step's begin to its end. */
  readonly atMs: number;
  readonly tookMs: number;
}

export interface ScenarioOutcome {
  readonly name: string;
  readonly title: string;
  readonly range: Range;
  readonly passed: boolean;
  readonly failures: readonly PlacedFailure[];
  readonly steps: readonly StepOutcome[];
  readonly impacts: readonly Impact[];
  /** Virtual milliseconds from the story's begin to its end. */
  readonly tookMs: number;
  /** How many writes there were: two runs with the same number went the same way in all likelihood. */
  readonly revision: number;
}

/** A failure as a person reads it. */
export function textOfFailure({ message, seen }: Pick<PlacedFailure, 'message' | 'seen'>): string {
  return seen === '' ? message : `${message}, but was ${seen}`;
}
