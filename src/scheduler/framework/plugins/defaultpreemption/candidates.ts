import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import { parseTime } from '../../../../apimachinery/meta/time.ts';
import { priorityOf } from '../helper/priority.ts';

/** A node on which the Pod would fit if these Pods went. */
export interface Candidate {
  readonly node: string;
  /** Highest priority first, then the one that started first. */
  readonly victims: readonly Pod[];
  readonly budgetViolations: number;
}

/** Makes priorities positive before they are added up, so that more victims never look better. */
const PRIORITY_OFFSET = 2 ** 31;

/**
 * The best candidate by the first criterion that tells them apart: fewest violations of disruption budgets, lowest
 * priority of the highest victim, smallest sum of priorities, fewest victims, latest start among the highest victims, first.
 */
export function chooseCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  let rest = candidates;
  for (const cost of COSTS) {
    if (rest.length <= 1) break;
    const costs = rest.map(cost);
    const least = Math.min(...costs);
    rest = rest.filter((_, i) => costs[i] === least);
  }
  return rest[0];
}

const COSTS: readonly ((candidate: Candidate) => number)[] = [
  (candidate) => candidate.budgetViolations,
  (candidate) => highestPriority(candidate),
  (candidate) => candidate.victims.reduce((sum, pod) => sum + priorityOf(pod) + PRIORITY_OFFSET, 0),
  (candidate) => candidate.victims.length,
  (candidate) => -earliestStart(candidate),
];

function highestPriority({ victims }: Candidate): number {
  return victims[0] === undefined ? 0 : priorityOf(victims[0]);
}

function earliestStart(candidate: Candidate): number {
  const highest = highestPriority(candidate);
  return Math.min(...candidate.victims.filter((pod) => priorityOf(pod) === highest).map(startOf));
}

/** A Pod that has not started counts as started now: later than all others. */
export function startOf(pod: Pod): number {
  const { startTime } = pod.status ?? {};
  return startTime === undefined ? Number.MAX_SAFE_INTEGER : parseTime(startTime);
}

/** Higher priority first, then the earlier start. */
export function moreImportant(a: Pod, b: Pod): number {
  return priorityOf(b) - priorityOf(a) || startOf(a) - startOf(b);
}
