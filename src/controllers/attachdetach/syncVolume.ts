import { PERSISTENTVOLUMES, VOLUMEATTACHMENTS } from '../../api/schema/resources.ts';
import type { PersistentVolume, Pod } from '../../api/schema/types/core/v1.ts';
import type { Result } from '../runtime/controller.ts';
import type { ControllerContext } from '../runtime/environment.ts';
import type { Attachment, VolumeState } from './actual.ts';
import { beginAttach, followAttach } from './attach.ts';
import { desiredNodes } from './desired.ts';
import { followDetach, releaseVolume } from './detach.ts';
import { allowsMultiAttach, reportMultiAttach } from './multiAttach.ts';
import { reportAttached, reportDetached } from './nodeStatus.ts';

/** Attachments are compared with their objects once a minute. */
const COMPARE_MS = 60_000;

type Desired = ReadonlyMap<string, readonly Pod[]>;

/**
 * Brings one volume closer to where it is wanted: first it is taken off nodes, then put on others.
 * Counterpart: reconciler.reconcile of k8s.io/kubernetes/pkg/controller/volume/attachdetach.
 */
export function syncVolume(context: ControllerContext, state: VolumeState): Result | undefined {
  const volume = context.client.get(PERSISTENTVOLUMES, '', state.volume);
  const desired: Desired = volume === undefined ? new Map<string, readonly Pod[]>() : desiredNodes(context.client, volume);
  const looks: (number | undefined)[] = [];
  for (const attachment of [...state.attachments]) looks.push(follow(context, volume, state, attachment, desired.get(attachment.node)));
  state.refused = state.refused.filter((node) => desired.has(node));
  if (volume !== undefined) for (const [node, pods] of desired) looks.push(attach(context, volume, state, node, pods, desired));
  const next = Math.min(...looks.map((look) => look ?? Number.POSITIVE_INFINITY));
  if (next === Number.POSITIVE_INFINITY) return undefined;
  // What has failed once may go on to fail for ever.
  const background = state.attachments.some(({ failures }) => failures > 0);
  return { requeueAfterMs: next - context.now(), background };
}

/** @returns when to look again */
function follow(
  context: ControllerContext,
  volume: PersistentVolume | undefined,
  state: VolumeState,
  attachment: Attachment,
  pods: readonly Pod[] | undefined,
): number | undefined {
  const drop = (): void => void state.attachments.splice(state.attachments.indexOf(attachment), 1);
  if (attachment.phase === 'attaching') {
    const look = volume === undefined ? undefined : followAttach(context, volume, attachment, pods ?? []);
    if (look !== undefined) return look;
    if (volume === undefined) attachment.phase = 'failed';
  }
  if (!isDetaching(attachment)) {
    if (pods !== undefined) {
      attachment.unwantedMs = null;
      return attachment.phase === 'attached' ? compare(context, attachment, drop) : undefined;
    }
    const look = releaseVolume(context, attachment);
    if (!isDetaching(attachment)) return look;
  }
  const look = followDetach(context, attachment);
  if (look !== 'gone') return look ?? attachment.retryAtMs;
  drop();
  return undefined;
}

function isDetaching({ phase }: Attachment): boolean {
  return phase === 'detaching';
}

/** Somebody has taken away the object that asks for the volume: it is noticed in a while, and the volume is asked for anew. */
function compare(context: ControllerContext, attachment: Attachment, drop: () => void): number | undefined {
  const nowMs = context.now();
  if (context.client.get(VOLUMEATTACHMENTS, '', attachment.name)?.status?.attached === true) {
    attachment.lostMs = null;
    // A Node that was made anew does not know yet.
    reportAttached(context.client, attachment);
    return undefined;
  }
  attachment.lostMs ??= nowMs;
  if (nowMs < attachment.lostMs + COMPARE_MS) return attachment.lostMs + COMPARE_MS;
  reportDetached(context.client, attachment);
  drop();
  return undefined;
}

/** @returns when to look again */
function attach(
  context: ControllerContext,
  volume: PersistentVolume,
  state: VolumeState,
  node: string,
  pods: readonly Pod[],
  desired: Desired,
): number | undefined {
  const csi = volume.spec?.csi;
  const own = state.attachments.find((attachment) => attachment.node === node);
  if (csi === undefined || (own !== undefined && own.phase !== 'failed')) return undefined;
  if (!allowsMultiAttach(volume)) {
    const others = state.attachments.filter((attachment) => attachment !== own);
    // While something is being done about the volume elsewhere nothing is begun here.
    if (others.some(({ phase }) => phase === 'attaching' || phase === 'detaching')) return undefined;
    const holders = others.filter(({ phase }) => phase === 'attached');
    if (holders.length > 0) {
      if (state.refused.includes(node)) return undefined;
      const users = holders.flatMap((holder) => desired.get(holder.node) ?? []);
      reportMultiAttach(context, volume, pods, users);
      state.refused.push(node);
      return undefined;
    }
  }
  if (own !== undefined && context.now() < own.retryAtMs) return own.retryAtMs;
  beginAttach(context, state, csi, node);
  const begun = state.attachments.find((attachment) => attachment.node === node);
  return begun === undefined ? undefined : followAttach(context, volume, begun, pods);
}
