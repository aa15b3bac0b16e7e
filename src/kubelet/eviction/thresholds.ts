/**
 * What a kubelet watches of its machine, and below what it evicts: the hard thresholds that every kubelet has by default.
 * Counterpart: k8s.io/kubernetes/pkg/kubelet/eviction (helpers.go) and the defaults of KubeletConfiguration.
 */
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
  readonly resource: Reclaimed;
  readonly condition: Pressure;
  readonly availableBytes: number;
  readonly thresholdBytes: number;
}

const MEMORY_THRESHOLD_BYTES = 100 * 1024 * 1024;
/** Disk that holds files and images alike: the stricter of `nodefs.available<10%` and `imagefs.available<15%` acts. */
const NODEFS_SHARE = 0.1;
const IMAGEFS_SHARE = 0.15;
const KIBI = 1024;
/** What a container writes that nobody looks into. */
export const CONTAINER_DISK_BYTES = 4 * KIBI;

/** The signals that are below their thresholds, memory first as the real one orders them. */
export function metThresholds(kubelet: Kubelet, node: Node, state: NodeState): readonly Signal[] {
  const capacity = node.status?.capacity ?? {};
  const memory: Signal = {
    resource: 'memory',
    condition: 'MemoryPressure',
    availableBytes: floorKibi(value(capacity['memory']) - memoryInUse(kubelet, state)),
    thresholdBytes: MEMORY_THRESHOLD_BYTES,
  };
  const diskBytes = value(capacity['ephemeral-storage']);
  const disk = (share: number): Signal => ({
    resource: 'ephemeral-storage',
    condition: 'DiskPressure',
    availableBytes: floorKibi(diskAvailable(kubelet, node, state, diskBytes)),
    thresholdBytes: Math.floor(diskBytes * share),
  });
  return [memory, disk(NODEFS_SHARE), disk(IMAGEFS_SHARE)].filter(({ availableBytes, thresholdBytes }) => availableBytes < thresholdBytes);
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
