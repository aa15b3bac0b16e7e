import type { Pod } from '../../api/schema/types/core/v1.ts';
import { formatQuantity, fromValue, value } from '../../apimachinery/quantity/quantity.ts';
import { findContainer } from '../containers.ts';
import type { Kubelet } from '../kubelet.ts';
import { podRequests } from '../lifecycle/resources.ts';
import type { PodState } from '../state.ts';
import { containerDisk, podDisk } from './disk.ts';
import { containerUsage, podMemory } from './memory.ts';
import { podProcesses } from './processes.ts';
import type { Reclaimed, Signal } from './thresholds.ts';

/** From this priority on a Pod is critical: the kubelet does not evict it. */
const CRITICAL_PRIORITY = 2_000_000_000;
const MIRROR = 'kubernetes.io/config.mirror';

/**
 * Who goes first: Pods that use more than they asked for, then the least important, then those furthest above their request.
 * Nobody asks for processes: the least important go first, and of those the ones that have the most.
 * Worked example (memory): a uses 10Mi of 0, b 10Mi of 1Mi, c 10Mi of 64Mi, all of one priority: a, b, c.
 * Counterpart: rankMemoryPressure, rankDiskPressureFunc and rankPIDPressure.
 */
export function ranked(kubelet: Kubelet, pods: readonly PodState[], resource: Reclaimed): readonly PodState[] {
  const candidates = pods
    .filter(({ work }) => work === 'syncing')
    .map((state) => ({ state, pod: kubelet.pod(state) }))
    .filter(({ pod }) => !isCritical(pod))
    .map(({ state, pod }) => {
      const above = usageOf(kubelet, state, resource) - requestOf(pod, resource);
      return { state, exceeds: resource !== 'pids' && above > 0, priority: pod.spec?.priority ?? 0, above };
    });
  return candidates
    .toSorted((a, b) => Number(b.exceeds) - Number(a.exceeds) || a.priority - b.priority || b.above - a.above)
    .map(({ state }) => state);
}

function usageOf(kubelet: Kubelet, state: PodState, resource: Reclaimed): number {
  switch (resource) {
    case 'memory':
      return podMemory(kubelet, state);
    case 'ephemeral-storage':
      return podDisk(kubelet, state).bytes;
    case 'inodes':
      return podDisk(kubelet, state).inodes;
    case 'pids':
      return podProcesses(kubelet, state);
  }
}

function requestOf(pod: Pod, resource: Reclaimed): number {
  if (resource === 'memory') return podRequests(pod).memoryBytes;
  return resource === 'ephemeral-storage' ? podRequests(pod).ephemeralBytes : 0;
}

function isCritical({ metadata, spec }: Pod): boolean {
  return (spec?.priority ?? 0) >= CRITICAL_PRIORITY || metadata.annotations?.[MIRROR] !== undefined;
}

/** Why a Pod is evicted. Text as recorded in the kubelet's corpus (extra/eviction.yaml). */
export function evictionText(kubelet: Kubelet, state: PodState, { resource, threshold, available }: Signal): string {
  const pod = kubelet.pod(state);
  const head = `The node was low on resource: ${resource}. Threshold quantity: ${threshold}, available: ${available}. `;
  // Containers ask for neither inodes nor processes.
  if (resource === 'inodes' || resource === 'pids') return head;
  const order = (pod.spec?.containers ?? []).map(({ name }) => name);
  return containerUsage(kubelet, state)
    .toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
    .reduce((text, { name, bytes: memory }) => {
      const bytes = resource === 'memory' ? memory : containerDisk(kubelet, state, name).bytes;
      const request = findContainer(pod, name)?.spec.resources?.requests?.[resource] ?? '0';
      if (bytes <= value(request)) return text;
      return `${text}Container ${name} was using ${bytesText(bytes)}, request is ${request}, has larger consumption of ${resource}. `;
    }, head);
}

function bytesText(bytes: number): string {
  return formatQuantity(fromValue(bytes, 'BinarySI'));
}
