/**
 * Lets the file system of a volume grow on the node, after its storage has grown: at once where a Pod runs with it, else when the next
 * one does.
 * Invariant: one kubelet at a time grows a volume, one that reaches the API server.
 * Counterpart: NodeExpandVolume of k8s.io/kubernetes/pkg/volume/util/operationexecutor, and volume/util/resizefs.
 */
import type { Draft } from '../base/json.ts';
import { claimsOf } from '../api/core/pod/claims.ts';
import { PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES, PODS } from '../api/schema/resources.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimStatus, Pod } from '../api/schema/types/core/v1.ts';
import { StatusError } from '../apimachinery/errors/status.ts';
import { keyOf, splitKey } from '../apimachinery/meta/resource.ts';
import { INDEX_CLAIM } from '../apiserver/apiServer.ts';
import { objectReference } from '../client/client.ts';
import type { Kubelet } from './kubelet.ts';
import type { KubeletHost } from './kubelets.ts';
import type { PodState } from './state.ts';

const EXPAND_MS = 1_000;
/** Conditions about growing; of these a claim has one at a time. */
const RESIZE_CONDITIONS: ReadonlySet<string> = new Set(['Resizing', 'FileSystemResizePending', 'ControllerResizeError', 'NodeResizeError']);

/** A claim has changed: its volume may have grown. */
export function onClaimChange(host: KubeletHost, claim: PersistentVolumeClaim): void {
  if (stateOf(claim) !== 'NodeResizePending') return;
  const node = host
    .clientOf('')
    .byIndex(PODS, INDEX_CLAIM, keyOf(claim))
    .find((pod) => runsWith(host, pod))?.spec?.nodeName;
  if (node !== undefined) begin(host, node, claim);
}

/** The Pod's volumes are mounted, or its kubelet is back: what has grown meanwhile is seen to. */
export function expandVolumes(kubelet: Kubelet, { node, namespace }: PodState, pod: Pod): void {
  for (const { name } of claimsOf(pod)) {
    const claim = kubelet.get(PERSISTENTVOLUMECLAIMS, namespace, name);
    if (claim !== undefined && stateOf(claim) !== undefined) begin(kubelet, node, claim);
  }
}

function begin(kubelet: Kubelet, node: string, claim: PersistentVolumeClaim): void {
  const marked = setStatus(kubelet, node, claim, (status) => {
    (status.allocatedResourceStatuses ??= {})['storage'] = 'NodeResizeInProgress';
  });
  if (marked) kubelet.scheduleOwn('expand', kubelet.now() + EXPAND_MS, { node, claim: keyOf(claim) }, false);
}

export function finishExpansion(host: KubeletHost, node: string, key: string): void {
  const { namespace, name } = splitKey(key);
  const claim = host.get(PERSISTENTVOLUMECLAIMS, namespace, name);
  const connection = host.connectionOf(node);
  if (claim === undefined || connection === undefined || stateOf(claim) === undefined) return;
  const pods = connection.client.byIndex(PODS, INDEX_CLAIM, key).filter((pod) => pod.spec?.nodeName === node && runsWith(host, pod));
  const volume = claim.spec?.volumeName ?? '';
  const size = host.get(PERSISTENTVOLUMES, '', volume)?.spec?.capacity?.['storage'];
  if (size === undefined) return;
  if (pods.length === 0) {
    // The last Pod went meanwhile; the next one will see to it.
    setStatus(host, node, claim, (status) => void ((status.allocatedResourceStatuses ??= {})['storage'] = 'NodeResizePending'));
    return;
  }
  const text = `MountVolume.NodeExpandVolume succeeded for volume "${volume}" ${node}`;
  for (const pod of pods) connection.events.event(objectReference(PODS, pod), 'Normal', 'FileSystemResizeSuccessful', text);
  connection.events.event(objectReference(PERSISTENTVOLUMECLAIMS, claim), 'Normal', 'FileSystemResizeSuccessful', text);
  setStatus(host, node, claim, (status) => {
    status.capacity = { ...status.capacity, storage: size };
    const { storage: _done, ...others } = status.allocatedResourceStatuses ?? {};
    if (Object.keys(others).length > 0) status.allocatedResourceStatuses = others;
    else delete status.allocatedResourceStatuses;
    const conditions = (status.conditions ?? []).filter(({ type }) => !RESIZE_CONDITIONS.has(type));
    if (conditions.length > 0) status.conditions = conditions;
    else delete status.conditions;
  });
}

/** What a kubelet has to do about the claim's volume, and whether it has begun. */
function stateOf({ status }: PersistentVolumeClaim): 'NodeResizePending' | 'NodeResizeInProgress' | undefined {
  const state = status?.allocatedResourceStatuses?.['storage'];
  return state === 'NodeResizePending' || state === 'NodeResizeInProgress' ? state : undefined;
}

function runsWith(host: KubeletHost, pod: Pod): boolean {
  const node = pod.spec?.nodeName ?? '';
  if (host.connectionOf(node) === undefined) return false;
  const state = host.state(pod.metadata.uid ?? '');
  if (state !== undefined) return state.volumesMounted && state.work !== 'finished';
  return host.findNode(node)?.mode === 'fast' && pod.status?.phase === 'Running';
}

function setStatus(
  kubelet: Kubelet,
  node: string,
  { metadata }: PersistentVolumeClaim,
  change: (status: Draft<PersistentVolumeClaimStatus>) => void,
): boolean {
  try {
    const client = kubelet.connectionOf(node)?.client;
    if (client === undefined) return false;
    const { namespace = '', name = '' } = metadata;
    return client.modify(PERSISTENTVOLUMECLAIMS, namespace, name, (copy) => change((copy.status ??= {})), 'status') !== undefined;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return false;
  }
}
