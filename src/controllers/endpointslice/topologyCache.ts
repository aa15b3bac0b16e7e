import type { Json } from '../../base/json.ts';
import { isNodeReady } from '../../api/core/node/readiness.ts';
import { NODES } from '../../api/schema/resources.ts';
import type { Node, Service } from '../../api/schema/types/core/v1.ts';
import type { EndpointSlice } from '../../api/schema/types/discovery/v1.ts';
import { milliValue } from '../../apimachinery/quantity/quantity.ts';
import type { Client } from '../../client/client.ts';
import { addHints, allocate, isOverloaded, isReady, type HintsByZone } from './allocation.ts';
import { endpointKey, type PortGroup, type SlicePlan } from './packing.ts';

const ZONE_LABEL = 'topology.kubernetes.io/zone';
const EXCLUDED_LABELS = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
const INSUFFICIENT_NODES = 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes';

type AddressType = EndpointSlice['addressType'];
/** Tells the Service's readers what became of its hints. */
export type Report = (type: 'Normal' | 'Warning', reason: string, message: string) => void;

/** What is to be packed into slices, and what happens to the plan of it. */
export interface Hinted {
  readonly groups: ReadonlyMap<string, PortGroup>;
  readonly adjust?: (plan: SlicePlan, unchanged: readonly EndpointSlice[]) => SlicePlan;
}

/**
 * Zones of clients for the endpoints of Services with `service.kubernetes.io/topology-mode: Auto`, shared out by the zones' CPU.
 * Invariant: a Service has hints on all of its ready endpoints of one address type or on none.
 * Counterpart: TopologyCache of k8s.io/endpointslice/topologycache.
 */
export class TopologyCache {
  private readonly client: Client;
  /** Part of the CPU by zone, or that nodes do not say enough; kept until a node changes that matters. */
  private ratios: { readonly byZone: ReadonlyMap<string, number> | undefined } | undefined;
  /** By Service and address type how many endpoints each zone got. */
  private readonly hints = new Map<string, ReadonlyMap<AddressType, HintsByZone>>();
  /** Services whose last look gave hints: what tells an event from its repetition. */
  private readonly populated = new Set<string>();
  /** By Service and address type why it got none at the last look. */
  private readonly refusals = new Map<string, ReadonlyMap<AddressType, string>>();

  constructor(client: Client) {
    this.client = client;
  }

  /** Takes notice of a node's change. @returns whether Services may have to be looked at again */
  onNode(node: Node, previous: Node | undefined, deleted: boolean): boolean {
    if (!deleted && previous !== undefined && sameTopology(node, previous)) return false;
    this.ratios = undefined;
    return this.hints.size > 0;
  }

  /** Services with hints of which a zone has too few endpoints by now. */
  overloadedServices(): readonly string[] {
    const ratios = this.ratiosByZone();
    return [...this.hints].filter(([, types]) => [...types.values()].some((hints) => isOverloaded(hints, ratios))).map(([key]) => key);
  }

  /** Shares the endpoints of a Service that asks for it out to zones, or takes its hints away and says why. */
  hintsFor(
    key: string,
    addressType: AddressType,
    groups: ReadonlyMap<string, PortGroup>,
    existing: readonly EndpointSlice[],
    report: Report,
  ): Hinted {
    const ready = [...groups.values()].flatMap(({ endpoints }) => endpoints).filter(isReady);
    const ratios = this.ratiosByZone();
    let allocations = ratios === undefined ? INSUFFICIENT_NODES : allocate(ratios, ready.length);
    if (typeof allocations !== 'string' && ready.some(({ zone = '' }) => zone === '')) {
      allocations = 'One or more endpoints do not have a zone specified';
    }
    if (typeof allocations === 'string')
      return this.refuse(key, addressType, groups, `${allocations}, addressType: ${addressType}`, report);
    set(this.refusals, key, addressType, undefined);
    const shares = allocations;
    return {
      groups: keepHints(groups, existing),
      adjust: (plan, unchanged) => {
        const result = addHints(plan, unchanged, shares);
        set(this.hints, key, addressType, result.hints);
        const isNew = !this.populated.has(key);
        this.populated.add(key);
        if (isNew) {
          report('Normal', 'TopologyAwareHintsEnabled', `Topology Aware Hints has been enabled, addressType: ${addressType}`);
        }
        return result.plan;
      },
    };
  }

  /** Notes that a Service does not ask for hints, any more perhaps. */
  withdraw(key: string, addressType: AddressType, report: Report): void {
    if (this.populated.has(key)) {
      report('Warning', 'TopologyAwareHintsDisabled', `Topology Aware Hints has been disabled, addressType: ${addressType}`);
    }
    this.remove(key, addressType);
    set(this.refusals, key, addressType, undefined);
  }

  /** The Service is gone. */
  forget(key: string): void {
    this.hints.delete(key);
    this.populated.delete(key);
    this.refusals.delete(key);
  }

