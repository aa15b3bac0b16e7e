import { PODS, VOLUMEATTACHMENTS } from '../../api/schema/resources.ts';
import type { PersistentVolume, Pod } from '../../api/schema/types/core/v1.ts';
import type { VolumeAttachment } from '../../api/schema/types/storage/v1.ts';
import { attachmentName, uniqueVolumeName } from '../../api/storage/volumeattachment/names.ts';
import { objectReference } from '../../client/client.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { beginOperation, nextLook, noteFailure, type Attachment, type VolumeState } from './actual.ts';
import { reportAttached } from './nodeStatus.ts';

export type CsiVolume = NonNullable<NonNullable<PersistentVolume['spec']>['csi']>;

/**
 * Asks the volume's driver to attach it: by an object, which the driver's external-attacher answers in its status.
 * Counterpart: csiAttacher.Attach of k8s.io/kubernetes/pkg/volume/csi. @throws StatusError
 */
export function beginAttach(context: ControllerContext, state: VolumeState, csi: CsiVolume, node: string): void {
  const { client } = context;
  const name = attachmentName(csi, node);
  if (client.get(VOLUMEATTACHMENTS, '', name) === undefined) {
    client.create(VOLUMEATTACHMENTS, {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttachment',
      metadata: { name },
      spec: { attacher: csi.driver, nodeName: node, source: { persistentVolumeName: state.volume } },
    });
  }
  let attachment = state.attachments.find((other) => other.node === node);
  if (attachment === undefined) state.attachments.push((attachment = newAttachment(node, name, csi)));
  beginOperation(attachment, 'attaching', context.now());
}

export function newAttachment(node: string, name: string, csi: CsiVolume): Attachment {
  return {
    node,
    name,
    uniqueName: uniqueVolumeName(csi),
    phase: 'attaching',
    sinceMs: 0,
    answeredMs: null,
    failures: 0,
    retryAtMs: 0,
    unwantedMs: null,
    lostMs: null,
    mounted: true,
  };
}

/**
 * Looks for the driver's answer and tells the Pods that wait.
 * @returns when to look again; undefined if there is an answer, or its time is over
 */
export function followAttach(
  context: ControllerContext,
  volume: PersistentVolume,
  attachment: Attachment,
  pods: readonly Pod[],
): number | undefined {
  const { client } = context;
  const nowMs = context.now();
  const answer = answerOf(client.get(VOLUMEATTACHMENTS, '', attachment.name));
  const look = nextLook(attachment, answer !== undefined, nowMs);
  if (look !== undefined) return look;
  const name = volume.metadata.name ?? '';
  if (answer === '') {
    reportAttached(client, attachment);
    Object.assign(attachment, { phase: 'attached', failures: 0, retryAtMs: 0 });
    // The text ends with what a real one would add of the reason.
    tell(context, pods, 'Normal', 'SuccessfulAttachVolume', `AttachVolume.Attach succeeded for volume "${name}" `);
    return undefined;
  }
  const { driver = '', volumeHandle = '' } = volume.spec?.csi ?? {};
  const problem = answer ?? `timed out waiting for external-attacher of ${driver} CSI driver to attach volume ${volumeHandle}`;
  attachment.phase = 'failed';
  noteFailure(attachment, nowMs);
  tell(context, pods, 'Warning', 'FailedAttachVolume', `AttachVolume.Attach failed for volume "${name}" : ${problem}`);
  return undefined;
}

/** Empty: it is attached. Otherwise why it cannot be; undefined while there is no answer. */
function answerOf(object: VolumeAttachment | undefined): string | undefined {
  if (object === undefined) return 'volume attachment has been deleted';
  if (object.metadata.deletionTimestamp !== undefined) return 'volume attachment is being deleted';
  if (object.status?.attached === true) return '';
  return object.status?.attachError?.message;
}

export function tell(
  { events }: ControllerContext,
  pods: readonly Pod[],
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void {
  for (const pod of pods) events.event(objectReference(PODS, pod), type, reason, message);
}
