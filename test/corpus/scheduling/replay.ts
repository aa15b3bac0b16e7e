import { scoreKeeper, type Replay } from '../support/score.ts';
import { loadCases } from './case.ts';
import { replayCase } from './replayCase.ts';

/** Placement, message, nomination and victims as the corpus' own runner compares them; scores beside them. */
export const replay: Replay = ({ only }) => {
  const { count, scores } = scoreKeeper();
  for (const testCase of loadCases()) {
    if (only !== undefined && !testCase.id.includes(only)) continue;
    const { differences, scores: attempts } = replayCase(testCase);
    count(testCase.group, 'cases', differences.length === 0, `${testCase.id}: ${differences.join('\n  ')}`);
    for (let i = 0; i < attempts.compared; i++) count('all groups', 'scores', i < attempts.equal, testCase.id);
  }
  return Promise.resolve(scores());
};