  checkpoint(): Json {
    const lists = <T>(map: ReadonlyMap<string, ReadonlyMap<AddressType, T>>): unknown => [...map].map(([key, types]) => [key, [...types]]);
    return { hints: lists(this.hints), populated: [...this.populated], refusals: lists(this.refusals) } as unknown as Json;
  }

  restore(state: Json): void {
    const memory = state as unknown as {
      readonly hints: readonly (readonly [string, [AddressType, HintsByZone][]])[];
      readonly populated: readonly string[];
      readonly refusals: readonly (readonly [string, [AddressType, string][]])[];
    };
    for (const map of [this.hints, this.populated, this.refusals]) map.clear();
    for (const [key, types] of memory.hints) this.hints.set(key, new Map(types));
    for (const key of memory.populated) this.populated.add(key);
    for (const [key, types] of memory.refusals) this.refusals.set(key, new Map(types));
  }

  /** The look that follows the slices' own change finds nothing new and reports nothing. */
  private refuse(key: string, addressType: AddressType, groups: Hinted['groups'], message: string, report: Report): Hinted {
    this.remove(key, addressType);
    const isNew = this.refusals.get(key)?.get(addressType) !== message;
    set(this.refusals, key, addressType, message);
    return {
      groups,
      adjust: (plan) => {
        const writes = plan.create.length + plan.update.length + plan.remove.length;
        if (isNew || writes > 0) report('Warning', 'TopologyAwareHintsDisabled', message);
        return plan;
      },
    };
  }

  private remove(key: string, addressType: AddressType): void {
    this.populated.delete(key);
    set(this.hints, key, addressType, undefined);
  }

  private ratiosByZone(): ReadonlyMap<string, number> | undefined {
    this.ratios ??= { byZone: cpuRatios(this.client.list(NODES)) };
    return this.ratios.byZone;
  }
}

/** Notes a value of a Service and address type; undefined: there is none. */
function set<T>(map: Map<string, ReadonlyMap<AddressType, T>>, key: string, addressType: AddressType, value: T | undefined): void {
  const types = new Map(map.get(key));
  if (value === undefined) types.delete(addressType);
  else types.set(addressType, value);
  if (types.size === 0) map.delete(key);
  else map.set(key, types);
}

/** Whether a Service wants its endpoints shared out to zones. The older annotation comes first. */
export function asksForTopology({ metadata: { annotations = {} } }: Service): boolean {
  const mode = annotations['service.kubernetes.io/topology-aware-hints'] ?? annotations['service.kubernetes.io/topology-mode'];
  return mode === 'Auto' || mode === 'auto';
}

/** Each zone's part of the allocatable CPU; undefined with fewer than two zones, or where a ready node does not say. */
function cpuRatios(nodes: readonly Node[]): ReadonlyMap<string, number> | undefined {
  const byZone = new Map<string, number>();
  let total = 0;
  for (const node of nodes) {
    const labels = node.metadata.labels ?? {};
    if (EXCLUDED_LABELS.some((label) => label in labels) || !isNodeReady(node)) continue;
    const zone = labels[ZONE_LABEL] ?? '';
    const cpu = cpuOf(node);
    if (zone === '' || cpu === 0) return undefined;
    total += cpu;
    byZone.set(zone, (byZone.get(zone) ?? 0) + cpu);
  }
  if (byZone.size < 2) return undefined;
  // Zones in order of their names, so that equal ones are served in the same order whichever node came first.
  const sorted = [...byZone].sort(([left], [right]) => (left < right ? -1 : 1));
  return new Map(sorted.map(([zone, cpu]) => [zone, cpu / total]));
}

function sameTopology(node: Node, previous: Node): boolean {
  return (
    node.metadata.labels?.[ZONE_LABEL] === previous.metadata.labels?.[ZONE_LABEL] &&
    cpuOf(node) === cpuOf(previous) &&
    isNodeReady(node) === isNodeReady(previous)
  );
}

function cpuOf({ status }: Node): number {
  return milliValue(status?.allocatable?.['cpu']);
}

/** Endpoints with the hints that they have in the slices: a hint alone makes no slice change. */
function keepHints(groups: ReadonlyMap<string, PortGroup>, existing: readonly EndpointSlice[]): ReadonlyMap<string, PortGroup> {
  const stored = new Map(existing.flatMap(({ endpoints }) => endpoints ?? []).map((endpoint) => [endpointKey(endpoint), endpoint.hints]));
  const kept = new Map<string, PortGroup>();
  for (const [key, { ports, endpoints }] of groups) {
    const hinted = endpoints.map((endpoint) => {
      const hints = isReady(endpoint) ? stored.get(endpointKey(endpoint)) : undefined;
      return hints === undefined ? endpoint : { ...endpoint, hints };
    });
    kept.set(key, { ports, endpoints: hinted });
  }
  return kept;
}
