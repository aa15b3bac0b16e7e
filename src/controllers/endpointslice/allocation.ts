import { draft, type Draft } from '../../base/json.ts';
import type { Endpoint, EndpointSlice } from '../../api/schema/types/discovery/v1.ts';
import type { SlicePlan } from './packing.ts';

/** By how much an endpoint may be used more than the average one. */
const OVERLOAD_THRESHOLD = 0.2;

/** How many endpoints clients of a zone should be sent to. */
export interface Allocation {
  readonly minimum: number;
  readonly maximum: number;
  readonly desired: number;
}

export type Allocations = ReadonlyMap<string, Allocation>;

/** Numbers of endpoints by the zone whose clients they are for. */
export type HintsByZone = Readonly<Record<string, number>>;

/** The least that a zone with this part of the cluster's CPU needs so that none of its endpoints is overloaded. */
function minimumOf(ratio: number, endpoints: number): number {
  return Math.ceil(ratio * endpoints * (1 / (1 + OVERLOAD_THRESHOLD)));
}

/**
 * Shares the ready endpoints out to zones by their part of the CPU.
 * Worked example: 5 endpoints, zones with 2/3 and 1/3 of the CPU: 3.33 and 1.67 are desired, at least ⌈2.78⌉ = 3 and ⌈1.39⌉ = 2; the
 * minima sum up to 5, so these are the maxima, too. With 3 endpoints and half of the CPU each, 2 + 2 would be needed: it cannot be done.
 * Counterpart: getAllocations of k8s.io/endpointslice/topologycache.
 * @param ratios part of the CPU by zone, at least two zones
 * @returns text: why it cannot be done
 */
export function allocate(ratios: ReadonlyMap<string, number>, endpoints: number): Allocations | string {
  const counts = `(${String(endpoints)} endpoints, ${String(ratios.size)} zones)`;
  if (ratios.size > endpoints) return `Insufficient number of endpoints ${counts}`;
  let needed = 0;
  for (const ratio of ratios.values()) needed += minimumOf(ratio, endpoints);
  if (needed > endpoints) {
    return `Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ${counts}`;
  }
  const allocations = new Map<string, Allocation>();
  for (const [zone, ratio] of ratios) {
    const minimum = minimumOf(ratio, endpoints);
    allocations.set(zone, { minimum, maximum: minimum + endpoints - needed, desired: Math.max(ratio * endpoints, minimum) });
  }
  return allocations;
}

/** Whether a zone has too few endpoints by now. */
export function isOverloaded(hints: HintsByZone, ratios: ReadonlyMap<string, number> | undefined): boolean {
  const counts = Object.values(hints);
  if (counts.length === 0) return false;
  if (ratios === undefined) return true;
  const total = counts.reduce((sum, count) => sum + count, 0);
  for (const [zone, ratio] of ratios) {
    const count = hints[zone];
    if (count === undefined || count < minimumOf(ratio, total)) return true;
  }
  return false;
}

/**
 * Writes hints on the endpoints of all slices that change. Slices that do not are left alone as long as their hints fit the allotment;
 * every other endpoint is for its own zone first, and then zones with too many lend some to those with too few.
 * @param unchanged the Service's slices that the plan leaves alone
 */
export function addHints(
  plan: SlicePlan,
  unchanged: readonly EndpointSlice[],
  allocations: Allocations,
): { readonly plan: SlicePlan; readonly hints: HintsByZone } {
  const hints: Record<string, number> = {};
  const update = [...plan.update];
  for (const slice of unchanged) {
    const counts = validHints(slice, hints, allocations);
    if (counts === undefined) update.push(draft(slice));
    else for (const [zone, count] of counts) hints[zone] = (hints[zone] ?? 0) + count;
  }
  const changing = [...plan.create, ...update];
  for (const slice of changing) {
    slice.endpoints = (slice.endpoints ?? []).map((endpoint) => {
      const { zone = '' } = endpoint;
      if (!isReady(endpoint)) return withoutHints(endpoint);
      hints[zone] = (hints[zone] ?? 0) + 1;
      return { ...endpoint, hints: { forZones: [{ name: zone }] } };
    });
  }
  redistribute(changing, allocations, hints);
  return { plan: { ...plan, update }, hints };
}

