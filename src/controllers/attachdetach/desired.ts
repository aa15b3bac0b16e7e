import { claimsOf, isOwnedBy } from '../../api/core/pod/claims.ts';
import { CSIDRIVERS, NODES, PERSISTENTVOLUMECLAIMS, PODS } from '../../api/schema/resources.ts';
import type { ContainerStatus, Node, PersistentVolume, Pod } from '../../api/schema/types/core/v1.ts';
import { isAttachRequired } from '../../api/storage/volumeattachment/names.ts';
import { objectKey } from '../../apimachinery/meta/resource.ts';
import { INDEX_CLAIM } from '../../apiserver/apiServer.ts';
import type { Client } from '../../client/client.ts';
import { isPodFinished } from '../util/podUtil.ts';

/** The kubelet says by this annotation that it leaves attaching to the controller. */
const MANAGED = 'volumes.kubernetes.io/controller-managed-attach-detach';

/**
 * The nodes on which a volume should be attached, and the Pods there that want it.
 * Counterpart: cache.DesiredStateOfWorld and its populator in k8s.io/kubernetes/pkg/controller/volume/attachdetach.
 */
export function desiredNodes(client: Client, volume: PersistentVolume): ReadonlyMap<string, readonly Pod[]> {
  const { csi, claimRef } = volume.spec ?? {};
  if (csi === undefined || claimRef === undefined) return NOWHERE;
  const { namespace = '', name = '' } = claimRef;
  const claim = client.get(PERSISTENTVOLUMECLAIMS, namespace, name);
  if (claim?.metadata.uid !== claimRef.uid || claim?.spec?.volumeName !== volume.metadata.name || claim?.status?.phase !== 'Bound')
    return NOWHERE;
  if (!isAttachRequired(client.get(CSIDRIVERS, '', csi.driver))) return NOWHERE;
  const desired = new Map<string, Pod[]>();
  for (const pod of client.byIndex(PODS, INDEX_CLAIM, objectKey(namespace, name))) {
    const node = wantedOn(pod);
    if (node === undefined || !isManaged(client.get(NODES, '', node))) continue;
    const uses = claimsOf(pod).filter((use) => use.name === name);
    if (uses.every(({ ephemeral }) => ephemeral && !isOwnedBy(claim, pod))) continue;
    const pods = desired.get(node);
    if (pods === undefined) desired.set(node, [pod]);
    else pods.push(pod);
  }
  return desired;
}

/** The node on which a Pod's volumes should be attached: its own, until it is over. */
export function wantedOn(pod: Pod): string | undefined {
  const node = pod.spec?.nodeName ?? '';
  return node === '' || isTerminated(pod) ? undefined : node;
}

export function isManaged(node: Node | undefined): boolean {
  return node?.metadata.annotations?.[MANAGED] === 'true';
}

/** Over, or deleted with no container running. */
function isTerminated(pod: Pod): boolean {
  if (isPodFinished(pod)) return true;
  if (pod.metadata.deletionTimestamp === undefined) return false;
  const { initContainerStatuses, containerStatuses, ephemeralContainerStatuses } = pod.status ?? {};
  return [initContainerStatuses, containerStatuses, ephemeralContainerStatuses].every((statuses) => (statuses ?? []).every(isStill));
}

function isStill({ state }: ContainerStatus): boolean {
  return state?.terminated !== undefined || state?.waiting !== undefined;
}

const NOWHERE: ReadonlyMap<string, readonly Pod[]> = new Map();
