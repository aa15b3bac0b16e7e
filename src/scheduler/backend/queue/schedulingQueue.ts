/**
 * The Pods that wait for a node, in three places: `active` (tried next), `backoff` (failed a moment ago), `unschedulable`
 * (waits for a change that may help; tried again after five minutes anyway).
 * Promised: a Pod is in one place at most; `pop` gives the highest priority, then the longest waiting.
 * Not promised: fairness between Pods of different priority.
 * Counterpart: k8s.io/kubernetes/pkg/scheduler/backend/queue.PriorityQueue.
 */
import type { Json } from '../../../base/json.ts';
import { Heap } from '../../../base/heap.ts';

export interface QueuedPod {
  /** `namespace/name` */
  readonly key: string;
  readonly uid: string;
  readonly priority: number;
  /** When it came into the queue this time, virtual milliseconds; older ones go first. */
  readonly since: number;
  readonly sequence: number;
  /** Attempts that ended without a node. */
  readonly attempts: number;
  /** The plugins that refused it: only events that they care about bring it back. */
  readonly refusedBy: readonly string[];
  /** Waiting Pods of one group are helped by the same changes of other objects; absent: a group of its own. */
  readonly group?: string;
  /** The revision that brought it here: the cause of what the scheduler does with it. */
  readonly cause: number | null;
}

interface Waiting {
  readonly pod: QueuedPod;
  /** Virtual milliseconds: when it was found unschedulable, or when its back-off ends. */
  readonly at: number;
}

export const INITIAL_BACKOFF_MS = 1_000;
export const MAX_BACKOFF_MS = 10_000;
export const MAX_UNSCHEDULABLE_MS = 300_000;

export interface BackoffLimits {
  readonly initialMs: number;
  readonly maxMs: number;
}

export class SchedulingQueue {
  private readonly limits: BackoffLimits;
  private readonly active = new Heap<QueuedPod>(
    (a, b) =>
      a.priority > b.priority || (a.priority === b.priority && (a.since < b.since || (a.since === b.since && a.sequence < b.sequence))),
  );
  private readonly activeKeys = new Map<string, number>();
  private readonly backoff = new Map<string, Waiting>();
  /** In the order in which they failed, so the first is the one that waits longest. */
  private readonly unschedulable = new Map<string, Waiting>();
  /** Group > keys of its unschedulable Pods. Derived. */
  private readonly groups = new Map<string, Set<string>>();
  /** When the first back-off ends, at the earliest: a Pod that left meanwhile makes it too early, never too late. */
  private earliestBackoffEnd = Number.POSITIVE_INFINITY;
  private nextSequence = 1;

  constructor(limits: BackoffLimits = { initialMs: INITIAL_BACKOFF_MS, maxMs: MAX_BACKOFF_MS }) {
    this.limits = limits;
  }

  get activeSize(): number {
    return this.activeKeys.size;
  }

  has(key: string): boolean {
    return this.activeKeys.has(key) || this.backoff.has(key) || this.unschedulable.has(key);
  }

  /** A new Pod, or one that a change brings back at once. */
  add(key: string, uid: string, priority: number, nowMs: number, cause: number | undefined, before?: QueuedPod): void {
    this.activate({
      key,
      uid,
      priority,
      since: nowMs,
      sequence: this.nextSequence++,
      attempts: before?.attempts ?? 0,
      refusedBy: before?.refusedBy ?? [],
      cause: cause ?? null,
    });
  }

  pop(): QueuedPod | undefined {
    for (;;) {
      const pod = this.active.pop();
      if (pod === undefined) return undefined;
      // Entries of Pods that were deleted or queued anew meanwhile are stale.
      if (this.activeKeys.get(pod.key) !== pod.sequence) continue;
      this.activeKeys.delete(pod.key);
      return pod;
    }
  }

  /** After an attempt without a node. @param group see `QueuedPod.group` */
  addUnschedulable(pod: QueuedPod, refusedBy: readonly string[], nowMs: number, group?: string): void {
    const { group: _before, ...rest } = pod;
    this.dropUnschedulable(pod.key);
    this.park({ pod: { ...rest, attempts: pod.attempts + 1, refusedBy, ...(group === undefined ? {} : { group }) }, at: nowMs });
  }

  delete(key: string): void {
    this.activeKeys.delete(key);
    this.backoff.delete(key);
    this.dropUnschedulable(key);
  }

  unschedulablePod(key: string): QueuedPod | undefined {
    return this.unschedulable.get(key)?.pod;
  }

  /** One Pod of each group of unschedulable Pods. */
  *unschedulableGroups(): Generator<QueuedPod> {
    for (const keys of this.groups.values()) {
      const [first = ''] = keys;
      const waiting = this.unschedulable.get(first);
      if (waiting !== undefined) yield waiting.pod;
    }
  }

  /** The unschedulable Pods of these groups, those first that failed first. */
  unschedulableOf(groups: ReadonlySet<string>): readonly QueuedPod[] {
    return [...this.unschedulable.values()].flatMap(({ pod }) => (groups.has(groupOf(pod)) ? pod : []));
  }

  /** The Pod itself has changed: what helps it may be something else now. */
  regroup(key: string, group: string | undefined): void {
    const waiting = this.unschedulable.get(key);
    if (waiting === undefined || waiting.pod.group === group) return;
    const { group: _before, ...pod } = waiting.pod;
    this.leaveGroup(waiting.pod);
    this.park({ pod: group === undefined ? pod : { ...pod, group }, at: waiting.at });
  }

