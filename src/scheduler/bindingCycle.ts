import type { Json } from '../base/json.ts';
import type { PersistentVolume, Pod } from '../api/schema/types/core/v1.ts';
import { objectKey } from '../apimachinery/meta/resource.ts';
import type { Change } from '../client/watchCursor.ts';
import type { Cache } from './backend/cache/cache.ts';
import type { QueuedPod } from './backend/queue/schedulingQueue.ts';
import type { PluginPlan } from './framework/runtime/profile.ts';
import type { Status } from './framework/status.ts';
import type { Framework } from './profile/frameworks.ts';
import { setNominatedNode } from './podStatus.ts';

/** A Pod that has been given a node and waits for what it needs there. */
export interface BindingPod {
  readonly queued: QueuedPod;
  readonly node: string;
  readonly plans: readonly PluginPlan[];
  /** When the wait began, virtual milliseconds. */
  readonly since: number;
  /** When it will be looked at next; null: when one of its claims changes, or the time is over. */
  readonly checkAt: number | null;
}

/** What the cycles need of the scheduler. */
export interface BindingCycleOptions {
  /** Whose Pod it is; undefined: nobody's any more. */
  readonly framework: (pod: Pod) => Framework | undefined;
  readonly cache: Cache;
  readonly client: Parameters<typeof setNominatedNode>[0];
  /** An event of the Pod. */
  readonly announce: (pod: Pod, reason: string, message: string) => void;
  readonly now: () => number;
  /** Asks for `check(key)` at a virtual instant; in the background: the cluster may be called stable meanwhile. */
  readonly schedule: (key: string, at: number, background: boolean) => void;
  /** False: it was refused. */
  readonly bind: (queued: QueuedPod, pod: Pod, node: string) => boolean;
  readonly reject: (queued: QueuedPod, pod: Pod, message: string) => void;
  /** The Pod leaves the node that it was given (it is shown with it): others may fit there now. */
  readonly left: (key: string, pod: Pod) => void;
}

/**
 * The Pods between the choice of a node and the binding to it. They count on their nodes as if they were there already.
 * Memory: plain data. Counterpart: bindingCycle and the assumed Pods of k8s.io/kubernetes/pkg/scheduler.
 */
export class BindingCycles {
  private readonly options: BindingCycleOptions;
  private readonly pods = new Map<string, BindingPod>();
  /** Claim > keys of the Pods that wait for it. Derived. */
  private readonly byClaim = new Map<string, Set<string>>();

  constructor(options: BindingCycleOptions) {
    this.options = options;
  }

  has(key: string): boolean {
    return this.pods.size > 0 && this.pods.has(key);
  }

  /** Does what plugins want done before the binding. */
  begin(queued: QueuedPod, pod: Pod, node: string, plans: readonly PluginPlan[]): void {
    const { framework, client, now } = this.options;
    const waiting: BindingPod = { queued, node, plans, since: now(), checkAt: null };
    this.set(waiting);
    this.assume(pod, node);
    setNominatedNode(client, pod, node);
    const own = framework(pod);
    const status = own?.profile.preBind(plans, pod, node, own.handle);
    if (status !== undefined) this.fail(waiting, pod, status);
    else if (plans.every(({ wait }) => wait.atOnce === true)) this.check(queued.key, pod);
    else this.checkLater(waiting);
    if (!this.has(queued.key)) return;
    for (const { wait } of plans) if (wait.announce !== undefined) this.options.announce(pod, ...wait.announce);
  }

  /** A change of a Pod. Returns whether it goes on waiting. */
  observePod(key: string, pod: Pod, gone: boolean): boolean {
    const waiting = this.pods.size === 0 ? undefined : this.pods.get(key);
    if (waiting === undefined) return false;
    if (!gone && (pod.spec?.nodeName ?? '') === '' && pod.metadata.deletionTimestamp === undefined) {
      this.assume(pod, waiting.node);
      return true;
    }
    this.delete(key);
    if ((pod.spec?.nodeName ?? '') !== '') return false;
    this.options.cache.removePod(pod);
    this.options.left(key, onNode(pod, waiting.node));
    return false;
  }

