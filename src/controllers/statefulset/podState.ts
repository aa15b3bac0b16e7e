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

export function isHealthy(pod: Pod): boolean {
  return isRunningAndReady(pod) && !isTerminating(pod);
}
