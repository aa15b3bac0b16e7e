import type { Container, Pod } from '../../api/schema/types/core/v1.ts';
import { milliValue, value } from '../../apimachinery/quantity/quantity.ts';

/** What a Pod asks of its node. */
export interface PodRequests {
  cpuMilli: number;
  memoryBytes: number;
  ephemeralBytes: number;
  pods: number;
}

export const NO_REQUESTS: Readonly<PodRequests> = { cpuMilli: 0, memoryBytes: 0, ephemeralBytes: 0, pods: 0 };

/**
 * The larger of what the containers and sidecars ask for together and what each init container asks for beside the
 * sidecars that started before it. Example: init 2 CPU, sidecar 100m, app 1 CPU: max(2, 1.1) = 2 CPU. What the Pod asks
 * for as a whole stands for that.
 */
export function podRequests(pod: Pod): PodRequests {
  const spec = pod.spec;
  const total: PodRequests = { ...NO_REQUESTS, pods: 1 };
  for (const container of spec?.containers ?? []) add(total, container);
  const sidecars: PodRequests = { ...NO_REQUESTS };
  const peak: PodRequests = { ...NO_REQUESTS };
  for (const container of spec?.initContainers ?? []) {
    if (isSidecar(container)) {
      add(total, container);
      add(sidecars, container);
      raise(peak, sidecars);
    } else {
      const own = { ...sidecars };
      add(own, container);
      raise(peak, own);
    }
  }
  raise(total, peak);
  const own = spec?.resources?.requests;
  if (own?.['cpu'] !== undefined) total.cpuMilli = milliValue(own['cpu']);
  if (own?.['memory'] !== undefined) total.memoryBytes = value(own['memory']);
  if (spec?.overhead !== undefined) addList(total, spec.overhead);
  return total;
}

/** An init container that goes on running beside the others. */
export function isSidecar(container: Pick<Container, 'restartPolicy'>): boolean {
  return container.restartPolicy === 'Always';
}

export function accumulate(total: PodRequests, part: Readonly<PodRequests>, sign: 1 | -1): void {
  total.cpuMilli += sign * part.cpuMilli;
  total.memoryBytes += sign * part.memoryBytes;
  total.ephemeralBytes += sign * part.ephemeralBytes;
  total.pods += sign * part.pods;
}

function add(total: PodRequests, container: Container): void {
  const requests = container.resources?.requests;
  if (requests !== undefined) addList(total, requests);
}

function addList(total: PodRequests, list: Readonly<Record<string, string>>): void {
  if (list['cpu'] !== undefined) total.cpuMilli += milliValue(list['cpu']);
  if (list['memory'] !== undefined) total.memoryBytes += value(list['memory']);
  if (list['ephemeral-storage'] !== undefined) total.ephemeralBytes += value(list['ephemeral-storage']);
}

function raise(total: PodRequests, other: Readonly<PodRequests>): void {
  total.cpuMilli = Math.max(total.cpuMilli, other.cpuMilli);
  total.memoryBytes = Math.max(total.memoryBytes, other.memoryBytes);
  total.ephemeralBytes = Math.max(total.ephemeralBytes, other.ephemeralBytes);
}
