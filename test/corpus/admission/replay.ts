import { scoreKeeper, type Replay } from '../support/score.ts';
import { loadCases } from './case.ts';
import { replayCase } from './replayCase.ts';

/** Scenarios of requests with the answers of the real API server: everything beyond validating one object. */
export const replay: Replay = ({ only }) => {
  const { count, scores } = scoreKeeper();
  for (const testCase of loadCases()) {
    if (only !== undefined && !testCase.id.includes(only)) continue;
    let found: readonly string[];
    try {
      found = replayCase(testCase);
    } catch (error) {
      found = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    }
    count(testCase.group, 'cases', found.length === 0, `${testCase.id}: ${found.join('\n')}`);
  }
  return Promise.resolve(scores());
};
