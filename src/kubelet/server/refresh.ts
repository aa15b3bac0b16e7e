/**
 * Which version of a ConfigMap or Secret a running Pod has in its files: that of the kubelet's last look at the Pod.
 * Invariant: pure; nothing is noted when an object changes, its history is read when somebody looks into a file.
 * Counterpart: resyncInterval of the kubelet's pod workers, and pkg/kubelet/configmap and secret with their watches.
 */
import { objectKey, type KubeObject } from '../../apimachinery/meta/resource.ts';
import type { Revision } from '../../apiserver/storage/revision.ts';
import type { Store } from '../../apiserver/storage/store.ts';

/** A Pod is looked at again so long after its last look, half as long again at most: each Pod in its own measure. */
const RESYNC_MS = 60_000;
const RESYNC_SPREAD_MS = 30_000;

export interface Look {
  /** When the Pod's volumes were set up for the container, milliseconds since 1970. */
  readonly mountedMs: number;
  /** The kubelet's last look at the Pod that had a reason. */
  readonly syncedMs: number;
}

/**
 * When the kubelet has looked at a Pod's volumes last.
 * Worked example: a Pod that was synced at 10:00:00 and looks again every 72 s has at 10:03:00 the files of 10:02:24.
 */
export function lastRefresh(uid: string, { mountedMs, syncedMs }: Look, nowMs: number): number {
  const from = Math.max(mountedMs, syncedMs);
  if (nowMs <= from) return nowMs;
  const every = RESYNC_MS + ((Number.parseInt(uid.slice(0, 8), 16) || 0) % RESYNC_SPREAD_MS);
  return from + Math.floor((nowMs - from) / every) * every;
}

/** The object as the Pod's files show it. One that is gone is still shown; an immutable one is never read again. */
export function shownObject(
  store: Store,
  resource: 'configmaps' | 'secrets',
  namespace: string,
  name: string,
  { mountedMs, refreshedMs }: { readonly mountedMs: number; readonly refreshedMs: number },
): KubeObject | undefined {
  const key = objectKey(namespace, name);
  const current = store.get(resource, key);
  const writes = (store.since(resource, store.compactedRevision(resource)) ?? []).filter((write) => write.key === key);
  const mounted = versionAt(writes, current, mountedMs);
  if ((mounted as { readonly immutable?: boolean } | undefined)?.immutable === true) return mounted;
  return versionAt(writes, current, refreshedMs);
}

/** The newest version that was there at the time, or before it if it was gone then. @param writes oldest first */
function versionAt(writes: readonly Revision[], current: KubeObject | undefined, atMs: number): KubeObject | undefined {
  let version = current;
  for (const { at, type, object, previous } of writes.toReversed()) {
    if (at > atMs) version = previous;
    else {
      if (type === 'DELETED') version ??= previous ?? object;
      break;
    }
  }
  return version;
}
