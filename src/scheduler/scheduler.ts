/**
 * The scheduler as a part of the cluster: watches Pods and Nodes, takes one Pod at a time from the queue, binds it through
 * the API or says why it cannot.
 * Invariant: its decisions follow from the objects, the queue and its stream of chance alone.
 * Counterpart: k8s.io/kubernetes/pkg/scheduler (Scheduler, schedule_one.go, eventhandlers.go).
 */
import type { Json, JsonObject } from '../base/json.ts';
import {
  CSIDRIVERS,
  CSINODES,
  CSISTORAGECAPACITIES,
  NODES,
  PERSISTENTVOLUMECLAIMS,
  PERSISTENTVOLUMES,
  PODS,
  STORAGECLASSES,
  VOLUMEATTACHMENTS,
} from '../api/schema/resources.ts';
import type { Node, Pod } from '../api/schema/types/core/v1.ts';
import { isReason, StatusError } from '../apimachinery/errors/status.ts';
import { keyOf, splitKey, type ResourceType } from '../apimachinery/meta/resource.ts';
import type { ApiServer } from '../apiserver/apiServer.ts';
import { Client, objectReference } from '../client/client.ts';
import { WatchCursor, type Change } from '../client/watchCursor.ts';
import type { Component, SimEvent } from '../sim/component.ts';
import type { Simulation } from '../sim/simulation.ts';
import type { KubeSchedulerConfiguration } from './apis/config/types.ts';
import { Cache } from './backend/cache/cache.ts';
import { groupOf, SchedulingQueue, type QueuedPod } from './backend/queue/schedulingQueue.ts';
import { BindingCycles } from './bindingCycle.ts';
import { isExplained, isExplanation, writeExplanation } from './explain.ts';
import { fitErrorMessage } from './fitError.ts';
import type { CycleState, SchedulerReader } from './framework/interface.ts';
import { defaultPlugins } from './framework/plugins/registry.ts';
import { priorityOf } from './framework/plugins/helper/priority.ts';
import { ExplanationRecorder, type Explanation } from './framework/runtime/recorder.ts';
import { Nominator } from './nominator.ts';
import { createFrameworks, schedulerNameOf, type Framework } from './profile/frameworks.ts';
import { evictVictim, setNominatedNode, setUnschedulable } from './podStatus.ts';
import { scheduleOne, type ScheduleResult } from './scheduleOne.ts';

export interface SchedulerEnvironment {
  readonly simulation: Simulation;
  readonly api: ApiServer;
  /** Whether every Pod is told on itself why it is where it is; else only those that ask for it. */
  readonly explain?: boolean | undefined;
  /** Default: one profile with the default plugins. It has been validated. */
  readonly configuration?: KubeSchedulerConfiguration | undefined;
}

const NAME = 'kube-scheduler';
const CYCLE = 'cycle';
const FLUSH = 'flush';
const CHECK = 'checkBinding';
const WATCHED: readonly ResourceType[] = [
  NODES,
  PODS,
  PERSISTENTVOLUMECLAIMS,
  PERSISTENTVOLUMES,
  STORAGECLASSES,
  CSINODES,
  CSIDRIVERS,
  CSISTORAGECAPACITIES,
  VOLUMEATTACHMENTS,
];

export function createScheduler(environment: SchedulerEnvironment): Scheduler {
  return new Scheduler(environment);
}

export class Scheduler implements Component {
  readonly name = NAME;
  private readonly simulation: Simulation;
  private readonly client: Client;
  private readonly cursor: WatchCursor;
  private readonly queue = new SchedulingQueue();
  private readonly cache: Cache;
  private readonly binding: BindingCycles;
  private readonly nominator = new Nominator();
  private readonly explanations = new ExplanationRecorder();
  private readonly explain: boolean;
  private readonly frameworks: ReadonlyMap<string, Framework>;
  private nextStart = 0;
  private cyclePending = false;
  private flushAt: number | undefined;

