import { jsonEqual, type Draft } from '../../base/json.ts';
import type { Endpoint, EndpointPort, EndpointSlice } from '../../api/schema/types/discovery/v1.ts';

/** Addresses in one slice, at most. */
export const MAX_ENDPOINTS_PER_SLICE = 100;

/** Addresses that are reached by the same ports. */
export interface PortGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

/** What has to be written. `update` holds whole slices with their new content. */
export interface SlicePlan {
  readonly create: readonly Draft<EndpointSlice>[];
  readonly update: readonly Draft<EndpointSlice>[];
  readonly remove: readonly EndpointSlice[];
}

/**
 * Spreads addresses over slices with as few writes as it can: slices keep what they have, those that change anyway are
 * filled up first, then one unchanged slice that has just enough room, and only then new ones are made.
 * Without any address one empty slice stands for "none yet". A slice that would go takes over the place of one that would come.
 * Worked example: slices of 100 and 60 addresses; one of the first goes, three come: the first is written anyway and takes one, leaving 100;
 * the other two go into the second: two updates, nothing made.
 * Counterpart: k8s.io/endpointslice reconciler.
 * @param existing the Service's slices of one address type
 * @param fresh makes an empty slice with the right metadata
 * @param isCurrent whether a slice's metadata is as it should be
 */
export function packSlices(
  existing: readonly EndpointSlice[],
  groups: ReadonlyMap<string, PortGroup>,
  fresh: (ports: readonly EndpointPort[]) => Draft<EndpointSlice>,
  refresh: (slice: EndpointSlice) => Draft<EndpointSlice>,
): SlicePlan {
  const create: Draft<EndpointSlice>[] = [];
  const update: Draft<EndpointSlice>[] = [];
  const remove: EndpointSlice[] = [];
  const byPorts = Map.groupBy(existing, (slice) => portKey(slice.ports ?? []));
  for (const [key, { ports, endpoints }] of groups) {
    packGroup(byPorts.get(key) ?? [], ports, endpoints, fresh, refresh, { create, update, remove });
  }
  for (const [key, slices] of byPorts) if (!groups.has(key)) remove.push(...slices);
  if (existing.length === remove.length && create.length === 0) keepPlaceholder(fresh, refresh, { create, update, remove });
  reuseRemoved({ create, update, remove });
  return { create, update, remove };
}

/** Ports in any order are the same ports. */
export function portKey(ports: readonly EndpointPort[]): string {
  const parts = ports.map(({ name, protocol, port, appProtocol }) =>
    JSON.stringify([name ?? '', protocol ?? 'TCP', port ?? 0, appProtocol ?? '']),
  );
  return parts.sort().join(';');
}

interface MutablePlan {
  readonly create: Draft<EndpointSlice>[];
  readonly update: Draft<EndpointSlice>[];
  readonly remove: EndpointSlice[];
}

function packGroup(
  slices: readonly EndpointSlice[],
  ports: readonly EndpointPort[],
  endpoints: readonly Endpoint[],
  fresh: (ports: readonly EndpointPort[]) => Draft<EndpointSlice>,
  refresh: (slice: EndpointSlice) => Draft<EndpointSlice>,
  plan: MutablePlan,
): void {
  const wanted = new Map(endpoints.map((endpoint) => [endpointKey(endpoint), endpoint]));
  const changed: Draft<EndpointSlice>[] = [];
  const unchanged: EndpointSlice[] = [];
  for (const slice of slices) {
    const kept: Endpoint[] = [];
    for (const endpoint of slice.endpoints ?? []) {
      const key = endpointKey(endpoint);
      const found = wanted.get(key);
      if (found === undefined) continue;
      kept.push(found);
      wanted.delete(key);
    }
    const copy = refresh(slice);
    if (jsonEqual(kept, slice.endpoints ?? []) && jsonEqual(copy.metadata, slice.metadata)) unchanged.push(slice);
    else if (kept.length === 0) plan.remove.push(slice);
    else changed.push({ ...copy, endpoints: kept as Draft<Endpoint>[] });
  }
  const rest = [...wanted.values()] as Draft<Endpoint>[];
  for (const slice of changed) fill(slice, rest);
  while (rest.length > 0) {
    const target = rest.length < MAX_ENDPOINTS_PER_SLICE ? roomiest(unchanged, rest.length) : undefined;
    if (target === undefined) {
      const slice = fresh(ports);
      fill(slice, rest);
      plan.create.push(slice);
    } else {
      unchanged.splice(unchanged.indexOf(target), 1);
      const slice: Draft<EndpointSlice> = { ...refresh(target), endpoints: [...((target.endpoints ?? []) as Draft<Endpoint>[])] };
      fill(slice, rest);
      changed.push(slice);
    }
  }
  plan.update.push(...changed);
}

function fill(slice: Draft<EndpointSlice>, rest: Draft<Endpoint>[]): void {
  const endpoints = (slice.endpoints ??= []);
  endpoints.push(...rest.splice(0, MAX_ENDPOINTS_PER_SLICE - endpoints.length));
}

/** The fullest slice that still takes so many addresses. */
function roomiest(slices: readonly EndpointSlice[], count: number): EndpointSlice | undefined {
  const size = (slice: EndpointSlice): number => slice.endpoints?.length ?? 0;
  const fitting = slices.filter((slice) => size(slice) + count <= MAX_ENDPOINTS_PER_SLICE);
  return fitting.sort((left, right) => size(right) - size(left))[0];
}

/** There is always one slice: without addresses an empty one, which is kept if it is there already. */
function keepPlaceholder(
  fresh: (ports: readonly EndpointPort[]) => Draft<EndpointSlice>,
  refresh: (slice: EndpointSlice) => Draft<EndpointSlice>,
  plan: MutablePlan,
): void {
  const [only] = plan.remove;
  const isPlaceholder = only !== undefined && (only.ports ?? []).length === 0 && (only.endpoints ?? []).length === 0;
  if (plan.remove.length === 1 && isPlaceholder) {
    plan.remove.length = 0;
    const copy = refresh(only);
    if (!jsonEqual(copy.metadata, only.metadata)) plan.update.push(copy);
  } else plan.create.push(fresh([]));
}

function reuseRemoved(plan: MutablePlan): void {
  while (plan.remove.length > 0 && plan.create.length > 0) {
    const place = plan.remove.shift();
    const slice = plan.create.pop();
    if (place === undefined || slice === undefined) return;
    const { name, resourceVersion, uid } = place.metadata;
    Object.assign(slice.metadata, { name, resourceVersion, uid });
    plan.update.push(slice);
  }
}

/** Tells addresses apart; everything else of an endpoint can change in place. */
export function endpointKey({ addresses, hostname, targetRef }: Endpoint): string {
  return JSON.stringify([[...addresses].sort(), hostname ?? '', targetRef?.namespace ?? '', targetRef?.name ?? '']);
}
