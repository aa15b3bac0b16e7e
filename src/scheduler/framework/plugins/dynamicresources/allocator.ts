/**
 * Allocates devices for claims on one node, and writes down the result as the claims' status will have it.
 * Invariant: all claims or none. Counterpart: Allocator.Allocate of k8s.io/dynamic-resource-allocation/structured.
 */
import { fnv1a } from '../../../../base/fnv.ts';
import { jsonEqual } from '../../../../base/json.ts';
import { DEVICECLASSES } from '../../../../api/schema/resources.ts';
import type { Node, NodeSelector, NodeSelectorRequirement } from '../../../../api/schema/types/core/v1.ts';
import type {
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceClass,
  DeviceRequestAllocationResult,
  ResourceClaim,
} from '../../../../api/schema/types/resource/v1.ts';
import { groupResource } from '../../../../apimachinery/meta/resource.ts';
import type { SchedulerReader } from '../../interface.ts';
import { SharedCounters } from './counters.ts';
import { Pools } from './pools.ts';
import { prepareClaim, type Failure, type RequestContext, type WantedClaim } from './requests.ts';
import { Search, type Pick } from './search.ts';

const CLASSES = groupResource(DEVICECLASSES);
const INVALID_POOLS: Failure = { error: 'invalid resource pools were encountered', onNode: true };

export function getDeviceClass(reader: SchedulerReader, name: string): DeviceClass | undefined {
  return reader.get(CLASSES, '', name) as DeviceClass | undefined;
}

/** For the attempts of one Pod at many nodes. */
export class Allocator {
  private readonly reader: SchedulerReader;
  private readonly pools: Pools;
  private readonly counters: SharedCounters;
  private readonly maxSteps: number;

  /** @param maxSteps of the search on one node */
  constructor(reader: SchedulerReader, maxSteps: number) {
    this.reader = reader;
    this.maxSteps = maxSteps;
    this.pools = new Pools(reader);
    this.counters = new SharedCounters(reader);
  }

  /** In the order of the claims; undefined: there are not enough devices. */
  allocate(node: Node, claims: readonly ResourceClaim[]): readonly AllocationResult[] | undefined | Failure {
    const { reader } = this;
    const pools = this.pools.ofNode(node);
    const context: RequestContext = { node, pools, deviceClass: (name) => getDeviceClass(reader, name) };
    const wanted: WantedClaim[] = [];
    for (const claim of claims) {
      const prepared = prepareClaim(context, claim);
      if ('error' in prepared) return prepared;
      wanted.push(prepared);
    }
    const found = new Search(reader, context, this.counters, wanted, this.maxSteps).run();
    if (found === undefined) return pools.some(({ pool }) => pool.isInvalid) ? INVALID_POOLS : undefined;
    if ('error' in found) return found;
    return wanted.map((claim, index) => allocation(claim, found[index] ?? [], node));
  }
}

function allocation({ claim, requests }: WantedClaim, picks: readonly Pick[], node: Node): AllocationResult {
  // Of the alternatives of a request the one that was picked; a request for no device has the first.
  const chosen = requests.flatMap(
    (alternatives) => alternatives.find((one) => picks.some(({ wanted }) => wanted === one)) ?? alternatives[0] ?? [],
  );
  const config = configuration(
    claim,
    chosen.map(({ name, deviceClass }) => ({ name, deviceClass })),
  );
  const nodeSelector = selectorOf(picks, node);
  return {
    devices: {
      results: picks.map((pick, index) => resultOf(claim, pick, index)),
      ...(config.length === 0 ? {} : { config }),
    },
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
  };
}

function resultOf(claim: ResourceClaim, { wanted, pooled, share }: Pick, index: number): DeviceRequestAllocationResult {
  const { device, slice } = pooled;
  const { tolerations } = wanted.spec;
  const { bindingConditions = [], bindingFailureConditions = [] } = device;
  return {
    request: wanted.name,
    driver: slice.spec.driver,
    pool: slice.spec.pool.name,
    device: device.name,
    ...(wanted.adminAccess ? { adminAccess: true } : {}),
    ...(tolerations === undefined ? {} : { tolerations }),
    ...(bindingConditions.length === 0 ? {} : { bindingConditions }),
    ...(bindingFailureConditions.length === 0 ? {} : { bindingFailureConditions }),
    ...(share === undefined ? {} : { shareID: shareId(`${claim.metadata.uid ?? ''}/${claim.metadata.resourceVersion ?? ''}/${index}`) }),
    ...(share === undefined || Object.keys(share).length === 0 ? {} : { consumedCapacity: share }),
  };
}

/** An id in the form of an UUID that follows from the claim, so that the same run gives the same one. */
function shareId(text: string): string {
  const hex = [1, 2, 3, 4].map((salt) => fnv1a(`${salt}/${text}`).toString(16).padStart(8, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}

/** What class and claim tell the driver; for all requests where they are all meant. */
function configuration(
  { spec }: ResourceClaim,
  chosen: readonly { readonly name: string; readonly deviceClass: DeviceClass }[],
): readonly DeviceAllocationConfiguration[] {
  const config: { source: DeviceAllocationConfiguration['source']; requests: string[]; opaque: DeviceAllocationConfiguration['opaque'] }[] =
    [];
  const ofClass = new Map<string, typeof config>();
  for (const { name, deviceClass } of chosen) {
    const className = deviceClass.metadata.name ?? '';
    const known = ofClass.get(className);
    if (known !== undefined) for (const one of known) one.requests.push(name);
    else {
      const own = (deviceClass.spec.config ?? []).map(({ opaque }) => ({ source: 'FromClass' as const, requests: [name], opaque }));
      ofClass.set(className, own);
      config.push(...own);
    }
  }
  for (const { requests = [], opaque } of spec.devices?.config ?? []) {
    const entry = { source: 'FromClaim' as const, requests: [...requests], opaque };
    if (requests.length === 0) config.push(entry);
    else
      for (const { name } of chosen) if (requests.includes(name) || requests.includes(name.split('/')[0] ?? '')) config.push({ ...entry });
  }
  const all = spec.devices?.requests?.length ?? 0;
  return config.map(({ source, requests, opaque }) => ({
    source,
    ...(requests.length === 0 || requests.length === all ? {} : { requests }),
    ...(opaque === undefined ? {} : { opaque }),
  }));
}

/** Where the devices can be used: on the node that one of them is tied to, or where all selectors hold. */
function selectorOf(picks: readonly Pick[], node: Node): NodeSelector | undefined {
  const fields: NodeSelectorRequirement[] = [];
  const expressions: NodeSelectorRequirement[] = [];
  for (const { pooled } of picks) {
    const { device, slice } = pooled;
    const { nodeName, nodeSelector } = slice.spec.perDeviceNodeSelection === true ? device : slice.spec;
    if (device.bindsToNode === true) return onlyNode(node.metadata.name ?? '');
    if (nodeName !== undefined) return onlyNode(nodeName);
    const [term] = nodeSelector?.nodeSelectorTerms ?? [];
    for (const one of term?.matchFields ?? []) if (!fields.some((other) => jsonEqual(other, one))) fields.push(one);
    for (const one of term?.matchExpressions ?? []) if (!expressions.some((other) => jsonEqual(other, one))) expressions.push(one);
  }
  if (fields.length === 0 && expressions.length === 0) return undefined;
  const term = {
    ...(expressions.length === 0 ? {} : { matchExpressions: expressions }),
    ...(fields.length === 0 ? {} : { matchFields: fields }),
  };
  return { nodeSelectorTerms: [term] };
}

function onlyNode(name: string): NodeSelector {
  return { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }] };
}
