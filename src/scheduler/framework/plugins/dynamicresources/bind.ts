/**
 * Writes what was found into the claims before the Pod is bound, and waits where devices have to be made ready first.
 * Invariant: a claim is allocated and reserved in one write, so that no device is given away twice.
 * Counterpart: PreBind and Unreserve of plugins/dynamicresources.
 */
import { draft, type Draft } from '../../../../base/json.ts';
import { CLAIM_FINALIZER, EXTENDED_RESOURCE_CLAIM, isReservedForPod } from '../../../../api/resource/resourceclaim/podClaim.ts';
import { RESOURCECLAIMS } from '../../../../api/schema/resources.ts';
import type { Pod } from '../../../../api/schema/types/core/v1.ts';
import type { AllocationResult, DeviceRequestAllocationResult, ResourceClaim } from '../../../../api/schema/types/resource/v1.ts';
import { StatusError } from '../../../../apimachinery/errors/status.ts';
import { splitKey } from '../../../../apimachinery/meta/resource.ts';
import { formatTime, parseTime } from '../../../../apimachinery/meta/time.ts';
import type { BindingHandle, BindingWait, Handle } from '../../interface.ts';
import type { Status } from '../../status.ts';
import { getResourceClaim } from './podClaims.ts';

/** A claim (`namespace/name`) and what is allocated for it; null: it has an allocation and is only reserved. */
export interface ClaimPlan {
  readonly claim: string;
  readonly allocation: AllocationResult | null;
}

export const BINDING_TIMEOUT_MS = 600_000;

/** How a changed claim of devices is told from one of volumes. */
export function resourceClaimWatch(key: string): string {
  return `${RESOURCECLAIMS.plural}/${key}`;
}

/** The claim of a Pod's extended resources has no name before it is made: it is known by the Pod. */
export function extendedClaimWatch(podUid: string): string {
  return `extended/${podUid}`;
}

/** Under which of these a changed claim is waited for. */
export function watchesOfClaim(key: string, { metadata }: Pick<ResourceClaim, 'metadata'>): readonly string[] {
  if (metadata.annotations?.[EXTENDED_RESOURCE_CLAIM] === undefined) return [resourceClaimWatch(key)];
  return (metadata.ownerReferences ?? []).map(({ uid }) => extendedClaimWatch(uid));
}

/** Most devices are ready at once; those with conditions are looked at every five seconds. */
export function waitFor(node: string, needsConditions: boolean, timeoutMs: number): BindingWait {
  return {
    everyMs: 5_000,
    atOnce: true,
    timeoutMs,
    timedOut: 'device binding timeout',
    ...(needsConditions ? { announce: ['BindingConditionsPending', `waiting for binding conditions for device on node ${node}`] } : {}),
  };
}

export function writeClaims(plans: readonly ClaimPlan[], pod: Pod, { client, reader, now }: BindingHandle): Status | undefined {
  for (const { claim: key, allocation } of plans) {
    const { namespace, name } = splitKey(key);
    const claim = getResourceClaim(reader, namespace, name);
    if (claim !== undefined && isReservedForPod(pod, claim)) continue;
    const problem = whyNotNow(claim, key, allocation);
    if (problem !== undefined) return failed(problem);
    let doing = `add finalizer to claim ${key}`;
    try {
      if (allocation !== null)
        client.modify(RESOURCECLAIMS, namespace, name, ({ metadata }) => {
          const finalizers = metadata.finalizers ?? [];
          if (!finalizers.includes(CLAIM_FINALIZER)) metadata.finalizers = [...finalizers, CLAIM_FINALIZER];
        });
      doing = `add ${allocation === null ? '' : 'allocation and '}reservation to claim ${key}`;
      client.modify(RESOURCECLAIMS, namespace, name, (copy) => reserve(copy, pod, allocation, formatTime(now())), 'status');
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return failed(`${doing}: ${error.message}`);
    }
  }
  return undefined;
}

