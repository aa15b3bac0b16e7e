import type { ResourceClaim, ResourceSlice } from '../../api/schema/types/resource/v1.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';

/** Claims by the pools of the devices that they have, and slices by their pool. */
export const CLAIMS_OF_POOL = 'allocatedPool';
export const SLICES_OF_POOL = 'devicePool';

export function poolOf({ driver, pool }: { readonly driver: string; readonly pool: string }): string {
  return `${driver}/${pool}`;
}

export function addDeviceTaintIndexes({ store }: ApiServer): void {
  store.addIndex('resourceclaims.resource.k8s.io', CLAIMS_OF_POOL, (object) => {
    const { status } = object as unknown as ResourceClaim;
    return [...new Set((status?.allocation?.devices?.results ?? []).map(poolOf))];
  });
  store.addIndex('resourceslices.resource.k8s.io', SLICES_OF_POOL, (object) => {
    const { driver, pool } = (object as unknown as ResourceSlice).spec;
    return [poolOf({ driver, pool: pool.name })];
  });
}
