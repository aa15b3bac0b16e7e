import { BIND_COMPLETED, claimClass, waitsForConsumer } from '../../../../api/core/persistentvolume/matching.ts';
import type { PersistentVolumeClaim, Pod } from '../../../../api/schema/types/core/v1.ts';
import type { SchedulerReader } from '../../interface.ts';
import { claimsOf, isOwnedBy } from '../../../../api/core/pod/claims.ts';
import { claimNotFound, getClaim, getClass, notOwned } from '../helper/claims.ts';

/** The claims of a Pod by how far they are. */
export interface PodClaims {
  readonly bound: readonly PersistentVolumeClaim[];
  /** Not bound, and to be bound when a node is chosen. */
  readonly delayed: readonly PersistentVolumeClaim[];
  /** How many should have been bound without waiting for a Pod. */
  readonly immediate: number;
}

/** Why no node will do before the claims have changed; `none`: the Pod has no claims. */
export function problemWithClaims(reader: SchedulerReader, pod: Pod): string | undefined {
  const uses = claimsOf(pod);
  if (uses.length === 0) return 'none';
  for (const { name, ephemeral } of uses) {
    const claim = getClaim(reader, pod.metadata.namespace, name);
    if (claim === undefined) {
      return ephemeral ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"` : claimNotFound(name);
    }
    if (claim.status?.phase === 'Lost') {
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec?.volumeName ?? ''}"`;
    }
    if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`;
    if (ephemeral && !isOwnedBy(claim, pod)) return notOwned(claim, pod);
  }
  return undefined;
}

export function classifyClaims(reader: SchedulerReader, pod: Pod): PodClaims {
  const bound: PersistentVolumeClaim[] = [];
  const delayed: PersistentVolumeClaim[] = [];
  let immediate = 0;
  for (const { name } of claimsOf(pod)) {
    const claim = getClaim(reader, pod.metadata.namespace, name);
    if (claim === undefined) continue;
    if (isFullyBound(claim)) bound.push(claim);
    // A claim that names its volume is the binder's business even if its class waits.
    else if ((claim.spec?.volumeName ?? '') === '' && waitsForConsumer(getClass(reader, claimClass(claim)))) delayed.push(claim);
    else immediate++;
  }
  return { bound, delayed, immediate };
}

export function isFullyBound({ metadata, spec }: PersistentVolumeClaim): boolean {
  return (spec?.volumeName ?? '') !== '' && metadata.annotations?.[BIND_COMPLETED] !== undefined;
}