function whyNotNow(claim: ResourceClaim | undefined, key: string, allocation: AllocationResult | null): string | undefined {
  if (claim === undefined) return `could not find ResourceClaim "${key}"`;
  if (claim.metadata.deletionTimestamp !== undefined) return `claim ${key} got deleted in the meantime`;
  if (allocation !== null && claim.status?.allocation !== undefined) return `claim ${key} got allocated elsewhere in the meantime`;
  return undefined;
}

function reserve(claim: Draft<ResourceClaim>, { metadata }: Pod, allocation: AllocationResult | null, time: string): void {
  const status = (claim.status ??= {});
  if (allocation !== null) status.allocation = draft(allocation);
  if (status.allocation !== undefined) status.allocation.allocationTimestamp ??= time;
  const consumer = { resource: 'pods', name: metadata.name ?? '', uid: metadata.uid ?? '' };
  status.reservedFor = [...(status.reservedFor ?? []), consumer];
}

/** Whether all devices are ready for the node; a Status: they will not be. */
export function claimsReady(plans: readonly ClaimPlan[], { reader, now }: Handle, timeoutMs: number): boolean | Status {
  for (const { claim: key } of plans) {
    const { namespace, name } = splitKey(key);
    const claim = getResourceClaim(reader, namespace, name);
    if (claim === undefined) return failed(`could not find ResourceClaim "${key}"`);
    const ready = isReadyForBinding(claim);
    if (typeof ready === 'string') return failed(ready);
    if (ready) continue;
    return isOverdue(claim, now(), timeoutMs) ? failed(`claim ${name} binding timeout`) : false;
  }
  return true;
}

/** The text says why it will never be. */
export function isReadyForBinding({ metadata, status }: ResourceClaim): boolean | string {
  if (status?.allocation === undefined) return false;
  for (const result of resultsOf({ metadata, spec: {}, status })) {
    const { bindingConditions = [], bindingFailureConditions = [] } = result;
    if (bindingConditions.length === 0) continue;
    const device = status.devices?.find((one) => one.driver === result.driver && one.pool === result.pool && one.device === result.device);
    if (device === undefined) return false;
    const holds = (type: string): boolean => device.conditions?.some((one) => one.type === type && one.status === 'True') === true;
    const failure = bindingFailureConditions.find(holds);
    if (failure !== undefined) {
      const { reason, message } = device.conditions?.find(({ type }) => type === failure) ?? { reason: '', message: '' };
      return `claim ${metadata.name ?? ''} binding failed: reason=${reason}, message=${JSON.stringify(message)}`;
    }
    if (!bindingConditions.every(holds)) return false;
  }
  return true;
}

/** Its devices were to be made ready for a node and were not in time. */
export function isOverdue(claim: ResourceClaim, nowMs: number, timeoutMs: number): boolean {
  const since = parseTime(claim.status?.allocation?.allocationTimestamp ?? '');
  return hasBindingConditions(resultsOf(claim)) && since + timeoutMs < nowMs;
}

export function hasBindingConditions(results: readonly DeviceRequestAllocationResult[]): boolean {
  return results.some(({ bindingConditions }) => (bindingConditions ?? []).length > 0);
}

export function resultsOf({ status }: ResourceClaim): readonly DeviceRequestAllocationResult[] {
  return status?.allocation?.devices?.results ?? [];
}

/** The Pod lets go of the claims; what was allocated for them stays. */
export function releaseClaims(plans: readonly ClaimPlan[], { metadata }: Pod, { client }: BindingHandle): void {
  for (const { claim } of plans) {
    const { namespace, name } = splitKey(claim);
    client.modify(
      RESOURCECLAIMS,
      namespace,
      name,
      ({ status }) => {
        const others = status?.reservedFor?.filter(({ uid }) => uid !== metadata.uid) ?? [];
        if (status === undefined) return;
        if (others.length > 0) status.reservedFor = others;
        else delete status.reservedFor;
      },
      'status',
    );
  }
}

function failed(reason: string): Status {
  return { code: 'Error', reasons: [reason] };
}
