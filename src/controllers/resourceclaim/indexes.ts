import { resourceClaimKeys } from '../../api/resource/resourceclaim/podClaim.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';

/** Pods by the keys of the ResourceClaims that they use. */
export const PODS_OF_CLAIM = 'resourceClaim';

export function addResourceClaimIndexes(api: ApiServer): void {
  api.store.addIndex('pods', PODS_OF_CLAIM, (pod) => resourceClaimKeys(pod as Pod));
}
