import { draft, jsonEqual, type Draft } from '../../base/json.ts';
import type { ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from '../../api/schema/types/apps/v1.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { fromSet, matches } from '../../apimachinery/labels/selector.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import { isPodAvailable, isPodReady } from '../util/podUtil.ts';

/** What went wrong while Pods were made or removed. */
export interface ReplicaFailure {
  readonly reason: 'FailedCreate' | 'FailedDelete';
  readonly message: string;
}

/**
 * The status that follows from the Pods. Counts of zero stay out but for replicas and terminatingReplicas, as in the
 * recorded API. ReplicaFailure comes with a failure and goes when one sync has had none.
 * @param terminating undefined for kinds whose status does not count terminating Pods
 */
export function calculateStatus(
  set: ReplicaSet,
  active: readonly Pod[],
  terminating: number | undefined,
  failure: ReplicaFailure | undefined,
  nowMs: number,
): Draft<ReplicaSetStatus> {
  const labels = fromSet(set.spec?.template?.metadata?.labels);
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  const count = (test: (pod: Pod) => boolean): number => active.reduce((sum, pod) => sum + (test(pod) ? 1 : 0), 0);
  const conditions = withFailure(draft(set.status?.conditions ?? []), failure, nowMs);
  return {
    replicas: active.length,
    ...nonZero(
      'fullyLabeledReplicas',
      count((pod) => matches(labels, pod.metadata.labels)),
    ),
    ...nonZero('readyReplicas', count(isPodReady)),
    ...nonZero(
      'availableReplicas',
      count((pod) => isPodAvailable(pod, minReadySeconds, nowMs)),
    ),
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
    ...(set.metadata.generation === undefined ? {} : { observedGeneration: set.metadata.generation }),
    ...(conditions.length === 0 ? {} : { conditions }),
  };
}

export function statusChanged(set: ReplicaSet, status: ReplicaSetStatus): boolean {
  return !jsonEqual(set.status, status);
}

function withFailure(
  conditions: Draft<ReplicaSetCondition>[],
  failure: ReplicaFailure | undefined,
  nowMs: number,
): Draft<ReplicaSetCondition>[] {
  const present = conditions.some(({ type }) => type === 'ReplicaFailure');
  if (failure === undefined) return present ? conditions.filter(({ type }) => type !== 'ReplicaFailure') : conditions;
  if (present) return conditions;
  const { reason, message } = failure;
  return [...conditions, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: formatTime(nowMs), reason, message }];
}

function nonZero<K extends string>(key: K, value: number): { readonly [Key in K]?: number } {
  return (value === 0 ? {} : { [key]: value }) as { readonly [Key in K]?: number };
}