  observeClaim(claim: string): void {
    for (const key of this.byClaim.get(claim) ?? []) {
      const waiting = this.pods.get(key);
      if (waiting?.checkAt === null) this.checkLater(waiting);
    }
  }

  observeVolume({ object, previous }: Change): void {
    if (this.byClaim.size === 0) return;
    for (const state of [object, previous] as readonly (PersistentVolume | undefined)[]) {
      const claim = state?.spec?.claimRef;
      if (claim !== undefined) this.observeClaim(objectKey(claim.namespace, claim.name ?? ''));
    }
  }

  /** Whether what the Pod waits for is there now. @param pod as it is now, if it still is */
  check(key: string, pod: Pod | undefined): void {
    const waiting = this.pods.get(key);
    if (waiting === undefined || pod === undefined) return;
    const { framework, now, bind } = this.options;
    const own = framework(pod);
    if (own === undefined) return;
    const { queued, node, plans, since } = waiting;
    const done = own.profile.preBindDone(plans, pod, node, own.handle);
    if (done === true) {
      this.delete(key);
      if (!bind(queued, pod, node)) own.profile.unreserve(plans, pod, node, own.handle);
    } else if (done !== false) this.fail(waiting, pod, done);
    else {
      const over = plans.find(({ wait }) => now() - since >= wait.timeoutMs);
      if (over === undefined) this.sleep(waiting);
      else this.fail(waiting, pod, { code: 'Error', reasons: [over.wait.timedOut], plugin: over.plugin });
    }
  }

  checkpoint(): Json {
    return [...this.pods.values()] as unknown as Json;
  }

  restore(state: Json, pods: ReadonlyMap<string, Pod>): void {
    this.pods.clear();
    this.byClaim.clear();
    for (const waiting of state as unknown as readonly BindingPod[]) {
      this.set(waiting);
      const pod = pods.get(waiting.queued.key);
      if (pod !== undefined) this.assume(pod, waiting.node);
    }
  }

  private assume(pod: Pod, nodeName: string): void {
    this.options.cache.setPod(onNode(pod, nodeName));
  }

  private checkLater(waiting: BindingPod): void {
    const { schedule, now } = this.options;
    const { since, plans } = waiting;
    const everyMs = Math.min(...plans.map(({ wait }) => wait.everyMs));
    const checkAt = since + (Math.floor((now() - since) / everyMs) + 1) * everyMs;
    this.set({ ...waiting, checkAt });
    schedule(waiting.queued.key, checkAt, false);
  }

  /** Until a claim changes or the time is over. The latter comes again and again, so the cluster may be stable meanwhile. */
  private sleep(waiting: BindingPod): void {
    this.set({ ...waiting, checkAt: null });
    const timeoutMs = Math.min(...waiting.plans.map(({ wait }) => wait.timeoutMs));
    this.options.schedule(waiting.queued.key, waiting.since + timeoutMs, true);
  }

  private fail({ queued, node, plans }: BindingPod, pod: Pod, { plugin, reasons }: Status): void {
    const { cache, client, reject, left, framework } = this.options;
    this.delete(queued.key);
    const own = framework(pod);
    own?.profile.unreserve(plans, pod, node, own.handle);
    cache.removePod(pod);
    setNominatedNode(client, pod, undefined);
    left(queued.key, onNode(pod, node));
    reject(queued, pod, `running PreBind plugin "${plugin ?? ''}": ${reasons.join(', ')}`);
  }

  private set(pod: BindingPod): void {
    const { key } = pod.queued;
    this.pods.set(key, pod);
    for (const claim of claimsOf(pod)) {
      const keys = this.byClaim.get(claim) ?? new Set();
      this.byClaim.set(claim, keys.add(key));
    }
  }

  private delete(key: string): void {
    const pod = this.pods.get(key);
    if (pod === undefined) return;
    this.pods.delete(key);
    for (const claim of claimsOf(pod)) {
      const keys = this.byClaim.get(claim);
      keys?.delete(key);
      if (keys?.size === 0) this.byClaim.delete(claim);
    }
  }
}

function onNode(pod: Pod, nodeName: string): Pod {
  return { ...pod, spec: { ...(pod.spec ?? { containers: [] }), nodeName } };
}

function claimsOf({ plans }: BindingPod): readonly string[] {
  return plans.flatMap(({ claims }) => claims);
}
