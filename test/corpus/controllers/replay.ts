import { scoreKeeper, type Replay } from '../support/score.ts';
import { loadCases } from './case.ts';
import { playShared } from './play.ts';

/** A case agrees if every checkpoint and every answer does; single checks are counted beside. */
export const replay: Replay = ({ only }) => {
  const { count, scores } = scoreKeeper();
  const tests = loadCases().filter(({ id }) => only === undefined || id.includes(only));
  for (const [test, { passed, total, problems }] of playShared(tests)) {
    count(test.group, 'cases', problems.length === 0, `${test.id}: ${problems.join('\n')}`);
    for (let index = 0; index < total; index++) count('all groups', 'checks', index < passed, test.id);
  }
  return Promise.resolve(scores());
};