  constructor({ simulation, api, explain = false, configuration }: SchedulerEnvironment) {
    this.explain = explain;
    this.simulation = simulation;
    this.client = new Client(api, 'system:kube-scheduler', ['system:authenticated'], NAME);
    this.cursor = new WatchCursor(api.store, NAME, WATCHED);
    const reader: SchedulerReader = {
      list: (resource, namespace) => api.store.list(resource, namespace),
      get: (resource, namespace, name) => api.store.get(resource, namespace === '' ? name : `${namespace}/${name}`),
      byIndex: (resource, index, key) => api.store.byIndex(resource, index, key),
    };
    for (const { indexes = [] } of defaultPlugins())
      for (const { resource, name, keys } of indexes) api.store.addIndex(resource, name, keys);
    this.cache = new Cache(reader);
    const { client, cache, nominator } = this;
    const now = (): number => simulation.now();
    this.frameworks = createFrameworks(configuration, { client, reader, cache, nominator, recorder: this.explanations, now });
    this.binding = new BindingCycles({
      framework: (pod) => this.frameworkOf(pod),
      cache,
      client,
      now,
      schedule: (key, at, background) => simulation.schedule({ at, component: NAME, type: CHECK, payload: key, background }),
      bind: (queued, pod, node) => simulation.withCause(queued.cause ?? undefined, () => this.bind(queued, pod, node)),
      reject: (queued, pod, message) => this.rejected(queued, pod, message),
      left: (key, object) =>
        this.moveHelped(PODS, { type: 'DELETED', key, object, previous: undefined, revision: simulation.currentCause ?? 0 }),
    });
  }

  start(): void {
    this.simulation.wake(NAME);
  }

  /** Why the Pod is where it is: the last attempt. */
  explanation(podUid: string): Explanation | undefined {
    return this.explanations.of(podUid);
  }

  handle(event: SimEvent): void {
    if (event.type === CYCLE) this.cyclePending = false;
    if (event.type === FLUSH) this.flushAt = undefined;
    this.observe();
    this.queue.flush(this.simulation.now());
    if (event.type === CYCLE) this.cycle();
    if (event.type === CHECK) this.checkBinding(event.payload as string);
    if (this.queue.activeSize > 0 && !this.cyclePending) {
      this.cyclePending = true;
      this.simulation.schedule({ at: this.simulation.now(), component: NAME, type: CYCLE });
    }
    this.scheduleFlush();
  }

  checkpoint(): JsonObject {
    return {
      cursor: this.cursor.checkpoint(),
      queue: this.queue.checkpoint(),
      nodes: this.cache.checkpoint(),
      binding: this.binding.checkpoint(),
      events: [...this.frameworks.values()].map(({ events }) => events.checkpoint()),
      nextStart: this.nextStart,
      cyclePending: this.cyclePending,
      flushAt: this.flushAt ?? null,
    };
  }

  restore(state: Json): void {
    const memory = state as JsonObject;
    this.cursor.restore(memory['cursor'] ?? {});
    this.queue.restore(memory['queue'] ?? {});
    const events = memory['events'] as readonly Json[];
    for (const [index, framework] of [...this.frameworks.values()].entries()) framework.events.restore(events[index] ?? {});
    this.nextStart = memory['nextStart'] as number;
    this.cyclePending = memory['cyclePending'] as boolean;
    this.flushAt = (memory['flushAt'] as number | null) ?? undefined;
    const pods = this.client.list(PODS);
    for (const { profile } of this.frameworks.values()) profile.reset();
    this.cache.restore(memory['nodes'] ?? [], this.client.list(NODES), pods);
    this.binding.restore(memory['binding'] ?? [], new Map(pods.map((pod) => [keyOf(pod), pod])));
    this.nominator.restore(pods.filter((pod) => !this.binding.has(keyOf(pod))));
  }

  /** Takes in what changed since the last event. */
  private observe(): void {
    for (const type of WATCHED) {
      for (const change of this.cursor.poll(type)) {
        if (type === NODES) this.observeNode(change);
        if (type === PODS) this.observePod(change);
        if (type === PERSISTENTVOLUMECLAIMS) this.binding.observeClaim(change.key);
        if (type === PERSISTENTVOLUMES) this.binding.observeVolume(change);
        this.moveHelped(type, change);
      }
    }
  }

  private observeNode(change: Change): void {
    const node = change.object as Node;
    if (change.type === 'DELETED') this.cache.removeNode(node.metadata.name ?? '');
    else this.cache.setNode(node);
  }

  private observePod(change: Change): void {
    const pod = change.object as Pod;
    const gone = change.type === 'DELETED';
    if (this.binding.observePod(change.key, pod, gone)) return;
    if (gone) this.cache.removePod(pod);
    else this.cache.setPod(pod);
    this.nominator.observe(pod, gone);
    if (
      gone ||
      (pod.spec?.nodeName ?? '') !== '' ||
      !this.frameworks.has(schedulerNameOf(pod)) ||
      pod.metadata.deletionTimestamp !== undefined
    ) {
      this.queue.delete(change.key);
    } else if (!this.queue.has(change.key)) this.enqueue(pod, change);
  }