export function isReady({ conditions }: Endpoint): boolean {
  return conditions?.ready === true;
}

function withoutHints(endpoint: Draft<Endpoint>): Draft<Endpoint> {
  const copy = { ...endpoint };
  delete copy.hints;
  return copy;
}

/** The hints of a slice by zone; undefined if one is missing or for a zone that gets none, or if they are too many for a zone. */
function validHints(slice: EndpointSlice, others: HintsByZone, allocations: Allocations): ReadonlyMap<string, number> | undefined {
  const counts = new Map<string, number>();
  for (const endpoint of slice.endpoints ?? []) {
    if (!isReady(endpoint)) continue;
    const zones = endpoint.hints?.forZones ?? [];
    if (zones.length === 0) return undefined;
    for (const { name } of zones) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const [zone, count] of counts) {
    const allocation = allocations.get(zone);
    if (allocation === undefined || count + (others[zone] ?? 0) > allocation.maximum) return undefined;
  }
  return counts;
}

/** Turns hints of zones that give into hints for zones that receive, and keeps the counts true. */
function redistribute(slices: readonly Draft<EndpointSlice>[], allocations: Allocations, hints: Record<string, number>): void {
  const { giving, receiving } = givingAndReceiving(allocations, hints);
  for (const endpoint of slices.flatMap(({ endpoints }) => endpoints ?? [])) {
    const from = endpoint.zone ?? '';
    if (!isReady(endpoint) || (giving.get(from) ?? 0) === 0) continue;
    const to = [...receiving].find(([, count]) => count > 0)?.[0];
    if (to === undefined) return;
    endpoint.hints = { forZones: [{ name: to }] };
    giving.set(from, (giving.get(from) ?? 0) - 1);
    receiving.set(to, (receiving.get(to) ?? 0) - 1);
    hints[from] = (hints[from] ?? 0) - 1;
    hints[to] = (hints[to] ?? 0) + 1;
  }
}

/**
 * How many endpoints zones give to others, whole ones: one at a time from the zone with most to give to the one that lacks most, until
 * neither is off by a whole endpoint or one of them is off by less than half of one.
 * Worked example: desired 3.3 and 1.7, there are 2 and 3: the second gives one (1.3 too many, 1.3 too few), then 0.3 is left.
 */
function givingAndReceiving(
  allocations: Allocations,
  hints: HintsByZone,
): { readonly giving: Map<string, number>; readonly receiving: Map<string, number> } {
  const surplus = new Map<string, number>();
  const lack = new Map<string, number>();
  for (const [zone, { desired }] of allocations) {
    const difference = (hints[zone] ?? 0) - desired;
    if (difference > 0) surplus.set(zone, difference);
    else if (difference < 0) lack.set(zone, -difference);
  }
  const giving = new Map<string, number>();
  const receiving = new Map<string, number>();
  for (;;) {
    const [from, toGive] = most(surplus);
    const [to, toReceive] = most(lack);
    if ((toGive < 1 && toReceive < 1) || toGive < 0.5 || toReceive < 0.5) return { giving, receiving };
    giving.set(from, (giving.get(from) ?? 0) + 1);
    surplus.set(from, toGive - 1);
    receiving.set(to, (receiving.get(to) ?? 0) + 1);
    lack.set(to, toReceive - 1);
  }
}

function most(zones: ReadonlyMap<string, number>): readonly [string, number] {
  let best: readonly [string, number] = ['', 0];
  for (const entry of zones) if (entry[1] > best[1]) best = entry;
  return best;
}
