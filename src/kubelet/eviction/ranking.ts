import type { Pod } from '../../api/schema/types/core/v1.ts';
import { formatQuantity, fromValue, value } from '../../apimachinery/quantity/quantity.ts';
import { findContainer } from '../containers.ts';
import type { Kubelet } from '../kubelet.ts';
import { podRequests } from '../lifecycle/resources.ts';
import type { PodState } from '../state.ts';
import { CONTAINER_DISK_BYTES, containerUsage, podMemory, type Reclaimed, type Signal } from './thresholds.ts';

/** From this priority on a Pod is critical: the kubelet does not evict it. */
const CRITICAL_PRIORITY = 2_000_000_000;
const MIRROR = 'kubernetes.io/config.mirror';

/**
 * Who goes first: Pods that use more than they asked for, then the least important, then those furthest above their request.
 * Worked example (memory): a uses 10Mi of 0, b 10Mi of 1Mi, c 10Mi of 64Mi, all of one priority: a, b, c.
 * Counterpart: rankMemoryPressure and rankDiskPressureFunc.
 */
export function ranked(kubelet: Kubelet, pods: readonly PodState[], resource: Reclaimed): readonly PodState[] {
  const candidates = pods
    .filter(({ work }) => work === 'syncing')
    .map((state) => ({ state, pod: kubelet.pod(state) }))
    .filter(({ pod }) => !isCritical(pod))
    .map(({ state, pod }) => {
      const requests = podRequests(pod);
      const usage = resource === 'memory' ? podMemory(kubelet, state) : state.records.length * CONTAINER_DISK_BYTES;
      const above = usage - (resource === 'memory' ? requests.memoryBytes : requests.ephemeralBytes);
      return { state, exceeds: above > 0, priority: pod.spec?.priority ?? 0, above };
    });
  return candidates
    .toSorted((a, b) => Number(b.exceeds) - Number(a.exceeds) || a.priority - b.priority || b.above - a.above)
    .map(({ state }) => state);
}

function isCritical({ metadata, spec }: Pod): boolean {
  return (spec?.priority ?? 0) >= CRITICAL_PRIORITY || metadata.annotations?.[MIRROR] !== undefined;
}

/** Why a Pod is evicted. Text as recorded in the kubelet's corpus (extra/eviction.yaml). */
export function evictionText(kubelet: Kubelet, state: PodState, { resource, thresholdBytes, availableBytes }: Signal): string {
  const pod = kubelet.pod(state);
  const head = `The node was low on resource: ${resource}. Threshold quantity: ${bytesText(thresholdBytes)}, available: ${bytesText(availableBytes)}. `;
  const usage = containerUsage(kubelet, state).map(({ name, bytes }) => ({
    name,
    bytes: resource === 'memory' ? bytes : CONTAINER_DISK_BYTES,
  }));
  const order = (pod.spec?.containers ?? []).map(({ name }) => name);
  return usage
    .toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
    .reduce((text, { name, bytes }) => {
      const request = findContainer(pod, name)?.spec.resources?.requests?.[resource] ?? '0';
      if (bytes <= value(request)) return text;
      return `${text}Container ${name} was using ${bytesText(bytes)}, request is ${request}, has larger consumption of ${resource}. `;
    }, head);
}

function bytesText(bytes: number): string {
  return formatQuantity(fromValue(bytes, 'BinarySI'));
}