  private enqueue(pod: Pod, change: Change): void {
    const now = this.simulation.now();
    const gate = this.frameworkOf(pod)?.profile.preEnqueue(pod);
    this.queue.add(change.key, pod.metadata.uid ?? '', priorityOf(pod), now, change.revision);
    if (gate === undefined) return;
    // A gated Pod waits among the unschedulable, without an attempt: `requeue` finds no back-off for it.
    const waiting: QueuedPod = {
      key: change.key,
      uid: pod.metadata.uid ?? '',
      priority: priorityOf(pod),
      since: now,
      sequence: 0,
      attempts: -1,
      refusedBy: [],
      cause: change.revision,
    };
    this.queue.delete(change.key);
    this.queue.addUnschedulable(waiting, [gate.plugin ?? ''], now);
  }

  /**
   * Pods that a plugin refused go back to the queue when a change comes that the plugin says may help. Pods that one change
   * helps as well as another (equal ones, refused by the same plugins) are asked about once.
   */
  private moveHelped(type: ResourceType, change: Change): void {
    if (type === PODS && isExplanation(change)) return;
    const itself = type === PODS ? this.queue.unschedulablePod(change.key) : undefined;
    if (itself !== undefined) {
      if (this.helps(itself, type, change)) this.requeue(itself.key, change);
      else this.queue.regroup(itself.key, this.hintGroup(change.object as Pod, itself.refusedBy));
    }
    const helped = new Set<string>();
    for (const waiting of this.queue.unschedulableGroups()) if (this.helps(waiting, type, change)) helped.add(groupOf(waiting));
    if (helped.size === 0) return;
    for (const { key } of this.queue.unschedulableOf(helped)) this.requeue(key, change);
  }

  private helps({ key, refusedBy }: QueuedPod, type: ResourceType, change: Change): boolean {
    const { namespace, name } = splitKey(key);
    const pod = this.client.get(PODS, namespace, name);
    return pod !== undefined && this.frameworkOf(pod)?.profile.helps(refusedBy, pod, type.plural, change) === true;
  }

  private requeue(key: string, change: Change): void {
    const { namespace, name } = splitKey(key);
    const pod = this.client.get(PODS, namespace, name);
    if (pod !== undefined && this.frameworkOf(pod)?.profile.preEnqueue(pod) === undefined)
      this.queue.requeue(key, this.simulation.now(), change.revision);
  }

  private hintGroup(pod: Pod, refusedBy: readonly string[]): string | undefined {
    const signature = this.frameworkOf(pod)?.profile.hintSignature(pod, refusedBy);
    return signature === undefined ? undefined : `${schedulerNameOf(pod)}\0${refusedBy.join(' ')}\0${signature}`;
  }

  /** Undefined: the Pod is another scheduler's. */
  private frameworkOf(pod: Pod): Framework | undefined {
    return this.frameworks.get(schedulerNameOf(pod));
  }

  /** One attempt at the next Pod. */
  private cycle(): void {
    const queued = this.queue.pop();
    if (queued === undefined) return;
    const { namespace, name } = splitKey(queued.key);
    const pod = this.client.get(PODS, namespace, name);
    const framework = pod === undefined ? undefined : this.frameworkOf(pod);
    if (pod === undefined || framework === undefined) return;
    this.simulation.withCause(queued.cause ?? undefined, () => this.attempt(framework, queued, pod));
  }

  private attempt(framework: Framework, queued: QueuedPod, pod: Pod): void {
    const state: CycleState = new Map();
    const nodes = this.cache.list();
    this.explanations.begin();
    const result: ScheduleResult =
      nodes.length === 0
        ? { kind: 'unschedulable', visited: 0, filtered: new Map(), excluded: [], preFilter: undefined }
        : scheduleOne({
            profile: framework.profile,
            state,
            pod,
            nodes,
            handle: framework.handle,
            percentage: framework.percentageOfNodesToScore,
            start: this.nextStart,
            chance: (below) => this.simulation.stream(NAME).int(below),
          });
    if (nodes.length > 0) this.nextStart = (this.nextStart + result.visited) % nodes.length;
    if (result.kind === 'selected') this.reserve(framework, queued, pod, state, result.node);
    else this.fail(framework, queued, pod, state, result);
  }

  /** A node was chosen. What plugins must do first is begun, and the Pod waits for it; most Pods are bound at once. */
  private reserve({ profile, handle }: Framework, queued: QueuedPod, pod: Pod, state: CycleState, node: string): void {
    const now = this.simulation.now();
    this.explanations.end(queued.uid, now, queued.attempts + 1, node, undefined);
    const info = this.cache.get(node);
    const plans = info === undefined ? [] : profile.preBindPreFlight(state, pod, info, handle);
    if (plans.length === 0) this.bind(queued, pod, node);
    else {
      this.nominator.observe(pod, true);
      this.binding.begin(queued, pod, node, plans);
    }
  }

