/**
 * Logs that someone reads while they grow: `kubectl logs -f`.
 * Invariant: every line is told once, in order; without followers `flush` costs one test. A container that starts again is
 * followed on, unlike kubectl, which ends there.
 */
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { formatTime } from '../../apimachinery/meta/time.ts';
import type { Cluster } from '../../cluster/cluster.ts';

export interface FollowedLog {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

interface LogEntry {
  readonly atMs: number;
  readonly text: string;
}

interface Follower extends FollowedLog {
  /** Where it was begun: the Pods of another cluster may have the same names. Its reader may outlive it. */
  readonly cluster: WeakRef<Cluster>;
  /** The last lines that were told: those of one instant. */
  last: readonly LogEntry[];
}

export class LogFollowers {
  private readonly cluster: () => Cluster;
  private readonly tell: (id: string, text: string) => void;
  private readonly followers = new Map<string, Follower>();

  constructor(cluster: () => Cluster, tell: (id: string, text: string) => void) {
    this.cluster = cluster;
    this.tell = tell;
  }

  /** @param told the lines that the reader has already */
  follow(id: string, log: FollowedLog, told: readonly LogEntry[]): void {
    this.followers.set(id, { ...log, cluster: new WeakRef(this.cluster()), last: ofLastInstant(told) });
  }

  stop(id: string): void {
    this.followers.delete(id);
  }

  /** Tells what was written since the last call; that of a cluster which is not shown waits until it is. */
  flush(): void {
    if (this.followers.size === 0) return;
    const shown = this.cluster();
    const { kubelets } = shown;
    for (const [id, follower] of this.followers) {
      if (follower.cluster.deref() !== shown) continue;
      const { namespace, pod, container, last } = follower;
      const entries = kubelets.readLogs({ namespace, pod, container, sinceMs: last[0]?.atMs ?? 0 }) ?? [];
      const known = last.every((entry, index) => entries[index]?.atMs === entry.atMs && entries[index]?.text === entry.text)
        ? last.length
        : 0;
      const fresh = entries.slice(known);
      if (fresh.length === 0) continue;
      follower.last = ofLastInstant(entries);
      this.tell(id, printLog(fresh));
    }
  }
}

/** Lines with the virtual time of each. */
export function printLog(entries: readonly LogEntry[]): string {
  return entries.map(({ atMs, text }) => `${formatTime(atMs)} ${text}\n`).join('');
}

/** The container that kubectl takes where none is named. */
export function defaultContainer(pod: Pod): string {
  const containers = pod.spec?.containers ?? [];
  const wanted = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  return containers.find(({ name }) => name === wanted)?.name ?? containers[0]?.name ?? '';
}

function ofLastInstant(entries: readonly LogEntry[]): readonly LogEntry[] {
  const last = entries.at(-1);
  return last === undefined ? [] : entries.filter(({ atMs }) => atMs === last.atMs);
}