  /** One more plugin holds up the waiting Pod. */
  refuseAlso(key: string, plugin: string): void {
    const waiting = this.unschedulable.get(key);
    if (waiting === undefined) return;
    const { group: _before, ...pod } = waiting.pod;
    this.leaveGroup(waiting.pod);
    this.park({ pod: { ...pod, refusedBy: [...pod.refusedBy, plugin] }, at: waiting.at });
  }

  /**
   * A change may help this Pod: it goes to `active`, or to `backoff` while its back-off lasts.
   * Back-off: 1 s (or as limited) after the first failure, doubled by each further one, at most 10 s, counted from the failure.
   * Returns when the back-off ends (virtual milliseconds), or undefined if the Pod is active now.
   */
  requeue(key: string, nowMs: number, cause: number | undefined): number | undefined {
    const waiting = this.unschedulable.get(key);
    if (waiting === undefined) return undefined;
    this.dropUnschedulable(key);
    const end = waiting.at + backoffOf(waiting.pod.attempts, this.limits);
    const pod = { ...waiting.pod, cause: cause ?? waiting.pod.cause };
    if (end <= nowMs) {
      this.activate({ ...pod, sequence: this.nextSequence++ });
      return undefined;
    }
    this.wait(pod, end);
    return end;
  }

  /** Takes Pods whose back-off has ended, and those that waited for five minutes, to `active`. */
  flush(nowMs: number): void {
    if (this.earliestBackoffEnd <= nowMs) {
      this.earliestBackoffEnd = Number.POSITIVE_INFINITY;
      for (const [key, { pod, at }] of [...this.backoff]) {
        if (at > nowMs) {
          this.earliestBackoffEnd = Math.min(this.earliestBackoffEnd, at);
          continue;
        }
        this.backoff.delete(key);
        this.activate({ ...pod, sequence: this.nextSequence++ });
      }
    }
    for (;;) {
      const first = this.unschedulable.values().next();
      if (first.done === true || first.value.at + MAX_UNSCHEDULABLE_MS > nowMs) return;
      this.requeue(first.value.pod.key, nowMs, undefined);
    }
  }

  /** When `flush` has something to do next, or earlier. */
  nextBackoffEnd(): number | undefined {
    if (this.backoff.size === 0) this.earliestBackoffEnd = Number.POSITIVE_INFINITY;
    return this.backoff.size === 0 ? undefined : this.earliestBackoffEnd;
  }

  nextUnschedulableFlush(): number | undefined {
    const first = this.unschedulable.values().next();
    return first.done === true ? undefined : first.value.at + MAX_UNSCHEDULABLE_MS;
  }

  checkpoint(): Json {
    const active = this.active.values().filter((pod) => this.activeKeys.get(pod.key) === pod.sequence);
    return {
      nextSequence: this.nextSequence,
      active: active.toSorted((a, b) => a.sequence - b.sequence) as unknown as Json,
      backoff: [...this.backoff.values()] as unknown as Json,
      unschedulable: [...this.unschedulable.values()] as unknown as Json,
    };
  }

  restore(state: Json): void {
    const memory = state as unknown as {
      readonly nextSequence: number;
      readonly active: readonly QueuedPod[];
      readonly backoff: readonly Waiting[];
      readonly unschedulable: readonly Waiting[];
    };
    this.nextSequence = memory.nextSequence;
    this.activeKeys.clear();
    this.active.reset([]);
    for (const pod of memory.active) this.activate(pod);
    this.backoff.clear();
    this.earliestBackoffEnd = Number.POSITIVE_INFINITY;
    for (const { pod, at } of memory.backoff) this.wait(pod, at);
    this.unschedulable.clear();
    this.groups.clear();
    for (const waiting of memory.unschedulable) this.park(waiting);
  }

  private wait(pod: QueuedPod, end: number): void {
    this.backoff.set(pod.key, { pod, at: end });
    this.earliestBackoffEnd = Math.min(this.earliestBackoffEnd, end);
  }

  private park(waiting: Waiting): void {
    const { pod } = waiting;
    this.unschedulable.set(pod.key, waiting);
    const keys = this.groups.get(groupOf(pod));
    if (keys === undefined) this.groups.set(groupOf(pod), new Set([pod.key]));
    else keys.add(pod.key);
  }

  private dropUnschedulable(key: string): void {
    const waiting = this.unschedulable.get(key);
    if (waiting === undefined) return;
    this.unschedulable.delete(key);
    this.leaveGroup(waiting.pod);
  }

  private leaveGroup(pod: QueuedPod): void {
    const keys = this.groups.get(groupOf(pod));
    keys?.delete(pod.key);
    if (keys?.size === 0) this.groups.delete(groupOf(pod));
  }

  private activate(pod: QueuedPod): void {
    this.delete(pod.key);
    this.activeKeys.set(pod.key, pod.sequence);
    this.active.push(pod);
  }
}

export function groupOf({ key, group }: QueuedPod): string {
  return group ?? `=${key}`;
}

/** 1 s, 2 s, 4 s, 8 s, 10 s, … by the number of failed attempts. */
function backoffOf(attempts: number, { initialMs, maxMs }: BackoffLimits): number {
  return attempts === 0 ? 0 : Math.min(maxMs, initialMs * 2 ** (attempts - 1));
}
