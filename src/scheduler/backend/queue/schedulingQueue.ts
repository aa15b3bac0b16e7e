/**
 * The Pods that wait for a node, in three places: `active` (tried next), `backoff` (failed a moment ago; tried when nothing is active,
 * but for those that failed by an error), `unschedulable` (waits for a change that may help; tried again after five minutes anyway).
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
  /** When it came into the queue, or failed last, virtual milliseconds; older ones go first. */
  readonly since: number;
  readonly sequence: number;
  /** Attempts that ended without a node. */
  readonly attempts: number;
  /** How many of the last attempts ended by an error in a row; absent: the last did not. */
  readonly errors?: number;
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
/** Back-offs that end within the same second are one to the queue: priority decides. Pods leave at the end of the second. */
const WINDOW_MS = 1_000;
/** A real attempt takes time; here it does not, so Pods that are tried before their back-off ends come one after the other. */
const EARLY_SPACING_MS = 5;
/** A Pod is tried early so long after each of its failures at the earliest: one that helps itself in vain gets slower and slower. */
const EARLY_DELAY_MS = 10;
const STALE_ENTRIES = 100;

export interface BackoffLimits {
  readonly initialMs: number;
  readonly maxMs: number;
}

const isBefore = (a: QueuedPod, b: QueuedPod): boolean =>
  a.priority > b.priority || (a.priority === b.priority && (a.since < b.since || (a.since === b.since && a.sequence < b.sequence)));

