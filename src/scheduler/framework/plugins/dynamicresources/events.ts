import { jsonEqual } from '../../../../base/json.ts';
import type { Node, Pod } from '../../../../api/schema/types/core/v1.ts';
import type { ResourceClaim } from '../../../../api/schema/types/resource/v1.ts';
import type { Change } from '../../../../client/watchCursor.ts';
import type { ClusterEvent, SchedulerReader } from '../../interface.ts';
import { podResourceClaims } from './podClaims.ts';

const exists = (_pod: Pod, { type }: Change): boolean => type !== 'DELETED';

/** What can help a Pod that waits for devices or for their claims. */
export const CLAIM_EVENTS: readonly ClusterEvent[] = [
  { resource: 'nodes', helps: (_pod, change) => exists(_pod, change) && offersElse(change) },
  { resource: 'resourceclaims', helps: claimHelps },
  {
    resource: 'pods',
    // The names of the claims that were made for it.
    helps: (pod, { type, object, previous }, reader) =>
      type === 'MODIFIED' &&
      object.metadata.uid === pod.metadata.uid &&
      !jsonEqual((previous as Pod | undefined)?.status?.resourceClaimStatuses, (object as Pod).status?.resourceClaimStatuses) &&
      typeof podResourceClaims(reader, object as Pod) !== 'string',
  },
  { resource: 'deviceclasses', helps: exists },
  { resource: 'resourceslices', helps: exists },
];

/** A claim that was given up helps everybody; another change only those who use the claim. */
function claimHelps(pod: Pod, { type, object, previous }: Change, reader: SchedulerReader): boolean {
  if (type === 'DELETED') return false;
  const claims = podResourceClaims(reader, pod);
  if (typeof claims === 'string') return false;
  const [before, after] = [previous as unknown as ResourceClaim | undefined, object as unknown as ResourceClaim];
  if (before?.status?.allocation !== undefined && after.status?.allocation === undefined) return true;
  if (!claims.some(({ metadata }) => metadata.uid === after.metadata.uid)) return false;
  return before === undefined || !jsonEqual(before.status, after.status);
}

function offersElse({ object, previous }: Change): boolean {
  if (previous === undefined) return true;
  const [before, after] = [previous as Node, object as Node];
  return !jsonEqual(before.metadata.labels, after.metadata.labels) || !jsonEqual(before.status?.allocatable, after.status?.allocatable);
}
