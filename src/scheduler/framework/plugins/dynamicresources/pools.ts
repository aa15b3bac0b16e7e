/** Which pools of devices a node reaches. Counterpart: GatherPools of k8s.io/dynamic-resource-allocation/structured. */
import { compileNodeSelector, type NodeMatcher } from '../../../../api/core/node/nodeSelector.ts';
import type { Node, NodeSelector } from '../../../../api/schema/types/core/v1.ts';
import type { Device, ResourceSlice } from '../../../../api/schema/types/resource/v1.ts';
import type { SchedulerReader } from '../../interface.ts';
import { deviceKey, poolKey, slicesOfNode, slicesOfPool } from './allocated.ts';

export interface PooledDevice {
  /** `driver/pool/device` */
  readonly key: string;
  readonly device: Device;
  readonly slice: ResourceSlice;
  readonly pool: Pool;
}

/** All slices of the newest generation of a pool. */
export interface Pool {
  readonly key: string;
  readonly slices: readonly ResourceSlice[];
  /** Some of its slices are yet to come. */
  readonly isIncomplete: boolean;
  /** Its slices contradict each other. */
  readonly isInvalid: boolean;
  readonly hasBindingConditions: boolean;
  readonly devices: readonly PooledDevice[];
}

/** A pool, and those of its devices that a node reaches as far as their slices say. */
export interface NodePool {
  readonly pool: Pool;
  readonly devices: readonly PooledDevice[];
}

/** The pools of one attempt at one Pod: each is put together once. */
export class Pools {
  private readonly reader: SchedulerReader;
  private readonly known = new Map<string, Pool>();

  constructor(reader: SchedulerReader) {
    this.reader = reader;
  }

  /** In the order of their names; those come last whose devices have to be made ready for a node. */
  ofNode(node: Node): readonly NodePool[] {
    const own = slicesOfNode(this.reader, node.metadata.name ?? '');
    const shared = slicesOfNode(this.reader, '').filter((slice) => reaches(slice, node));
    const byPool = new Map<string, Set<ResourceSlice>>();
    for (const slice of [...own, ...shared]) {
      const key = poolKey(slice.spec.driver, slice.spec.pool.name);
      const slices = byPool.get(key) ?? new Set();
      byPool.set(key, slices.add(slice));
    }
    const pools: NodePool[] = [];
    for (const [key, slices] of byPool) {
      const pool = this.pool(key);
      if (!pool.slices.some((slice) => slices.has(slice))) continue;
      pools.push({ pool, devices: pool.devices.filter(({ slice }) => slices.has(slice)) });
    }
    const order = ({ pool }: NodePool): string => `${pool.hasBindingConditions ? 1 : 0}${pool.key}`;
    return pools.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
  }

  private pool(key: string): Pool {
    let pool = this.known.get(key);
    if (pool === undefined) this.known.set(key, (pool = gather(key, slicesOfPool(this.reader, key))));
    return pool;
  }
}

/** Of several generations the newest counts, and only once all of its slices are there. */
function gather(key: string, all: readonly ResourceSlice[]): Pool {
  const newest = Math.max(...all.map(({ spec }) => spec.pool.generation));
  const slices = all.filter(({ spec }) => spec.pool.generation === newest);
  const devices: PooledDevice[] = [];
  const [first] = slices;
  const names = new Set<string>();
  const sets = new Map<string, ReadonlySet<string>>();
  for (const { spec } of slices) for (const set of spec.sharedCounters ?? []) sets.set(set.name, new Set(Object.keys(set.counters)));
  const pool: { -readonly [K in keyof Pool]: Pool[K] } = {
    key,
    slices,
    devices,
    isIncomplete: slices.length !== first?.spec.pool.resourceSliceCount,
    isInvalid: false,
    hasBindingConditions: false,
  };
  for (const slice of slices) {
    for (const device of slice.spec.devices ?? []) {
      // Whether the counters are there can only be said of the whole.
      if (names.has(device.name) || (!pool.isIncomplete && countsWhatIsNot(device, sets))) pool.isInvalid = true;
      names.add(device.name);
      if ((device.bindingConditions ?? []).length > 0) pool.hasBindingConditions = true;
      const { driver, pool: place } = slice.spec;
      devices.push({ key: deviceKey({ driver, pool: place.name, device: device.name }), device, slice, pool });
    }
  }
  return pool;
}

function countsWhatIsNot({ consumesCounters = [] }: Device, sets: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  return consumesCounters.some(({ counterSet, counters }) => !Object.keys(counters).every((name) => sets.get(counterSet)?.has(name)));
}

interface Place {
  readonly nodeName?: string;
  readonly nodeSelector?: NodeSelector;
  readonly allNodes?: boolean;
}

function reaches({ spec }: ResourceSlice, node: Node): boolean {
  if (spec.perDeviceNodeSelection === true) return (spec.devices ?? []).some((device) => isAt(device, node));
  return isAt(spec, node);
}

/** Whether the slice, or the device where the slice leaves it to its devices, is for this node. */
export function isAt({ nodeName, nodeSelector, allNodes }: Place, node: Node): boolean {
  if (nodeName !== undefined && nodeName !== '') return nodeName === node.metadata.name;
  if (allNodes === true) return true;
  if (nodeSelector === undefined) return false;
  let matches = matchers.get(nodeSelector);
  if (matches === undefined) matchers.set(nodeSelector, (matches = compileNodeSelector(nodeSelector)));
  return matches(node);
}

const matchers = new WeakMap<NodeSelector, NodeMatcher>();