export class SchedulingQueue {
  private readonly limits: BackoffLimits;
  private readonly active = new Heap<QueuedPod>(isBefore);
  private readonly activeKeys = new Map<string, number>();
  private readonly backoff = new Map<string, Waiting>();
  /** Those of `backoff` that may be tried early, in the order in which they are; entries that left it are stale. Derived. */
  private readonly early = new Heap<Waiting>((a, b) => a.at < b.at || (a.at === b.at && isBefore(a.pod, b.pod)));
  /** In the order in which they failed, so the first is the one that waits longest. */
  private readonly unschedulable = new Map<string, Waiting>();
  /** Group > keys of its unschedulable Pods. Derived. */
  private readonly groups = new Map<string, Set<string>>();
  /** When the first back-off ends, at the earliest: a Pod that left meanwhile makes it too early, never too late. */
  private earliestBackoffEnd = Number.POSITIVE_INFINITY;
  /** When the next Pod may be tried early. */
  private earlyFromMs = 0;
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
    const { group: _group, errors: _errors, ...rest } = pod;
    this.dropUnschedulable(pod.key);
    const failed = { ...rest, since: nowMs, attempts: pod.attempts + 1, refusedBy };
    this.park({ pod: group === undefined ? failed : { ...failed, group }, at: nowMs });
  }

  /** After an attempt that ended by an error: it is tried again after its back-off, and not before. */
  addFailed(pod: QueuedPod, nowMs: number): void {
    const { group: _group, ...rest } = pod;
    this.dropUnschedulable(pod.key);
    const errors = (pod.errors ?? 0) + 1;
    const failed = { ...rest, since: nowMs, attempts: pod.attempts + 1, errors, refusedBy: [] };
    this.wait(failed, backoffEnd(nowMs, errors, this.limits));
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
   * Back-off: 1 s (or as limited) after the first failure, doubled by each further one, at most 10 s, counted from the failure;
   * it lasts to the end of the second in which it ends. While nothing is active, `flush` does not wait for that.
   * Returns when the back-off ends (virtual milliseconds), or undefined if the Pod is active now.
   */
  requeue(key: string, nowMs: number, cause: number | undefined): number | undefined {
    const waiting = this.unschedulable.get(key);
    if (waiting === undefined) return undefined;
    this.dropUnschedulable(key);
    const end = backoffEnd(waiting.at, waiting.pod.attempts, this.limits);
    const pod = { ...waiting.pod, cause: cause ?? waiting.pod.cause };
    if (end <= nowMs) {
      this.activate({ ...pod, sequence: this.nextSequence++ });
      return undefined;
    }
    this.wait(pod, end);
    return end;
  }

  /** Takes to `active`: Pods whose back-off has ended, those that waited for five minutes, and else, where that is empty, one early. */
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
      if (first.done === true || first.value.at + MAX_UNSCHEDULABLE_MS > nowMs) break;
      this.requeue(first.value.pod.key, nowMs, undefined);
    }
    const next = this.nextEarly();
    if (next === undefined || next.fromMs > nowMs) return;
    this.earlyFromMs = nowMs + EARLY_SPACING_MS;
    this.activate({ ...next.pod, sequence: this.nextSequence++ });
  }

  /** When `flush` has something to do next with Pods in their back-off, or earlier. */
  nextBackoffFlush(): number | undefined {
    if (this.backoff.size === 0) this.earliestBackoffEnd = Number.POSITIVE_INFINITY;
    if (this.backoff.size === 0) return undefined;
    return Math.min(this.earliestBackoffEnd, this.nextEarly()?.fromMs ?? Number.POSITIVE_INFINITY);
  }

  /** The Pod to be tried before its back-off ends, as nothing else is to do. */
  private nextEarly(): { readonly pod: QueuedPod; readonly fromMs: number } | undefined {
    if (this.activeSize > 0) return undefined;
    for (;;) {
      const waiting = this.early.peek();
      if (waiting === undefined) return undefined;
      const { pod } = waiting;
      if (this.backoff.get(pod.key) === waiting)
        return { pod, fromMs: Math.max(this.earlyFromMs, pod.since + pod.attempts * EARLY_DELAY_MS) };
      this.early.pop();
    }
  }

  nextUnschedulableFlush(): number | undefined {
    const first = this.unschedulable.values().next();
    return first.done === true ? undefined : first.value.at + MAX_UNSCHEDULABLE_MS;
  }

  checkpoint(): Json {
    const active = this.active.values().filter((pod) => this.activeKeys.get(pod.key) === pod.sequence);
    return {
      nextSequence: this.nextSequence,
      earlyFromMs: this.earlyFromMs,
      active: active.toSorted((a, b) => a.sequence - b.sequence) as unknown as Json,
      backoff: [...this.backoff.values()] as unknown as Json,
      unschedulable: [...this.unschedulable.values()] as unknown as Json,
    };
  }

  restore(state: Json): void {
    const memory = state as unknown as {
      readonly nextSequence: number;
      readonly earlyFromMs: number;
      readonly active: readonly QueuedPod[];
      readonly backoff: readonly Waiting[];
      readonly unschedulable: readonly Waiting[];
    };
    this.nextSequence = memory.nextSequence;
    this.earlyFromMs = memory.earlyFromMs;
    this.activeKeys.clear();
    this.active.reset([]);
    for (const pod of memory.active) this.activate(pod);
    this.backoff.clear();
    this.early.reset([]);
    this.earliestBackoffEnd = Number.POSITIVE_INFINITY;
    for (const { pod, at } of memory.backoff) this.wait(pod, at);
    this.unschedulable.clear();
    this.groups.clear();
    for (const waiting of memory.unschedulable) this.park(waiting);
  }

  private wait(pod: QueuedPod, end: number): void {
    const waiting = { pod, at: end };
    this.backoff.set(pod.key, waiting);
    this.earliestBackoffEnd = Math.min(this.earliestBackoffEnd, end);
    if (pod.errors !== undefined) return;
    this.early.push(waiting);
    // While Pods are active nobody looks at the early ones, and stale entries pile up.
    if (this.early.size > 2 * this.backoff.size + STALE_ENTRIES)
      this.early.reset([...this.backoff.values()].filter((each) => each.pod.errors === undefined));
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

/**
 * 1 s, 2 s, 4 s, 8 s, 10 s, … by the number of failures in a row, to the end of that second.
 * Worked example: the first failure at 0.4 s: 1.4 s, so the Pod leaves at 2 s.
 */
function backoffEnd(failedAtMs: number, failures: number, { initialMs, maxMs }: BackoffLimits): number {
  if (failures === 0) return failedAtMs;
  const end = failedAtMs + Math.min(maxMs, initialMs * 2 ** (failures - 1));
  return end - (end % WINDOW_MS) + WINDOW_MS;
}
