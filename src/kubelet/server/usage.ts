import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { ContainerUsage } from '../../apiserver/endpoints/nodeApi.ts';
import { milliValue, value } from '../../apimachinery/quantity/quantity.ts';
import { isRunning } from '../../runtime/container.ts';
import { idleUsage } from '../../runtime/usage.ts';
import { describedMemory } from '../../runtime/programs/memory.ts';
import { leakedBytes } from '../faults/podFaults.ts';
import type { Kubelet } from '../kubelet.ts';
import type { PodState } from '../state.ts';
import { findStarted, type Started } from './started.ts';

/** The containers of a Pod that run now. */
export function runningContainers(pod: Pod, state: PodState | undefined, nowMs: number): readonly Started[] {
  return [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].flatMap(({ name }) => {
    const started = findStarted(pod, state, name, false);
    return typeof started === 'string' || !isRunning(started.record, nowMs) ? [] : [started];
  });
}

/** What they use, with what a fault makes them leak. Counterpart: the summary API of a kubelet. */
export function usageOf(kubelet: Kubelet, pod: Pod, state: PodState | undefined): readonly ContainerUsage[] {
  const nowMs = kubelet.now();
  return runningContainers(pod, state, nowMs).map(({ container, record }) => {
    const { requests, limits } = container.resources ?? {};
    const allowance = {
      requestedMilliCpu: milliValue(requests?.['cpu']),
      requestedBytes: value(requests?.['memory']),
      limitMilliCpu: limits?.['cpu'] === undefined ? Number.POSITIVE_INFINITY : milliValue(limits['cpu']),
      limitBytes: limits?.['memory'] === undefined ? Number.POSITIVE_INFINITY : value(limits['memory']),
    };
    const ageMs = nowMs - (record.startedAtMs ?? nowMs);
    const usage = idleUsage(record.id, allowance, ageMs);
    const memoryBytes = describedMemory(record.described?.program, ageMs) ?? usage.memoryBytes;
    const leaked = leakedBytes(kubelet, pod, container, record);
    const loaded = usage.nanoCpu + (kubelet.loadOn(pod.metadata.uid ?? '', container.name)?.nanoCpu ?? 0);
    const nanoCpu = Math.min(loaded, allowance.limitMilliCpu * 1e6);
    return { name: container.name, nanoCpu, memoryBytes: Math.min(memoryBytes + leaked, allowance.limitBytes) };
  });
}
