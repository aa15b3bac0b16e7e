/**
 * What a kubelet watches of its machine, and below what it evicts.
 * Disk holds files and images alike, so the stricter of `nodefs` and `imagefs` acts.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/eviction (helpers.go) and the defaults of KubeletConfiguration.
 */
import { bytesOf, type KubeletSettings } from '../../api/kubepad/nodepool/kubeletConfiguration.ts';
import { concernsNode } from '../../api/kubepad/fault/match.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import { value } from '../../apimachinery/quantity/quantity.ts';
import { isRunning } from '../../runtime/container.ts';
import { findContainer } from '../containers.ts';
import { memoryOf } from '../faults/podFaults.ts';
import { imageBytes } from '../images.ts';
import type { Kubelet } from '../kubelet.ts';
import type { NodeState, PodState, Pressure } from '../state.ts';

export type Reclaimed = 'memory' | 'ephemeral-storage';

export interface Signal {
  /** Tells the threshold apart from others. */
  readonly key: string;
  readonly isSoft: boolean;
  /** How long it must be met before anything is done. */
  readonly graceMs: number;
  readonly resource: Reclaimed;
  readonly condition: Pressure;
  readonly availableBytes: number;
  readonly thresholdBytes: number;
}

const KIBI = 1024;
/** What a container writes that nobody looks into. */
export const CONTAINER_DISK_BYTES = 4 * KIBI;

/** The signals that are below their thresholds, memory first as the real one orders them. */
export function metThresholds(kubelet: Kubelet, node: Node, state: NodeState, { thresholds }: KubeletSettings): readonly Signal[] {
  const capacity = node.status?.capacity ?? {};
  const memoryBytes = value(capacity['memory']);
  const diskBytes = value(capacity['ephemeral-storage']);
  const memoryAvailable = floorKibi(memoryBytes - memoryInUse(kubelet, state));
  const available = floorKibi(diskAvailable(kubelet, node, state, diskBytes));
  return thresholds.flatMap(({ signal, isSoft, amount, graceMs, minReclaim }): Signal[] => {
    const isMemory = signal === 'memory.available';
    const key = `${isSoft ? 'soft' : 'hard'}/${signal}`;
    const totalBytes = isMemory ? memoryBytes : diskBytes;
    const availableBytes = isMemory ? memoryAvailable : available;
    const thresholdBytes = bytesOf(amount, totalBytes);
    const reclaimBytes = state.eviction?.unresolved.includes(key) === true ? bytesOf(minReclaim, totalBytes) : 0;
    if (availableBytes >= thresholdBytes + reclaimBytes) return [];
    const needs = isMemory
      ? ({ resource: 'memory', condition: 'MemoryPressure' } as const)
      : ({ resource: 'ephemeral-storage', condition: 'DiskPressure' } as const);
    return [{ key, isSoft, graceMs, ...needs, availableBytes, thresholdBytes }];
  });
}

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

/** Images and what containers wrote; a fault takes most of the rest, but not what the kubelet has freed since. */
export function diskAvailable(kubelet: Kubelet, node: Node, state: NodeState, capacityBytes: number): number {
  const images = imageBytes(kubelet, state);
  const containers = kubelet.podsOf(state.name).reduce((sum, { records }) => sum + records.length * CONTAINER_DISK_BYTES, 0);
  const free = capacityBytes - images - containers;
  const left = kubelet.faults
    .of('DiskPressure')
    .filter((fault) => concernsNode(fault, node))
    .map(({ spec }) => amount(spec?.available ?? '5%', capacityBytes) + (state.eviction?.freedBytes ?? 0));
  return Math.min(free, ...left);
}

/** `5%` or `5Gi`. */
function amount(text: string, capacityBytes: number): number {
  return text.endsWith('%') ? (Number.parseFloat(text) / 100) * capacityBytes : value(text);
}

function floorKibi(bytes: number): number {
  return Math.floor(Math.max(bytes, 0) / KIBI) * KIBI;
}
