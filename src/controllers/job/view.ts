import type { Draft } from '../../base/json.ts';
import type { Job, JobCondition, JobStatus } from '../../api/schema/types/batch/v1.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { isPodActive, isPodReady, isPodTerminating } from '../util/podUtil.ts';
import { judgeFailure } from './failurePolicy.ts';
import { COMPLETION_INDEX, counterOf, hasFailed, INDEX_FAILURE_COUNT, indexOf, isIndexed, isTracked } from './pods.ts';
import { countIndexes, hasIndex, parseIndexes, withIndexes, type IndexSet } from './indexes.ts';

/** What one look at a Job finds; `status` is what will be written, the counts follow what the look itself does. */
export interface JobView {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly activePods: readonly Pod[];
  readonly newSucceeded: readonly Pod[];
  readonly newFailed: readonly Pod[];
  /** Indexed Jobs: what had succeeded before this look, and what has now. */
  readonly countedIndexes: IndexSet;
  readonly succeededIndexes: IndexSet;
  /** Jobs with backoffLimitPerIndex only. */
  readonly failedIndexes: IndexSet | undefined;
  readonly succeeded: number;
  readonly failed: number;
  readonly status: Draft<JobStatus>;
  active: number;
  ready: number;
  terminating: number;
  /** The condition that ends the Job: FailureTarget or SuccessCriteriaMet at first. */
  ending: Draft<JobCondition> | undefined;
}

export function viewOf(job: Job, pods: readonly Pod[], status: Draft<JobStatus>): JobView {
  const { uncountedTerminatedPods: uncounted = {} } = status;
  const isNew = (pod: Pod, known: readonly string[] = []): boolean => isTracked(pod) && !known.includes(pod.metadata.uid ?? '');
  const newSucceeded = pods.filter((pod) => pod.status?.phase === 'Succeeded' && isNew(pod, uncounted.succeeded));
  const newFailed = pods.filter((pod) => hasFailed(pod, job) && isNew(pod, uncounted.failed));
  const activePods = pods.filter(isPodActive);
  const completions = job.spec?.completions ?? 0;
  const indexed = isIndexed(job);
  const countedIndexes = indexed ? parseIndexes(status.completedIndexes, completions) : [];
  const indexesOf = (some: readonly Pod[]): readonly number[] =>
    some.map((pod) => indexOf(pod, job)).filter((index) => index !== undefined);
  const succeededIndexes = withIndexes(countedIndexes, indexed ? indexesOf(newSucceeded) : []);
  return {
    job,
    pods,
    activePods,
    newSucceeded,
    newFailed,
    countedIndexes,
    succeededIndexes,
    failedIndexes: hasLimitPerIndex(job)
      ? withIndexes(parseIndexes(status.failedIndexes, completions), indexesOf(failedForGood(job, pods)))
      : undefined,
    succeeded: indexed
      ? countIndexes(succeededIndexes)
      : (status.succeeded ?? 0) + newSucceeded.length + (uncounted.succeeded ?? []).length,
    failed: (status.failed ?? 0) + countedFailures(job, newFailed) + (uncounted.failed ?? []).length,
    status,
    active: activePods.length,
    ready: activePods.filter(isPodReady).length,
    terminating: pods.filter(isPodTerminating).length,
    ending: undefined,
  };
}

export function hasLimitPerIndex(job: Job): boolean {
  return isIndexed(job) && job.spec?.backoffLimitPerIndex !== undefined;
}

/** The failed Pod of each index that still waits for its replacement; the newest of an index. It keeps its finalizer until then. */
export function awaitingReplacement({ job, pods, activePods, succeededIndexes, failedIndexes }: JobView): ReadonlyMap<number, Pod> {
  const waiting = new Map<number, Pod>();
  if (failedIndexes === undefined) return waiting;
  const busy = new Set(activePods.map((pod) => pod.metadata.annotations?.[COMPLETION_INDEX]));
  for (const pod of pods) {
    if (!isTracked(pod) || !hasFailed(pod, job)) continue;
    const index = indexOf(pod, job);
    if (index === undefined || busy.has(String(index)) || hasIndex(succeededIndexes, index) || hasIndex(failedIndexes, index)) continue;
    const other = waiting.get(index);
    if (other === undefined || counterOf(other, INDEX_FAILURE_COUNT) <= counterOf(pod, INDEX_FAILURE_COUNT)) waiting.set(index, pod);
  }
  return waiting;
}

function countedFailures(job: Job, failed: readonly Pod[]): number {
  if (job.spec?.podFailurePolicy === undefined) return failed.length;
  return failed.filter((pod) => judgeFailure(job, pod).counts).length;
}

/** Pods after whose failure their index is given up. */
function failedForGood(job: Job, pods: readonly Pod[]): readonly Pod[] {
  const limit = job.spec?.backoffLimitPerIndex ?? 0;
  return pods.filter((pod) => {
    if (!isTracked(pod) || !hasFailed(pod, job)) return false;
    const { action, counts } = judgeFailure(job, pod);
    if (action === 'FailIndex') return true;
    return counts && counterOf(pod, INDEX_FAILURE_COUNT) >= limit;
  });
}
