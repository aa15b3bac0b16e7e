import assert from 'node:assert/strict';
import { differingIds, listCorpora, readReasons, readRecordedScores, replayCorpus, scoreKey } from '../../scripts/fidelity.ts';

describe('fidelity', () => {
  const recorded = readRecordedScores();

  it('has a replay for every corpus with recorded scores', () => {
    assert.deepEqual(
      Object.keys(recorded).filter((name) => !listCorpora().includes(name)),
      [],
    );
  });

  for (const [name, groups] of Object.entries(recorded)) {
    it(`of ${name} is not below the recorded one`, async function () {
      this.timeout(10 * 60_000);
      const replayed = await replayCorpus(name);
      const scores = new Map(replayed.map((score) => [scoreKey(score), score]));
      const fallen = Object.entries(groups).flatMap(([key, { passed, total }]) => {
        const now = scores.get(key);
        return now === undefined || now.passed * total < passed * now.total
          ? [`${key}: ${now?.passed ?? 0}/${now?.total ?? 0}, recorded ${passed}/${total}`]
          : [];
      });
      assert.deepEqual(fallen, []);
      const explained = readReasons()[name] ?? {};
      assert.deepEqual(
        differingIds(replayed).filter((id) => explained[id] === undefined),
        [],
        'each difference has its reason in test/corpus/differences.json',
      );
    });
  }
});
