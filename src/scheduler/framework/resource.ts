import { milliValue, value } from '../../apimachinery/quantity/quantity.ts';
import type { Container, Pod } from '../../api/schema/types/core/v1.ts';

/** Amounts of resources in whole units: CPU in thousandths, memory and ephemeral storage in bytes, others by name. */
export interface Resource {
  milliCpu: number;
  memoryBytes: number;
  ephemeralStorageBytes: number;
  pods: number;
  scalars: Map<string, number> | undefined;
}

/** What a container without a request counts when nodes are scored: 100m CPU, 200 MiB. */
export const DEFAULT_MILLI_CPU = 100;
export const DEFAULT_MEMORY_BYTES = 200 * 1024 * 1024;

export function emptyResource(): Resource {
  return { milliCpu: 0, memoryBytes: 0, ephemeralStorageBytes: 0, pods: 0, scalars: undefined };
}

export type ResourceList = Readonly<Record<string, string>>;

export function resourceOf(list: ResourceList | undefined): Resource {
  const result = emptyResource();
  for (const name of Object.keys(list ?? {})) setAmount(result, name, list?.[name]);
  return result;
}

export function addResource(target: Resource, other: Resource, sign: 1 | -1): void {
  target.milliCpu += sign * other.milliCpu;
  target.memoryBytes += sign * other.memoryBytes;
  target.ephemeralStorageBytes += sign * other.ephemeralStorageBytes;
  if (other.scalars === undefined) return;
  target.scalars ??= new Map();
  for (const [name, amount] of other.scalars) target.scalars.set(name, (target.scalars.get(name) ?? 0) + sign * amount);
}

/** What a Pod needs of a node. */
export interface PodRequests {
  readonly total: Resource;
  /** CPU and memory with the defaults for containers that ask for none; for scores only, once the Pod is on a node. */
  readonly nonZeroMilliCpu: number;
  readonly nonZeroMemoryBytes: number;
  /** The same while the Pod is being placed: then requests of the Pod as a whole are not looked at (as recorded). */
  readonly incomingMilliCpu: number;
  readonly incomingMemoryBytes: number;
}

const cache = new WeakMap<object, PodRequests>();

/**
 * The requests of a Pod: what its containers and sidecars need together, or what its hungriest init container needs at
 * its time, whichever is more, per resource; requests of the Pod as a whole take the place of the sum; overhead is added.
 * Example: init containers 2 CPU then 1 CPU, containers 500m + 500m, overhead 100m: max(2, 1, 0.5 + 0.5) + 0.1 = 2100m.
 * Kept per spec object: stored objects never change.
 */
export function podRequests(pod: Pod): PodRequests {
  const { spec } = pod;
  if (spec === undefined) return NONE;
  const known = cache.get(spec);
  if (known !== undefined) return known;
  const total = sum(pod, resourceOf);
  const nonZero = sum(pod, (list) => {
    const asked = resourceOf(list);
    if (list?.['cpu'] === undefined) asked.milliCpu = DEFAULT_MILLI_CPU;
    if (list?.['memory'] === undefined) asked.memoryBytes = DEFAULT_MEMORY_BYTES;
    return asked;
  });
  const podLevel = spec.resources?.requests;
  const overhead = resourceOf(spec.overhead);
  const incomingMilliCpu = nonZero.milliCpu + overhead.milliCpu;
  const incomingMemoryBytes = nonZero.memoryBytes + overhead.memoryBytes;
  for (const name of Object.keys(podLevel ?? {})) {
    setAmount(total, name, podLevel?.[name]);
    setAmount(nonZero, name, podLevel?.[name]);
  }
  addResource(total, overhead, 1);
  addResource(nonZero, overhead, 1);
  const result: PodRequests = {
    total,
    nonZeroMilliCpu: nonZero.milliCpu,
    nonZeroMemoryBytes: nonZero.memoryBytes,
    incomingMilliCpu,
    incomingMemoryBytes,
  };
  cache.set(spec, result);
  return result;
}

const texts = new WeakMap<PodRequests, string>();

/** Equal for Pods that need the same. */
export function requestsText(pod: Pod): string {
  const requests = podRequests(pod);
  let text = texts.get(requests);
  if (text === undefined) {
    const { milliCpu, memoryBytes, ephemeralStorageBytes, scalars } = requests.total;
    const { incomingMilliCpu, incomingMemoryBytes } = requests;
    text = [milliCpu, memoryBytes, ephemeralStorageBytes, ...(scalars ?? []), incomingMilliCpu, incomingMemoryBytes].join(' ');
    texts.set(requests, text);
  }
  return text;
}

const NONE: PodRequests = {
  total: emptyResource(),
  nonZeroMilliCpu: 0,
  nonZeroMemoryBytes: 0,
  incomingMilliCpu: 0,
  incomingMemoryBytes: 0,
};

function sum(pod: Pod, requestsOf: (list: ResourceList | undefined) => Resource): Resource {
  const running = emptyResource();
  for (const container of pod.spec?.containers ?? []) addResource(running, requestsOf(container.resources?.requests), 1);
  const sidecars = emptyResource();
  const initial = emptyResource();
  for (const container of pod.spec?.initContainers ?? []) {
    const asked = requestsOf(container.resources?.requests);
    if (isSidecar(container)) {
      addResource(running, asked, 1);
      addResource(sidecars, asked, 1);
      maximum(initial, sidecars);
    } else {
      addResource(asked, sidecars, 1);
      maximum(initial, asked);
    }
  }
  maximum(running, initial);
  return running;
}

export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

function maximum(target: Resource, other: Resource): void {
  target.milliCpu = Math.max(target.milliCpu, other.milliCpu);
  target.memoryBytes = Math.max(target.memoryBytes, other.memoryBytes);
  target.ephemeralStorageBytes = Math.max(target.ephemeralStorageBytes, other.ephemeralStorageBytes);
  for (const [name, amount] of other.scalars ?? []) {
    target.scalars ??= new Map();
    target.scalars.set(name, Math.max(target.scalars.get(name) ?? 0, amount));
  }
}

/** The amount of one resource by its name, in the units of `Resource`. */
export function amountOf(resource: Resource, name: string): number {
  if (name === 'cpu') return resource.milliCpu;
  if (name === 'memory') return resource.memoryBytes;
  if (name === 'ephemeral-storage') return resource.ephemeralStorageBytes;
  return resource.scalars?.get(name) ?? 0;
}

function setAmount(target: Resource, name: string, text: string | undefined): void {
  if (text === undefined) return;
  if (name === 'cpu') target.milliCpu = milliValue(text);
  else if (name === 'memory') target.memoryBytes = value(text);
  else if (name === 'ephemeral-storage') target.ephemeralStorageBytes = value(text);
  else if (name === 'pods') target.pods = value(text);
  else (target.scalars ??= new Map()).set(name, value(text));
}
