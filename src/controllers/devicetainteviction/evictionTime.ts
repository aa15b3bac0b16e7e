import { isReservedForPod, podClaimName } from '../../api/resource/resourceclaim/podClaim.ts';
import { toleratesDeviceTaint } from '../../api/resource/tolerates.ts';
import { RESOURCECLAIMS, RESOURCESLICES } from '../../api/schema/resources.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { DeviceRequestAllocationResult, DeviceTaint, DeviceToleration, ResourceClaim } from '../../api/schema/types/resource/v1.ts';
import { parseTime } from '../../apimachinery/meta/time.ts';
import type { Client } from '../../client/client.ts';
import { poolOf, SLICES_OF_POOL } from './indexes.ts';

/**
 * When the Pod has to go because one of its devices is tainted, virtual milliseconds; undefined: it may stay.
 * A taint works from the time when it was added, or later by the seconds for which it is tolerated; the earliest counts.
 */
export function evictionTime(client: Client, pod: Pod): number | undefined {
  const { namespace = '', deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined || (pod.spec?.nodeName ?? '') === '') return undefined;
  let earliest: number | undefined;
  for (const podClaim of pod.spec?.resourceClaims ?? []) {
    const found = podClaimName(pod, podClaim);
    const claim = found === 'missing' || found.name === undefined ? undefined : client.get(RESOURCECLAIMS, namespace, found.name);
    if (claim === undefined || !isReservedForPod(pod, claim)) continue;
    for (const result of resultsOf(claim)) {
      for (const taint of taintsOf(client, result)) {
        const at = effectiveAt(taint, result.tolerations ?? []);
        if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
      }
    }
  }
  return earliest;
}

export function resultsOf({ status }: ResourceClaim): readonly DeviceRequestAllocationResult[] {
  return status?.allocation?.devices?.results ?? [];
}

function taintsOf(client: Client, result: DeviceRequestAllocationResult): readonly DeviceTaint[] {
  const slices = client.byIndex(RESOURCESLICES, SLICES_OF_POOL, poolOf(result));
  const newest = Math.max(...slices.map(({ spec }) => spec.pool.generation));
  return slices
    .filter(({ spec }) => spec.pool.generation === newest)
    .flatMap(({ spec }) => spec.devices?.find(({ name }) => name === result.device)?.taints ?? []);
}

function effectiveAt(taint: DeviceTaint, tolerations: readonly DeviceToleration[]): number | undefined {
  if (taint.effect !== 'NoExecute') return undefined;
  const match = tolerations.find((toleration) => toleratesDeviceTaint(toleration, taint));
  const added = parseTime(taint.timeAdded ?? '');
  if (match === undefined) return added;
  return match.tolerationSeconds === undefined ? undefined : added + Math.max(0, match.tolerationSeconds) * 1000;
}
