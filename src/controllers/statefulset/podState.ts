import type { Pod } from '../../api/schema/types/core/v1.ts';
import { isPodAvailable, isPodReady } from '../util/podUtil.ts';

/** How a StatefulSet sees its Pods. */
export function isCreated(pod: Pod | undefined): pod is Pod {
  return pod !== undefined && (pod.status?.phase ?? '') !== '';
}

export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status?.phase === 'Running' && isPodReady(pod);
}

export function isRunningAndAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  return pod.status?.phase === 'Running' && isPodAvailable(pod, minReadySeconds, nowMs);
}

/** What a StatefulSet waits for: not there, on its way out, not ready, or not for minReadySeconds yet. */
export function isUnavailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  return isTerminating(pod) || !isRunningAndAvailable(pod, minReadySeconds, nowMs);
}
