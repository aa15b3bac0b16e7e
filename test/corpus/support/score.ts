// What the replay of a corpus hands to `npm run fidelity` and to the tests.
// A corpus is a folder test/corpus/<name>/ with the recorded data and a `replay.ts` that exports `replay`.

/** How often one measure of one group agreed with the recording. */
export interface Score {
  /** The corpus' own word: a kind, `lifecycle`, `noderesources`. */
  readonly group: string;
  /** `cases`, or where a case is judged in several ways `verdict`, `fields`, `messages`, `defaulting`. */
  readonly measure: string;
  readonly passed: number;
  readonly total: number;
  /** One line per case that disagreed, beginning with its id. */
  readonly failures: readonly string[];
}

export interface ReplayOptions {
  /** Only cases whose id contains this. */
  readonly only?: string;
}

/** Replays the corpus in this process. Deterministic: the same sources give the same scores. */
export type Replay = (options: ReplayOptions) => Promise<readonly Score[]>;

/** Counts agreements into scores, in the order in which groups and measures first appear. */
export function scoreKeeper(): {
  readonly count: (group: string, measure: string, passed: boolean, failure?: string) => void;
  readonly scores: () => readonly Score[];
} {
  const counted = new Map<string, { group: string; measure: string; passed: number; total: number; failures: string[] }>();
  return {
    count(group, measure, passed, failure = '') {
      const key = `${group}\0${measure}`;
      const score = counted.get(key) ?? { group, measure, passed: 0, total: 0, failures: [] };
      counted.set(key, score);
      score.total += 1;
      if (passed) score.passed += 1;
      else score.failures.push(failure);
    },
    scores: () => [...counted.values()],
  };
}

/** `98.4 %`, rounded down so that only a full score reads 100 %. */
export function percent({ passed, total }: Pick<Score, 'passed' | 'total'>): string {
  return total === 0 ? '–' : `${(Math.floor((passed / total) * 1000) / 10).toFixed(1)} %`;
}
