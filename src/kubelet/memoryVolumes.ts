/**
 * Volumes that lie in memory: their files count for the memory of a container, and their size is bounded.
 * Invariant: reads only; what a volume holds counts for one container, the first that mounts it.
 * Counterpart: emptyDir with `medium: Memory` of pkg/volume/emptydir (SizeMemoryBackedVolumes), and tmpfs in a control group.
 */
import type { Container, Node, Pod, Volume } from '../api/schema/types/core/v1.ts';
import { value } from '../apimachinery/quantity/quantity.ts';
import { layersBelow, type WrittenFiles } from './eviction/disk.ts';
import { isSidecar } from './lifecycle/resources.ts';
import { limitsOf } from './limits.ts';

export function isInMemory({ emptyDir }: Volume): boolean {
  return emptyDir?.medium === 'Memory';
}

/** What the files in memory that count for a container take; undefined: it has no such volume. */
export function sharedMemory(worlds: WrittenFiles, pod: Pod, { name, volumeMounts = [] }: Container): number | undefined {
  const volumes = (pod.spec?.volumes ?? []).filter(
    (volume) => isInMemory(volume) && volumeMounts.some((mount) => mount.name === volume.name),
  );
  if (volumes.length === 0) return undefined;
  return volumes.reduce((sum, volume) => (holderOf(pod, volume) === name ? sum + usedBytes(worlds, pod, volume) : sum), 0);
}

/**
 * How much may still be written into a volume in memory: its own limit, that of the Pod's memory, or what the node has for Pods.
 * Worked example: sizeLimit 64Mi, the only container has 128Mi, 60Mi are written: 4Mi.
 */
export function roomIn(worlds: WrittenFiles, pod: Pod, volume: Volume, node: Node | undefined): number {
  const running = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []).filter(isSidecar)];
  const ofPod = running.reduce((sum, container) => sum + limitsOf(container).memoryBytes, 0);
  const allocatable = value(node?.status?.allocatable?.['memory']) || Number.POSITIVE_INFINITY;
  const own = value(volume.emptyDir?.sizeLimit) || Number.POSITIVE_INFINITY;
  return Math.max(Math.min(own, ofPod, allocatable) - usedBytes(worlds, pod, volume), 0);
}

function holderOf({ spec }: Pod, volume: Volume): string | undefined {
  const all = [...(spec?.initContainers ?? []).filter(isSidecar), ...(spec?.containers ?? [])];
  return all.find(({ volumeMounts = [] }) => volumeMounts.some(({ name }) => name === volume.name))?.name;
}

function usedBytes(worlds: WrittenFiles, { metadata }: Pod, { name }: Volume): number {
  return layersBelow({ worlds }, { uid: metadata.uid ?? '' }, `volume/${name}`).bytes;
}
