import type { Replay, Score } from '../support/score.ts';
import { loadCorpus } from './corpus.ts';
import { LEVELS, runCases } from './runCases.ts';
import { startServer } from './server.ts';

/** Verdict, fields, message and defaulting per kind, as the corpus' own runner compares them. See report.ts for one kind at a time. */
export const replay: Replay = ({ only = '' }) => {
  const { scores, failures } = runCases(startServer(), loadCorpus(), (id) => id.includes(only));
  const kinds = [...scores].sort(([left], [right]) => (left < right ? -1 : 1));
  return Promise.resolve(
    kinds.flatMap(([kind, score]) =>
      LEVELS.filter((level) => score[level][1] > 0).map((level): Score => {
        const [passed, total] = score[level];
        const failed = failures.filter((failure) => failure.kind === kind && failure.level === level);
        return { group: kind, measure: level, passed, total, failures: failed.map(({ id, got }) => `${id}: ${JSON.stringify(got)}`) };
      }),
    ),
  );
};
