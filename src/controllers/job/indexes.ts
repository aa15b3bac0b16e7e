/**
 * Sets of completion indexes, as a Job's status writes them: `0,1,4-7`. A run of two is written with a comma, a longer one with a hyphen.
 * Runs are ordered, do not touch and keep within 0 … completions - 1.
 * Counterpart: orderedIntervals of k8s.io/kubernetes/pkg/controller/job/indexed_job_utils.go.
 */
export interface Run {
  readonly first: number;
  readonly last: number;
}
export type IndexSet = readonly Run[];

export const NO_INDEXES: IndexSet = [];

/** Reads a status; indexes from `completions` on are left out (an elastic Job that was made smaller), text that is none likewise. */
export function parseIndexes(text: string | undefined, completions: number): IndexSet {
  if (text === undefined || text === '') return NO_INDEXES;
  const runs: Run[] = [];
  for (const part of text.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (match === null) continue;
    const first = Number(match[1]);
    if (first >= completions) break;
    const last = Math.min(Number(match[2] ?? match[1]), completions - 1);
    const before = runs.at(-1);
    if (before !== undefined && before.last >= first - 1)
      runs[runs.length - 1] = { first: before.first, last: Math.max(before.last, last) };
    else runs.push({ first, last });
  }
  return runs;
}

export function formatIndexes(indexes: IndexSet): string {
  return indexes.map(({ first, last }) => (first === last ? String(first) : `${first}${last === first + 1 ? ',' : '-'}${last}`)).join(',');
}

export function countIndexes(indexes: IndexSet): number {
  return indexes.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** Binary search over the runs. */
export function hasIndex(indexes: IndexSet, index: number): boolean {
  let low = 0;
  let high = indexes.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const run = indexes[middle];
    if (run === undefined || (run.first <= index && index <= run.last)) return run !== undefined;
    if (index < run.first) high = middle - 1;
    else low = middle + 1;
  }
  return false;
}

/** The set with some more indexes, in any order. Worked example: `0,1,4` and 2, 6 give `0-2,4,6`. */
export function withIndexes(indexes: IndexSet, more: readonly number[]): IndexSet {
  if (more.length === 0) return indexes;
  const all: Run[] = [...indexes, ...more.map((index) => ({ first: index, last: index }))].sort((left, right) => left.first - right.first);
  const runs: Run[] = [];
  for (const run of all) {
    const before = runs.at(-1);
    if (before !== undefined && before.last >= run.first - 1)
      runs[runs.length - 1] = { first: before.first, last: Math.max(before.last, run.last) };
    else runs.push(run);
  }
  return runs;
}