  private checkBinding(key: string): void {
    const { namespace, name } = splitKey(key);
    this.binding.check(key, this.client.get(PODS, namespace, name));
  }

  private bind(queued: QueuedPod, pod: Pod, node: string): void {
    try {
      this.client.bind(pod, node);
    } catch (error) {
      // It may have been assumed to be there. If somebody else bound or deleted the Pod, the watch will tell.
      this.cache.removePod(pod);
      if (isReason(error, 'Conflict') || isReason(error, 'NotFound')) return;
      if (!(error instanceof StatusError)) throw error;
      this.rejected(queued, pod, `binding rejected: running Bind plugin "DefaultBinder": ${error.message}`);
      return;
    }
    const { metadata } = pod;
    this.frameworkOf(pod)?.events.event(
      objectReference(PODS, pod),
      'Normal',
      'Scheduled',
      'Binding',
      `Successfully assigned ${metadata.namespace ?? ''}/${metadata.name ?? ''} to ${node}`,
    );
    this.tell(queued, pod);
  }

  private tell({ uid }: QueuedPod, pod: Pod): void {
    const explanation = isExplained(this.client, pod, this.explain) ? this.explanations.of(uid) : undefined;
    if (explanation !== undefined) writeExplanation(this.client, pod, explanation);
  }

  /** An admission plugin or a rule refused: the Pod is tried again after its back-off. */
  private rejected(queued: QueuedPod, pod: Pod, message: string): void {
    const now = this.simulation.now();
    this.queue.addUnschedulable(queued, [], now);
    this.queue.requeue(queued.key, now, undefined);
    this.frameworkOf(pod)?.events.event(objectReference(PODS, pod), 'Warning', 'FailedScheduling', 'Scheduling', message);
    setUnschedulable(this.client, pod, { reason: 'SchedulerError', message }, undefined, now);
  }

  private fail(
    { profile, handle, events }: Framework,
    queued: QueuedPod,
    pod: Pod,
    state: CycleState,
    result: Extract<ScheduleResult, { kind: 'unschedulable' }>,
  ): void {
    const nodes = this.cache.list();
    const now = this.simulation.now();
    let postFilter: readonly string[] = [];
    let nominated: string | undefined;
    if (nodes.length > 0) {
      const room = profile.postFilter(state, pod, result.filtered, handle);
      postFilter = room.status?.reasons ?? [];
      nominated = room.nominatedNode;
      for (const victim of room.victims ?? []) evictVictim(this.client, events, victim, pod, nominated ?? '', now);
      if (nominated !== undefined)
        for (const other of this.nominator.lowerOn(nominated, pod)) setNominatedNode(this.client, other, undefined);
    }
    const statuses = [...result.filtered.values(), ...result.excluded];
    const message = fitErrorMessage(nodes.length, statuses, result.preFilter?.reasons.join(', '), postFilter);
    this.explanations.end(queued.uid, now, queued.attempts + 1, undefined, message);
    const refusedBy = new Set<string>(result.excluded.length > 0 ? ['NodeAffinity'] : []);
    for (const status of [...statuses, ...(result.preFilter === undefined ? [] : [result.preFilter])])
      if (status.plugin !== undefined) refusedBy.add(status.plugin);
    if (nodes.length === 0) for (const plugin of profile.plugins) refusedBy.add(plugin.name);
    if (nominated !== undefined) refusedBy.add('DefaultPreemption');
    this.queue.addUnschedulable(queued, [...refusedBy], now, this.hintGroup(pod, [...refusedBy]));
    // The event refers to the Pod as it was when the attempt began.
    events.event(objectReference(PODS, pod), 'Warning', 'FailedScheduling', 'Scheduling', message);
    setUnschedulable(this.client, pod, { reason: 'Unschedulable', message }, nominated, now);
    this.tell(queued, pod);
  }

  private scheduleFlush(): void {
    const backoff = this.queue.nextBackoffEnd();
    const retry = this.queue.nextUnschedulableFlush();
    const next = Math.min(backoff ?? Number.POSITIVE_INFINITY, retry ?? Number.POSITIVE_INFINITY);
    if (!Number.isFinite(next) || (this.flushAt !== undefined && this.flushAt <= next)) return;
    this.flushAt = next;
    // The five-minute retry of Pods that nothing helps goes on for ever: it must not keep the cluster from being stable.
    this.simulation.schedule({ at: next, component: NAME, type: FLUSH, background: backoff === undefined || backoff > next });
  }
}
