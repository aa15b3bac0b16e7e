/**
 * Has volumes attached to the nodes where Pods want them, and detached when the last of these Pods is over and the node has unmounted them.
 * Invariant: a volume that only one node may have is asked for on a second one only after it is off the first.
 * Counterpart: k8s.io/kubernetes/pkg/controller/volume/attachdetach.
 */
import { jsonEqual, type Json } from '../../base/json.ts';
import { RecordMap } from '../../base/recordMap.ts';
import { isNodeReady } from '../../api/core/node/readiness.ts';
import { claimsOf } from '../../api/core/pod/claims.ts';
import { CSIDRIVERS, NODES, PERSISTENTVOLUMECLAIMS, PERSISTENTVOLUMES, PODS, VOLUMEATTACHMENTS } from '../../api/schema/resources.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import type { VolumeAttachment } from '../../api/schema/types/storage/v1.ts';
import { attachmentName } from '../../api/storage/volumeattachment/names.ts';
import { INDEX_NODE_NAME } from '../../apiserver/apiServer.ts';
import type { Client } from '../../client/client.ts';
import { watch, type Controller, type Watch } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import type { VolumeState } from './actual.ts';
import { newAttachment } from './attach.ts';
import { isManaged, wantedOn } from './desired.ts';
import { isOutOfService } from './detach.ts';
import { syncVolume } from './syncVolume.ts';

export function createAttachDetachController(context: ControllerContext): Controller {
  const { client } = context;
  const states = new RecordMap<VolumeState>();
  return {
    watches: watches(client),
    // Attachments of before are its own; what became of them the first look tells.
    start: () => {
      for (const object of client.list(VOLUMEATTACHMENTS)) adopt(client, states, object);
    },
    reconcile: (name) => {
      const state: VolumeState = states.get(name) ?? { volume: name, attachments: [], refused: [] };
      const result = syncVolume(context, state);
      if (state.attachments.length > 0 || state.refused.length > 0) states.set(name, state);
      else states.delete(name);
      return result;
    },
    checkpoint: () => states.snapshot() as unknown as Json,
    restore: (memory) => states.restore(memory as unknown as readonly VolumeState[], ({ volume }) => volume),
  };
}

/** Requests are names of volumes. */
function watches(client: Client): readonly Watch[] {
  return [
    watch(PODS, (pod, previous, deleted) => {
      if (previous !== undefined && !deleted && wantedOn(pod) === wantedOn(previous)) return NONE;
      return volumesOf(client, pod);
    }),
    watch(PERSISTENTVOLUMECLAIMS, ({ spec }) => ((spec?.volumeName ?? '') === '' ? NONE : [spec?.volumeName ?? ''])),
    watch(PERSISTENTVOLUMES, ({ metadata, spec }) => (spec?.csi === undefined ? NONE : [metadata.name ?? ''])),
    watch(VOLUMEATTACHMENTS, ({ spec }) => (spec.source.persistentVolumeName === undefined ? NONE : [spec.source.persistentVolumeName])),
    watch(NODES, (node, previous, deleted) => {
      if (previous !== undefined && !deleted && jsonEqual(facts(node), facts(previous))) return NONE;
      const name = node.metadata.name ?? '';
      const attached = client.byIndex(VOLUMEATTACHMENTS, INDEX_NODE_NAME, name).map(({ spec }) => spec.source.persistentVolumeName ?? '');
      const wanted = isManaged(node) === isManaged(previous) ? [] : client.podsOnNode(name).flatMap((pod) => volumesOf(client, pod));
      return [...attached, ...wanted];
    }),
    // Rare: with the driver changes whether its volumes are attached at all.
    watch(CSIDRIVERS, ({ metadata }) =>
      client
        .list(PERSISTENTVOLUMES)
        .filter(({ spec }) => spec?.csi?.driver === metadata.name)
        .map((volume) => volume.metadata.name ?? ''),
    ),
  ];
}

/** What of a node decides about its volumes. */
function facts(node: Node): Json {
  return [isManaged(node), isNodeReady(node), isOutOfService(node), [...(node.status?.volumesInUse ?? [])]];
}

function volumesOf(client: Client, pod: Pod): readonly string[] {
  const claims = claimsOf(pod);
  if (claims.length === 0) return NONE;
  return claims
    .map(({ name }) => client.get(PERSISTENTVOLUMECLAIMS, pod.metadata.namespace ?? '', name)?.spec?.volumeName ?? '')
    .filter((name) => name !== '');
}

const NONE: readonly string[] = [];

/** Takes an attachment in that was there before the controller: one of somebody else has another name than the controller would give. */
function adopt(client: Client, states: RecordMap<VolumeState>, { metadata, spec, status }: VolumeAttachment): void {
  const volume = spec.source.persistentVolumeName ?? '';
  const csi = client.get(PERSISTENTVOLUMES, '', volume)?.spec?.csi;
  if (csi === undefined || attachmentName(csi, spec.nodeName) !== metadata.name) return;
  const state: VolumeState = states.get(volume) ?? { volume, attachments: [], refused: [] };
  const attachment = newAttachment(spec.nodeName, metadata.name, csi);
  state.attachments.push({ ...attachment, phase: status?.attached === true ? 'attached' : 'failed' });
  states.set(volume, state);
}
