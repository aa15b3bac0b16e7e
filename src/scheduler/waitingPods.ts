/**
 * How Pods come into the queue and back into it: gated ones wait for their gate, refused ones for a change that may help.
 * Invariant: a waiting Pod is found again by exactly those plugins that hold it up now.
 * Counterpart: eventhandlers.go and the queueing hints of k8s.io/kubernetes/pkg/scheduler.
 */
import { PODS } from '../api/schema/resources.ts';
import type { Pod } from '../api/schema/types/core/v1.ts';
import { splitKey, type ResourceType } from '../apimachinery/meta/resource.ts';
import type { Client } from '../client/client.ts';
import type { Change } from '../client/watchCursor.ts';
import { groupOf, type QueuedPod, type SchedulingQueue } from './backend/queue/schedulingQueue.ts';
import { isExplanation } from './explain.ts';
import type { SchedulerReader } from './framework/interface.ts';
import { priorityOf } from './framework/plugins/helper/priority.ts';
import { schedulerNameOf, type Framework } from './profile/frameworks.ts';

export interface WaitingPodsEnvironment {
  readonly queue: SchedulingQueue;
  readonly client: Client;
  readonly reader: SchedulerReader;
  readonly now: () => number;
  /** Undefined: the Pod is another scheduler's. */
  readonly framework: (pod: Pod) => Framework | undefined;
}

export class WaitingPods {
  private readonly environment: WaitingPodsEnvironment;

  constructor(environment: WaitingPodsEnvironment) {
    this.environment = environment;
  }

  enqueue(pod: Pod, change: Change): void {
    const { queue, now } = this.environment;
    const gate = this.gateOf(pod);
    queue.add(change.key, pod.metadata.uid ?? '', priorityOf(pod), now(), change.revision);
    if (gate === undefined) return;
    // A gated Pod waits among the unschedulable, without an attempt: `requeue` finds no back-off for it.
    const waiting: QueuedPod = {
      key: change.key,
      uid: pod.metadata.uid ?? '',
      priority: priorityOf(pod),
      since: now(),
      sequence: 0,
      attempts: -1,
      refusedBy: [],
      cause: change.revision,
    };
    queue.delete(change.key);
    queue.addUnschedulable(waiting, [gate], now());
  }

  /**
   * Pods that a plugin refused go back to the queue when a change comes that the plugin says may help. Pods that one change
   * helps as well as another (equal ones, refused by the same plugins) are asked about once.
   */
  moveHelped(type: ResourceType, change: Change): void {
    const { queue } = this.environment;
    if (type === PODS && isExplanation(change)) return;
    const itself = type === PODS ? queue.unschedulablePod(change.key) : undefined;
    if (itself !== undefined) {
      if (this.helps(itself, type, change)) this.requeue(itself, change);
      else queue.regroup(itself.key, this.hintGroup(change.object as Pod, itself.refusedBy));
    }
    const helped = new Set<string>();
    for (const waiting of queue.unschedulableGroups()) if (this.helps(waiting, type, change)) helped.add(groupOf(waiting));
    if (helped.size === 0) return;
    for (const waiting of queue.unschedulableOf(helped)) this.requeue(waiting, change);
  }

  /** Undefined: a group of its own. */
  hintGroup(pod: Pod, refusedBy: readonly string[]): string | undefined {
    const signature = this.environment.framework(pod)?.profile.hintSignature(pod, refusedBy);
    return signature === undefined ? undefined : `${schedulerNameOf(pod)}\0${refusedBy.join(' ')}\0${signature}`;
  }

  private helps({ key, refusedBy }: QueuedPod, type: ResourceType, change: Change): boolean {
    const pod = this.pod(key);
    if (pod === undefined) return false;
    return this.environment.framework(pod)?.profile.helps(refusedBy, pod, type.plural, change, this.environment.reader) === true;
  }

  /** A Pod that another gate holds up now waits on, for that gate. */
  private requeue(waiting: QueuedPod, change: Change): void {
    const { queue, now } = this.environment;
    const pod = this.pod(waiting.key);
    if (pod === undefined) return;
    const gate = this.gateOf(pod);
    if (gate === undefined) queue.requeue(waiting.key, now(), change.revision);
    else if (!waiting.refusedBy.includes(gate)) queue.refuseAlso(waiting.key, gate);
  }

  private gateOf(pod: Pod): string | undefined {
    const status = this.environment.framework(pod)?.profile.preEnqueue(pod, this.environment.reader);
    return status === undefined ? undefined : (status.plugin ?? '');
  }

  private pod(key: string): Pod | undefined {
    const { namespace, name } = splitKey(key);
    return this.environment.client.get(PODS, namespace, name);
  }
}
