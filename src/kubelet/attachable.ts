/**
 * Volumes that the control plane attaches to the machine: the kubelet says in the Node's status which it uses, and mounts only what the
 * status says is attached.
 * Invariant: a volume is in use from the moment that a Pod of the node waits for it until the last such Pod is over.
 * Counterpart: GetVolumesInUse and the reconciler of k8s.io/kubernetes/pkg/kubelet/volumemanager.
 */
import { claimsOf } from '../api/core/pod/claims.ts';
import { CSIDRIVERS, PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES, VOLUMEATTACHMENTS } from '../api/schema/resources.ts';
import type { PersistentVolume, Pod } from '../api/schema/types/core/v1.ts';
import { attachmentName, isAttachRequired, uniqueVolumeName } from '../api/storage/volumeattachment/names.ts';
import type { Kubelet } from './kubelet.ts';
import type { NodeState, PodState } from './state.ts';

/** How often the kubelet looks at its Node's status and writes it if it has changed. */
const STATUS_INTERVAL_MS = 10_000;
/** From a report to the look that finds it. */
const AFTER_REPORT_MS = 100;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 122_000;

/** The volumes behind the Pod's claims, as far as these are bound. */
export function persistentVolumes(kubelet: Kubelet, pod: Pod): readonly PersistentVolume[] {
  const claims = claimsOf(pod);
  if (claims.length === 0) return NONE;
  return claims.flatMap(({ name }) => {
    const claim = kubelet.get(PERSISTENTVOLUMECLAIMS, pod.metadata.namespace ?? '', name);
    return kubelet.get(PERSISTENTVOLUMES, '', claim?.spec?.volumeName ?? '') ?? [];
  });
}

const NONE: readonly PersistentVolume[] = [];

/** Names of those of the Pod's volumes that have to be attached. */
export function attachableVolumes(kubelet: Kubelet, pod: Pod): readonly string[] {
  const names = persistentVolumes(kubelet, pod).flatMap(({ spec }) => {
    const csi = spec?.csi;
    return csi !== undefined && isAttachRequired(kubelet.get(CSIDRIVERS, '', csi.driver)) ? [uniqueVolumeName(csi)] : [];
  });
  return [...new Set(names)];
}

/** The Pod waits for these volumes, or runs with them. */
export function useVolumes(kubelet: Kubelet, { node: name, uid }: PodState, volumes: readonly string[]): void {
  const node = kubelet.node(name);
  for (const volume of volumes) {
    const users = (node.volumes[volume] ??= []);
    if (users.includes(uid)) continue;
    users.push(uid);
    if (users.length === 1) reportLater(kubelet, node);
  }
}

/** The Pod is over and its volumes are unmounted. */
export function leaveVolumes(kubelet: Kubelet, { node: name, uid }: PodState): void {
  const node = kubelet.node(name);
  for (const [volume, users] of Object.entries(node.volumes)) {
    if (!users.includes(uid)) continue;
    node.volumes[volume] = users.filter((other) => other !== uid);
    if (users.length > 1) continue;
    delete node.volumes[volume];
    reportLater(kubelet, node);
  }
}

function reportLater(kubelet: Kubelet, node: NodeState): void {
  if (node.volumesReportMs !== null) return;
  const phase = node.slot * 1000 + node.relistPhaseMs;
  const nowMs = kubelet.now();
  node.volumesReportMs = nowMs + STATUS_INTERVAL_MS - ((((nowMs - phase) % STATUS_INTERVAL_MS) + STATUS_INTERVAL_MS) % STATUS_INTERVAL_MS);
  kubelet.scheduleOwn('volumes', node.volumesReportMs, { node: node.name }, false);
}

/**
 * When to look again whether the volumes are attached; undefined: they are.
 * @param failures how often it was looked for in vain although the volumes were reported as in use
 */
export function attachLook(
  kubelet: Kubelet,
  { node: name }: PodState,
  volumes: readonly string[],
  failures: number,
): { readonly atMs: number; readonly failed: boolean } | undefined {
  const node = kubelet.node(name);
  const nowMs = kubelet.now();
  const { volumesInUse = [], volumesAttached = [] } = kubelet.nodeObject(name)?.status ?? {};
  // Until the Node says that they are in use nothing is tried; one that cannot be written is a matter of the next report.
  if (volumes.some((volume) => !volumesInUse.includes(volume)))
    return { atMs: (node.volumesReportMs ?? nowMs + STATUS_INTERVAL_MS) + AFTER_REPORT_MS, failed: false };
  if (node.link === 'up' && volumes.every((volume) => volumesAttached.some((attached) => attached.name === volume))) return undefined;
  return { atMs: nowMs + Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS), failed: true };
}

/** Whether the driver has said of one of the Pod's volumes that the machine can have no more. */
export function isExhausted(kubelet: Kubelet, { node }: PodState, pod: Pod): boolean {
  return persistentVolumes(kubelet, pod).some(({ spec }) => {
    const csi = spec?.csi;
    if (csi === undefined) return false;
    return kubelet.get(VOLUMEATTACHMENTS, '', attachmentName(csi, node))?.status?.attachError?.errorCode === RESOURCE_EXHAUSTED;
  });
}

/** The word that gRPC has for it. */
const RESOURCE_EXHAUSTED = 8;
