import { PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES, STORAGECLASSES } from '../../api/schema/resources.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../api/schema/types/core/v1.ts';
import {
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  claimClass,
  findMatchingVolume,
  isReservedFor,
  mismatch,
  offersModes,
  SELECTED_NODE,
  waitsForConsumer,
} from '../../api/core/persistentvolume/matching.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import { objectReference } from '../../client/client.ts';
import type { EventType } from '../../client/eventRecorder.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { isPodFinished } from '../util/podUtil.ts';
import { bind, setClaimPhase } from './bind.ts';
import { INDEX_CLAIM, INDEX_FREE } from './indexes.ts';
import { assignDefaultClass, provision } from './provision.ts';

/** @returns whether the claim is in order and need not be looked at again by itself */
export function syncClaim(context: ControllerContext, claim: PersistentVolumeClaim): boolean {
  return claim.metadata.annotations?.[BIND_COMPLETED] === undefined ? syncUnbound(context, claim) : syncBound(context, claim);
}

function syncUnbound(context: ControllerContext, claim: PersistentVolumeClaim): boolean {
  const { client } = context;
  const wanted = claim.spec?.volumeName ?? '';
  if (wanted === '') return findVolume(context, claim);
  const volume = client.get(PERSISTENTVOLUMES, '', wanted);
  if (volume === undefined) return pend(context, claim);
  if (volume.spec?.claimRef === undefined) {
    const problem = mismatch(volume, claim);
    if (problem !== undefined) {
      say(context, claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume "${wanted}": ${problem}`);
      return pend(context, claim);
    }
  } else if (!isReservedFor(volume, claim)) {
    if (claim.metadata.annotations?.[BOUND_BY_CONTROLLER] === undefined)
      say(context, claim, 'Warning', 'FailedBinding', `volume "${wanted}" already bound to a different claim.`);
    return pend(context, claim);
  }
  bind(context, volume, claim);
  return true;
}

function findVolume(context: ControllerContext, claim: PersistentVolumeClaim): boolean {
  const { client } = context;
  const className = claimClass(claim);
  const delayed = waitsForConsumer(className === '' ? undefined : client.get(STORAGECLASSES, '', className));
  const reserved = client.byIndex(PERSISTENTVOLUMES, INDEX_CLAIM, keyOf(claim));
  const free = client.byIndex(PERSISTENTVOLUMES, INDEX_FREE, className);
  const volume = bestVolume([...reserved, ...free], claim, delayed);
  if (volume !== undefined) {
    bind(context, volume, claim);
    return true;
  }
  if (assignDefaultClass(context, claim)) return true;
  if (delayed && claim.metadata.annotations?.[SELECTED_NODE] === undefined) sayWaiting(context, claim);
  else if (className !== '') {
    provision(context, claim);
    return false;
  } else say(context, claim, 'Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
  return pend(context, claim);
}

/** Volumes with the fewest access modes are tried first: one that many may use at once is kept for those who need it. */
function bestVolume(volumes: readonly PersistentVolume[], claim: PersistentVolumeClaim, delayed: boolean): PersistentVolume | undefined {
  const byModes = new Map<string, PersistentVolume[]>();
  for (const volume of volumes) {
    if (!offersModes(volume, claim)) continue;
    const modes = [...(volume.spec?.accessModes ?? [])].sort().join(',');
    byModes.set(modes, [...(byModes.get(modes) ?? []), volume]);
  }
  const count = (modes: string): number => modes.split(',').length;
  const groups = [...byModes].sort(([left], [right]) => count(left) - count(right) || (left < right ? -1 : 1));
  for (const [, group] of groups) {
    const found = findMatchingVolume(claim, group, { delayed });
    if (found !== undefined) return found;
  }
  return undefined;
}

function syncBound(context: ControllerContext, claim: PersistentVolumeClaim): boolean {
  const name = claim.spec?.volumeName ?? '';
  const lose = (reason: string, message: string): boolean => {
    if (setClaimPhase(context, claim, 'Lost', undefined)) say(context, claim, 'Warning', reason, message);
    return true;
  };
  if (name === '') return lose('ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!');
  const volume = context.client.get(PERSISTENTVOLUMES, '', name);
  if (volume === undefined) return lose('ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
  const { claimRef } = volume.spec ?? {};
  if (claimRef === undefined || claimRef.uid === claim.metadata.uid) {
    bind(context, volume, claim);
    return true;
  }
  return lose('ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
}

function pend(context: ControllerContext, claim: PersistentVolumeClaim): boolean {
  setClaimPhase(context, claim, 'Pending', undefined);
  return false;
}

/** Why a claim of a class that waits is not bound: nobody uses it, or those who do have no node yet. */
function sayWaiting(context: ControllerContext, claim: PersistentVolumeClaim): void {
  const { namespace, name } = claim.metadata;
  const uses = ({ spec }: Pod): boolean => spec?.volumes?.some(({ persistentVolumeClaim: source }) => source?.claimName === name) === true;
  const waiting = context.client
    .podsOnNode('')
    .filter((pod) => pod.metadata.namespace === namespace && !isPodFinished(pod) && uses(pod))
    .map(({ metadata }) => metadata.name ?? '');
  if (waiting.length === 0) {
    say(context, claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
    return;
  }
  const who = waiting.length === 1 ? `pod ${waiting.join()}` : `pods ${waiting.join(',')}`;
  say(context, claim, 'Normal', 'WaitForPodScheduled', `waiting for ${who} to be scheduled`);
}

function say({ events }: ControllerContext, claim: PersistentVolumeClaim, type: EventType, reason: string, message: string): void {
  events.event(objectReference(PERSISTENTVOLUMECLAIMS, claim), type, reason, message);
}
