import { isNodeReady } from '../../api/core/node/readiness.ts';
import { NODES, VOLUMEATTACHMENTS } from '../../api/schema/resources.ts';
import type { Node } from '../../api/schema/types/core/v1.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import { beginOperation, nextLook, noteFailure, type Attachment } from './actual.ts';
import { reportAttached, reportDetached } from './nodeStatus.ts';

/** How long a node that is not ready has to say that it does not use a volume any more. */
const UNMOUNT_TIMEOUT_MS = 360_000;
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

export function isOutOfService(node: Node | undefined): boolean {
  return node?.spec?.taints?.some(({ key }) => key === OUT_OF_SERVICE) === true;
}

export function isInUse(node: Node, uniqueName: string): boolean {
  return node.status?.volumesInUse?.includes(uniqueName) === true;
}

/**
 * Takes a volume off a node where no Pod wants it: once the kubelet has unmounted it; without that from a node which is not ready after six
 * minutes, and at once from one that a person has declared out of service.
 * @returns when to look again; undefined if only a change of the node can help, or the detaching has begun
 */
export function releaseVolume(context: ControllerContext, attachment: Attachment): number | undefined {
  const { client } = context;
  const nowMs = context.now();
  attachment.unwantedMs ??= nowMs;
  const node = client.get(NODES, '', attachment.node);
  if (node !== undefined) attachment.mounted = isInUse(node, attachment.uniqueName);
  const lateMs = attachment.unwantedMs + UNMOUNT_TIMEOUT_MS;
  const isReady = node !== undefined && isNodeReady(node);
  const forced = !isReady && nowMs >= lateMs;
  if (attachment.mounted && !forced && !isOutOfService(node)) return isReady ? undefined : lateMs;
  if (nowMs < attachment.retryAtMs) return attachment.retryAtMs;
  reportDetached(client, attachment);
  client.delete(VOLUMEATTACHMENTS, '', attachment.name);
  beginOperation(attachment, 'detaching', nowMs);
  return undefined;
}

/**
 * Waits for the end of the object that asked for the volume.
 * @returns when to look again; `gone` when the volume is off the node, undefined if the driver could not do it
 */
export function followDetach(context: ControllerContext, attachment: Attachment): number | 'gone' | undefined {
  const { client } = context;
  const nowMs = context.now();
  const object = client.get(VOLUMEATTACHMENTS, '', attachment.name);
  const look = nextLook(attachment, object === undefined || object.status?.detachError !== undefined, nowMs);
  if (look !== undefined) return look;
  if (object === undefined) return 'gone';
  reportAttached(client, attachment);
  attachment.phase = 'attached';
  noteFailure(attachment, nowMs);
  return undefined;
}
