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
  DEVICECLASSES,
  NODES,
  PERSISTENTVOLUMECLAIMS,
  PERSISTENTVOLUMES,
  PODS,
  RESOURCECLAIMS,
  RESOURCESLICES,
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
import { SchedulingQueue, type QueuedPod } from './backend/queue/schedulingQueue.ts';
import { BindingCycles } from './bindingCycle.ts';
import { isExplained, writeExplanation } from './explain.ts';
import { fitErrorMessage } from './fitError.ts';
import type { CycleState, SchedulerReader } from './framework/interface.ts';
import { defaultPlugins } from './framework/plugins/registry.ts';
import { ExplanationRecorder, type Explanation } from './framework/runtime/recorder.ts';
import { watchesOfClaim } from './framework/plugins/dynamicresources/bind.ts';
import { Nominator } from './nominator.ts';
import { createFrameworks, schedulerNameOf, type Framework } from './profile/frameworks.ts';
import { evictVictim, setNominatedNode, setUnschedulable } from './podStatus.ts';
import { scheduleOne, type ScheduleResult } from './scheduleOne.ts';
import { WaitingPods } from './waitingPods.ts';

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
  RESOURCECLAIMS,
  DEVICECLASSES,
  RESOURCESLICES,
];

export function createScheduler(environment: SchedulerEnvironment): Scheduler {
  return new Scheduler(environment);
}

export class Scheduler implements Component {
  readonly name = NAME;
  private readonly simulation: Simulation;
  private readonly client: Client;
  private readonly cursor: WatchCursor;
  private readonly queue: SchedulingQueue;
  private readonly cache: Cache;
  private readonly binding: BindingCycles;
  private readonly nominator = new Nominator();
  private readonly explanations = new ExplanationRecorder();
  private readonly explain: boolean;
  private readonly frameworks: ReadonlyMap<string, Framework>;
  private readonly waiting: WaitingPods;
  private nextStart = 0;
  private cyclePending = false;
  private flushAt: number | undefined;

  constructor({ simulation, api, explain = false, configuration }: SchedulerEnvironment) {
    this.explain = explain;
    const { podInitialBackoffSeconds = 1, podMaxBackoffSeconds = 10 } = configuration ?? {};
    this.queue = new SchedulingQueue({ initialMs: podInitialBackoffSeconds * 1000, maxMs: podMaxBackoffSeconds * 1000 });
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
    this.waiting = new WaitingPods({ queue: this.queue, client, reader, now, framework: (pod) => this.frameworkOf(pod) });
    this.binding = new BindingCycles({
      framework: (pod) => this.frameworkOf(pod),
      cache,
      client,
      now,
      schedule: (key, at, background) => simulation.schedule({ at, component: NAME, type: CHECK, payload: key, background }),
      bind: (queued, pod, node) => simulation.withCause(queued.cause ?? undefined, () => this.bind(queued, pod, node)),
      announce: (pod, reason, message) =>
        this.frameworkOf(pod)?.events.event(objectReference(PODS, pod), 'Normal', reason, 'Scheduling', message),
      reject: (queued, pod, message) => this.rejected(queued, pod, message),
      left: (key, object) =>
        this.waiting.moveHelped(PODS, { type: 'DELETED', key, object, previous: undefined, revision: simulation.currentCause ?? 0 }),
    });
  }

  start(): void {
    this.simulation.wake(NAME);
  }

  /** Why the Pod is where it is: the last attempt. */
  explanation(podUid: string): Explanation | undefined {
    return this.explanations.of(podUid);
  }

  /** The last attempts at the Pod, oldest first. */
  attempts(podUid: string): readonly Explanation[] {
    return this.explanations.all(podUid);
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
        // What a class stands for is no part of a node, so verdicts about nodes are asked for anew.
        if (type === DEVICECLASSES) for (const { profile } of this.frameworks.values()) profile.reset();
        if (type === PERSISTENTVOLUMECLAIMS) this.binding.observeClaim(change.key);
        if (type === RESOURCECLAIMS) for (const claim of watchesOfClaim(change.key, change.object)) this.binding.observeClaim(claim);
        if (type === PERSISTENTVOLUMES) this.binding.observeVolume(change);
        this.waiting.moveHelped(type, change);
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
    } else if (!this.queue.has(change.key)) this.waiting.enqueue(pod, change);
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
    else if (result.kind === 'error') this.rejected(queued, pod, result.message);
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

  /** False: it was refused. */
  private bind(queued: QueuedPod, pod: Pod, node: string): boolean {
    try {
      this.client.bind(pod, node);
    } catch (error) {
      // It may have been assumed to be there. If somebody else bound or deleted the Pod, the watch will tell.
      this.cache.removePod(pod);
      if (isReason(error, 'Conflict') || isReason(error, 'NotFound')) return false;
      if (!(error instanceof StatusError)) throw error;
      this.rejected(queued, pod, `binding rejected: running Bind plugin "DefaultBinder": ${error.message}`);
      return false;
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
    return true;
  }

  private tell({ uid }: QueuedPod, pod: Pod): void {
    const explanation = isExplained(this.client, pod, this.explain) ? this.explanations.of(uid) : undefined;
    if (explanation !== undefined) writeExplanation(this.client, pod, explanation);
  }

  /** An admission plugin or a rule refused: the Pod is tried again after its back-off. */
  private rejected(queued: QueuedPod, pod: Pod, message: string): void {
    const now = this.simulation.now();
    this.queue.addFailed(queued, now);
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
    this.queue.addUnschedulable(queued, [...refusedBy], now, this.waiting.hintGroup(pod, [...refusedBy]));
    // The event refers to the Pod as it was when the attempt began.
    events.event(objectReference(PODS, pod), 'Warning', 'FailedScheduling', 'Scheduling', message);
    setUnschedulable(this.client, pod, { reason: 'Unschedulable', message }, nominated, now);
    this.tell(queued, pod);
  }

  private scheduleFlush(): void {
    const backoff = this.queue.nextBackoffFlush();
    const retry = this.queue.nextUnschedulableFlush();
    const next = Math.min(backoff ?? Number.POSITIVE_INFINITY, retry ?? Number.POSITIVE_INFINITY);
    if (!Number.isFinite(next) || (this.flushAt !== undefined && this.flushAt <= next)) return;
    this.flushAt = next;
    // The five-minute retry of Pods that nothing helps goes on for ever: it must not keep the cluster from being stable.
    this.simulation.schedule({ at: next, component: NAME, type: FLUSH, background: backoff === undefined || backoff > next });
  }
}
