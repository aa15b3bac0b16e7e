/**
 * Two Pods cannot share what only one may use: a disk of one writer on a node, a claim of one Pod in the cluster.
 * Counterpart: plugins/volumerestrictions.
 */
import type { Pod, Volume } from '../../../../api/schema/types/core/v1.ts';
import { objectKey } from '../../../../apimachinery/meta/resource.ts';
import type { CycleState, Handle, Plugin } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import { SKIP, unresolvable, unschedulable, type Status } from '../../status.ts';
import { claimsOf } from '../../../../api/core/pod/claims.ts';
import { leftPod } from '../helper/placedChange.ts';
import { claimNotFound, getClaim, isOwnClaim, someVolume } from '../helper/claims.ts';

const STATE = 'PreFilterVolumeRestrictions';

interface State {
  /** Claims of the Pod that one Pod may use at a time, by name. */
  readonly exclusive: ReadonlySet<string>;
  /** How many of them other Pods use; changes in a what-if. */
  readonly conflicts: number;
}

const DISK_CONFLICT = unschedulable('node(s) had no available disk');
const CLAIM_CONFLICT = unschedulable(
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
);

export const volumeRestrictions = {
  name: 'VolumeRestrictions',
  events: [
    { resource: 'pods', helps: (pod, change) => frees(pod, leftPod(change)) },
    { resource: 'nodes', helps: (_pod, change) => change.type === 'ADDED' },
    { resource: 'persistentvolumeclaims', helps: isOwnClaim },
  ],
  preFilter: (state, pod, handle) => {
    const exclusive = exclusiveClaims(pod, handle);
    if (typeof exclusive === 'string') return unresolvable(exclusive);
    let conflicts = 0;
    for (const name of exclusive) if (handle.isClaimUsed(objectKey(pod.metadata.namespace, name))) conflicts++;
    if (conflicts === 0 && !someVolume(pod, isDisk)) return SKIP;
    state.set(STATE, { exclusive, conflicts } satisfies State);
    return undefined;
  },
  addPod: (state, pod, added) => adjust(state, pod, added, 1),
  removePod: (state, pod, removed) => adjust(state, pod, removed, -1),
  filter: (state, pod, node) => {
    if (hasDiskConflict(pod, node)) return DISK_CONFLICT;
    return ((state.get(STATE) as State | undefined)?.conflicts ?? 0) > 0 ? CLAIM_CONFLICT : undefined;
  },
} satisfies Plugin;

/** Names of the Pod's ReadWriteOncePod claims; the text of a refusal if one of its claims is not there. */
function exclusiveClaims(pod: Pod, { reader }: Handle): ReadonlySet<string> | string {
  let names: Set<string> | undefined;
  for (const { name, ephemeral } of claimsOf(pod)) {
    if (ephemeral) continue;
    const claim = getClaim(reader, pod.metadata.namespace, name);
    if (claim === undefined) return claimNotFound(name);
    if (claim.spec?.accessModes?.includes('ReadWriteOncePod') === true) (names ??= new Set()).add(name);
  }
  return names ?? NO_NAMES;
}

const NO_NAMES: ReadonlySet<string> = new Set();

function adjust(state: CycleState, pod: Pod, other: Pod, sign: 1 | -1): Status | undefined {
  const made = state.get(STATE) as State | undefined;
  if (made === undefined || made.exclusive.size === 0 || other.metadata.namespace !== pod.metadata.namespace) return undefined;
  const shared = claimsOf(other).filter(({ name, ephemeral }) => !ephemeral && made.exclusive.has(name)).length;
  if (shared > 0) state.set(STATE, { ...made, conflicts: made.conflicts + sign * shared } satisfies State);
  return undefined;
}

function isDisk({ gcePersistentDisk, awsElasticBlockStore, rbd, iscsi }: Volume): boolean {
  return (gcePersistentDisk ?? awsElasticBlockStore ?? rbd ?? iscsi) !== undefined;
}

function hasDiskConflict(pod: Pod, node: NodeInfo): boolean {
  return someVolume(pod, (volume) => {
    if (!isDisk(volume)) return false;
    for (const other of node.pods.values()) if (someVolume(other, (used) => conflict(volume, used))) return true;
    return false;
  });
}

/** Readers may share a disk; an EBS volume nobody may share. */
function conflict(wanted: Volume, used: Volume): boolean {
  const writes = (left: { readonly readOnly?: boolean }, right: { readonly readOnly?: boolean }): boolean =>
    left.readOnly !== true || right.readOnly !== true;
  const [disk, usedDisk] = [wanted.gcePersistentDisk, used.gcePersistentDisk];
  if (disk !== undefined && usedDisk !== undefined && disk.pdName === usedDisk.pdName && writes(disk, usedDisk)) return true;
  const [block, usedBlock] = [wanted.awsElasticBlockStore, used.awsElasticBlockStore];
  if (block !== undefined && usedBlock !== undefined && block.volumeID === usedBlock.volumeID) return true;
  const [target, usedTarget] = [wanted.iscsi, used.iscsi];
  if (target !== undefined && usedTarget !== undefined && target.iqn === usedTarget.iqn && writes(target, usedTarget)) return true;
  const [image, usedImage] = [wanted.rbd, used.rbd];
  return (
    image !== undefined &&
    usedImage !== undefined &&
    image.monitors.some((monitor) => usedImage.monitors.includes(monitor)) &&
    (image.pool ?? 'rbd') === (usedImage.pool ?? 'rbd') &&
    image.image === usedImage.image &&
    writes(image, usedImage)
  );
}

/** The Pod that went had a disk or a claim that this one wants. */
function frees(pod: Pod, gone: Pod | undefined): boolean {
  if (gone === undefined || gone.metadata.namespace !== pod.metadata.namespace) return false;
  if (someVolume(pod, (volume) => someVolume(gone, (used) => conflict(volume, used)))) return true;
  const freed = claimsOf(gone);
  return claimsOf(pod).some(({ name }) => freed.some((claim) => claim.name === name));
}
