import { isRunning } from '../../runtime/container.ts';
import { findContainer } from '../containers.ts';
import { memoryOf } from '../faults/podFaults.ts';
import type { Kubelet } from '../kubelet.ts';
import type { NodeState, PodState } from '../state.ts';

/** What all Pods of a node use, bytes. */
export function memoryInUse(kubelet: Kubelet, state: NodeState): number {
  return kubelet.podsOf(state.name).reduce((sum, pod) => sum + podMemory(kubelet, pod), 0);
}

/** What the running containers of a Pod use now. */
export function podMemory(kubelet: Kubelet, state: PodState): number {
  return containerUsage(kubelet, state).reduce((sum, { bytes }) => sum + bytes, 0);
}

export function containerUsage(kubelet: Kubelet, state: PodState): readonly { readonly name: string; readonly bytes: number }[] {
  const nowMs = kubelet.now();
  const live = state.records.filter((record) => isRunning(record, nowMs));
  if (live.length === 0) return [];
  const pod = kubelet.pod(state);
  return live.map((record) => {
    const container = findContainer(pod, record.name)?.spec;
    return { name: record.name, bytes: container === undefined ? 0 : memoryOf(kubelet, pod, container, record) };
  });
}
