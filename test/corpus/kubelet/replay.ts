import { scoreKeeper, type Replay } from '../support/score.ts';
import { loadCases, type Case } from './case.ts';
import { compare } from './compare.ts';
import { replayCase } from './replayCase.ts';

export interface Verdict {
  readonly testCase: Case;
  /** One line each; empty if the replay agrees with the recording. */
  readonly differences: readonly string[];
}

export function judge(testCase: Case, seed?: string): Verdict {
  try {
    return { testCase, differences: compare(testCase, replayCase(testCase, seed)) };
  } catch (error) {
    return { testCase, differences: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}

/** Sequences of columns, final statuses and events of Pods as the corpus' own runner compares them. */
export const replay: Replay = ({ only }) => {
  const { count, scores } = scoreKeeper();
  for (const testCase of loadCases()) {
    if (only !== undefined && !testCase.id.includes(only)) continue;
    const { differences } = judge(testCase);
    count(testCase.group, 'cases', differences.length === 0, `${testCase.id}: ${differences.join('\n  ')}`);
  }
  return Promise.resolve(scores());
};
