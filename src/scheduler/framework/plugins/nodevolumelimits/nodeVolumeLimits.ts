/**
 * A node can have only so many volumes of a driver attached, as its CSINode says; a volume counts once, however many Pods use it.
 * Counterpart: plugins/nodevolumelimits (CSILimits).
 */
import { jsonEqual } from '../../../../base/json.ts';
import { claimClass } from '../../../../api/core/persistentvolume/matching.ts';
import type { PersistentVolumeClaim, Pod } from '../../../../api/schema/types/core/v1.ts';
import type { CSINode, VolumeAttachment } from '../../../../api/schema/types/storage/v1.ts';
import { objectKey } from '../../../../apimachinery/meta/resource.ts';
import type { Handle, Plugin, SchedulerReader } from '../../interface.ts';
import type { NodeInfo } from '../../nodeInfo.ts';
import { SKIP, unresolvable, unschedulable, type Status } from '../../status.ts';
import { claimsOf, isOwnedBy } from '../../../../api/core/pod/claims.ts';
import { leftPod } from '../helper/placedChange.ts';
import { claimNotFound, getClaim, getClass, getVolume, isOwnClaim, notOwned } from '../helper/claims.ts';

/** A volume as its driver knows it > the driver. */
type Volumes = Map<string, string>;

const EXCEEDED = unschedulable('node(s) exceed max volume count');
const ATTACHMENTS_BY_NODE = 'scheduler/nodeName';

export const nodeVolumeLimits = {
  name: 'NodeVolumeLimits',
  indexes: [
    {
      resource: 'volumeattachments.storage.k8s.io',
      name: ATTACHMENTS_BY_NODE,
      keys: (object) => [(object as VolumeAttachment).spec?.nodeName ?? ''],
    },
  ],
  events: [
    {
      resource: 'csinodes',
      helps: (_pod, change) =>
        change.type !== 'DELETED' && !jsonEqual((change.previous as CSINode | undefined)?.spec, (change.object as CSINode).spec),
    },
    {
      resource: 'pods',
      helps: (_pod, change) => {
        const gone = leftPod(change);
        return gone !== undefined && claimsOf(gone).length > 0;
      },
    },
    { resource: 'persistentvolumeclaims', helps: (pod, change) => change.type === 'ADDED' && isOwnClaim(pod, change) },
    { resource: 'volumeattachments', helps: (_pod, change) => change.type === 'DELETED' },
  ],
  preFilter: (_state, pod) => (claimsOf(pod).length === 0 ? SKIP : undefined),
  filter: (_state, pod, node, handle) => exceeds(pod, node, handle),
} satisfies Plugin;

function exceeds(pod: Pod, node: NodeInfo, { reader }: Handle): Status | undefined {
  const wanted: Volumes = new Map();
  const problem = collect(reader, pod, true, wanted);
  if (problem !== undefined) return unresolvable(problem);
  if (wanted.size === 0) return undefined;
  const limits = limitsOf(reader, node.name);
  if (limits.size === 0) return undefined;
  const attachments = reader.byIndex('volumeattachments.storage.k8s.io', ATTACHMENTS_BY_NODE, node.name) as readonly VolumeAttachment[];
  // On most nodes there is room however the volumes are counted; then they need not be.
  if (node.claimUses + attachments.length + wanted.size <= Math.min(...limits.values())) return undefined;
  const attached: Volumes = new Map();
  for (const other of node.pods.values()) collect(reader, other, false, attached);
  // A volume may be attached still although the Pod that used it has gone.
  for (const { spec } of attachments) {
    const handle = getVolume(reader, spec.source.persistentVolumeName ?? '')?.spec?.csi?.volumeHandle;
    if (handle !== undefined) attached.set(`${spec.attacher}/${handle}`, spec.attacher);
  }
  const count = (volumes: Iterable<string>, driver: string): number => {
    let sum = 0;
    for (const each of volumes) if (each === driver) sum++;
    return sum;
  };
  for (const volume of attached.keys()) wanted.delete(volume);
  for (const driver of new Set(wanted.values())) {
    const limit = limits.get(driver);
    if (limit !== undefined && count(attached.values(), driver) + count(wanted.values(), driver) > limit) return EXCEEDED;
  }
  return undefined;
}

/** What the drivers on a node can attach; a driver that says nothing has no limit. */
function limitsOf(reader: SchedulerReader, node: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const csiNode = reader.get('csinodes.storage.k8s.io', '', node) as CSINode | undefined;
  for (const { name, allocatable } of csiNode?.spec.drivers ?? []) if (allocatable?.count !== undefined) found.set(name, allocatable.count);
  return found;
}

/**
 * Adds the volumes of a Pod that drivers attach. Returns why a new Pod's cannot be told; a placed Pod's are left out then,
 * as there is no saying that the claim is the one which it runs with.
 */
function collect(reader: SchedulerReader, pod: Pod, isNew: boolean, into: Volumes): string | undefined {
  const { namespace } = pod.metadata;
  for (const { name, ephemeral } of claimsOf(pod)) {
    const claim = getClaim(reader, namespace, name);
    if (claim === undefined) {
      if (isNew) return `looking up PVC ${objectKey(namespace, name)}: ${claimNotFound(name)}`;
      continue;
    }
    if (ephemeral && !isOwnedBy(claim, pod)) {
      if (isNew) return notOwned(claim, pod);
      continue;
    }
    const volume = getVolume(reader, claim.spec?.volumeName ?? '');
    const csi = volume?.spec?.csi;
    if (csi !== undefined) into.set(`${csi.driver}/${csi.volumeHandle}`, csi.driver);
    else if (volume === undefined) addUnprovisioned(reader, claim, into);
  }
  return undefined;
}

/** A volume that is yet to be made counts for the driver that will make it. */
function addUnprovisioned(reader: SchedulerReader, claim: PersistentVolumeClaim, into: Volumes): void {
  const driver = getClass(reader, claimClass(claim))?.provisioner;
  if (driver !== undefined) into.set(`${driver}/${objectKey(claim.metadata.namespace, claim.metadata.name ?? '')}`, driver);
}
