import { RESOURCECLAIMS, RESOURCESLICES } from '../../../../api/schema/resources.ts';
import type { Device, DeviceRequestAllocationResult, ResourceClaim, ResourceSlice } from '../../../../api/schema/types/resource/v1.ts';
import { groupResource } from '../../../../apimachinery/meta/resource.ts';
import { quantity } from '../../../../apimachinery/quantity/quantity.ts';
import type { ObjectIndex, SchedulerReader } from '../../interface.ts';

const CLAIMS = groupResource(RESOURCECLAIMS);
const SLICES = groupResource(RESOURCESLICES);
/** Claims by the devices that were allocated for them. */
const BY_DEVICE = 'allocatedDevice';
/** Slices by their node; those for several nodes under the empty name. */
const BY_NODE = 'sliceNode';
const BY_POOL = 'slicePool';

export const DEVICE_INDEXES: readonly ObjectIndex[] = [
  { resource: CLAIMS, name: BY_DEVICE, keys: (object) => resultsOf(object as unknown as ResourceClaim).map(deviceKey) },
  { resource: SLICES, name: BY_NODE, keys: (object) => [(object as unknown as ResourceSlice).spec.nodeName ?? ''] },
  {
    resource: SLICES,
    name: BY_POOL,
    keys: (object) => {
      const { driver, pool } = (object as unknown as ResourceSlice).spec;
      return [poolKey(driver, pool.name)];
    },
  },
];

export function poolKey(driver: string, pool: string): string {
  return `${driver}/${pool}`;
}

/** `driver/pool/device`, as messages name it. */
export function deviceKey({ driver, pool, device }: Pick<DeviceRequestAllocationResult, 'driver' | 'pool' | 'device'>): string {
  return `${driver}/${pool}/${device}`;
}

export function slicesOfNode(reader: SchedulerReader, node: string): readonly ResourceSlice[] {
  return reader.byIndex(SLICES, BY_NODE, node) as readonly ResourceSlice[];
}

export function slicesOfPool(reader: SchedulerReader, key: string): readonly ResourceSlice[] {
  return reader.byIndex(SLICES, BY_POOL, key) as readonly ResourceSlice[];
}

/** Whether some claim has the device for itself. Access of administrators and shares do not count. */
export function isAllocated(reader: SchedulerReader, key: string): boolean {
  return allocationsOf(reader, key).some(({ adminAccess, shareID }) => adminAccess !== true && shareID === undefined);
}

/** What claims have of a device that is shared, by capacity, in billionths; undefined: nobody has a share of it. */
export function consumedCapacity(reader: SchedulerReader, key: string): ReadonlyMap<string, bigint> | undefined {
  const sums = new Map<string, bigint>();
  let shares = 0;
  for (const { shareID, consumedCapacity = {} } of allocationsOf(reader, key)) {
    if (shareID === undefined) continue;
    shares++;
    for (const [name, amount] of Object.entries(consumedCapacity)) sums.set(name, (sums.get(name) ?? 0n) + quantity(amount).nano);
  }
  return shares === 0 ? undefined : sums;
}

/** A device that is taken, in whole or in part. */
export function isInUse(reader: SchedulerReader, key: string, { allowMultipleAllocations }: Device): boolean {
  return isAllocated(reader, key) || (allowMultipleAllocations === true && consumedCapacity(reader, key) !== undefined);
}

function allocationsOf(reader: SchedulerReader, key: string): readonly DeviceRequestAllocationResult[] {
  const claims = reader.byIndex(CLAIMS, BY_DEVICE, key) as readonly ResourceClaim[];
  return claims.flatMap((claim) => resultsOf(claim).filter((result) => deviceKey(result) === key));
}

function resultsOf({ status }: ResourceClaim): readonly DeviceRequestAllocationResult[] {
  return status?.allocation?.devices?.results ?? NONE;
}

const NONE: readonly DeviceRequestAllocationResult[] = [];
