/**
 * Sends the requests of all Loads: many at once, interval by interval, and writes into their status what became of them.
 * Invariant: without an active Load nothing is due. Intervals are short while endpoints change, as requests are lost then.
 * Counterpart: none in Kubernetes; load generators such as k6 or hey, and the clients of a real application.
 */
import type { Draft, Json, JsonObject } from '../../base/json.ts';
import { LOADS, STATUS_MS, type Load, type LoadStatus } from '../../api/kubepad/load/types.ts';
import { phaseAt, spanOf } from '../../api/kubepad/span.ts';
import { ENDPOINTSLICES } from '../../api/schema/resources.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import type { ApiServer } from '../../apiserver/apiServer.ts';
import { Client } from '../../client/client.ts';
import { WatchCursor } from '../../client/watchCursor.ts';
import type { Servers, Station } from '../../runtime/network.ts';
import type { Component, SimEvent, TimerId } from '../../sim/component.ts';
import { WAKE, type Simulation } from '../../sim/simulation.ts';
import type { ClusterNetwork } from '../network.ts';
import { Ledger, type TrafficRate } from './ledger.ts';
import { copyLoadState, newLoadState, statusOf, type LoadState } from './loadState.ts';
import { emptyHistogram } from './latency.ts';
import { copyQueue, type PodQueue } from './podQueue.ts';
import { requestsBetween } from './rate.ts';
import { Traffic, type Stream } from './traffic.ts';

const NAME = 'load-generator';
const INTERVAL_MS = 250;
const SHORT_INTERVAL_MS = 50;
/** So long after a change of endpoints nodes may not know of it yet. */
const RESTLESS_MS = 2_000;
/** What metrics are an average over, and how often the status is written. */
const WINDOW_MS = 15_000;

/** What Loads make a container use. */
export interface ContainerLoad {
  readonly nanoCpu: number;
  /** How long a request waits for its turn, milliseconds. */
  readonly waitMs: number;
}

export interface GeneratorEnvironment {
  readonly simulation: Simulation;
  readonly api: ApiServer;
  readonly network: ClusterNetwork;
  readonly servers: () => Servers;
}

export class LoadGenerator implements Component {
  readonly name = NAME;
  private readonly simulation: Simulation;
  private readonly client: Client;
  private readonly cursor: WatchCursor;
  private readonly network: ClusterNetwork;
  private readonly traffic: Traffic;
  private states = new Map<string, LoadState>();
  /** Up to when requests are worked out, and endpoints changed last. */
  private doneMs = 0;
  private changedMs = 0;
  private timer: { readonly id: TimerId; readonly at: number } | null = null;

  constructor({ simulation, api, network, servers }: GeneratorEnvironment) {
    this.simulation = simulation;
    this.network = network;
    this.client = new Client(api, `system:kubepad:${NAME}`, ['system:masters', 'system:authenticated'], NAME);
    this.cursor = new WatchCursor(api.store, NAME, [LOADS, ENDPOINTSLICES]);
    this.traffic = new Traffic({ client: this.client, servers });
  }

  start(): void {
    this.simulation.wake(NAME);
  }

  handle(event: SimEvent): void {
    const ticked = event.type !== WAKE;
    if (ticked) this.timer = null;
    else {
      if (this.cursor.poll(ENDPOINTSLICES).length > 0) this.changedMs = this.simulation.now();
      this.cursor.poll(LOADS);
      if (this.client.list(LOADS).length === 0 && this.states.size === 0 && this.traffic.queues.size === 0) return;
    }
    this.advance(ticked);
    this.plan();
  }

  /** What Loads make a container use; undefined: nothing. */
  loadOn(podUid: string, container: string): ContainerLoad | undefined {
    const queue = this.traffic.queues.get(podUid);
    return queue?.container === container ? { nanoCpu: queue.nanoCpu, waitMs: queue.waitMs } : undefined;
  }

  /** What became of requests in the last seconds. It is counted from the first time on that somebody asks. */
  rates(): readonly TrafficRate[] {
    const nowMs = this.simulation.now();
    this.traffic.ledger ??= new Ledger(nowMs);
    return this.traffic.ledger.rates(nowMs);
  }

  /** A process in a container or the controller of Ingresses asked a Pod. @returns after how long it answers, milliseconds */
  requested(pod: Pod, port: number, station: Station): number {
    const nowMs = this.simulation.now();
    // What is measured begins now.
    if (this.traffic.queues.size === 0 && this.timer === null) this.doneMs = nowMs;
    const afterMs = this.traffic.request(pod, port, station, nowMs);
    if (this.timer === null) this.plan();
    return afterMs;
  }

  checkpoint(): JsonObject {
    return {
      cursor: this.cursor.checkpoint(),
      states: [...this.states].map(([uid, state]) => [uid, copyLoadState(state)]),
      queues: [...this.traffic.queues].map(([uid, queue]) => [uid, copyQueue(queue)]),
      doneMs: this.doneMs,
      changedMs: this.changedMs,
      timer: this.timer,
    } as unknown as JsonObject;
  }

  restore(memory: Json): void {
    const state = memory as unknown as Memory;
    this.cursor.restore(state.cursor);
    this.states = new Map(state.states.map(([uid, each]) => [uid, copyLoadState(each)]));
    this.traffic.queues.clear();
    for (const [uid, queue] of state.queues) this.traffic.queues.set(uid, copyQueue(queue));
    this.doneMs = state.doneMs;
    this.changedMs = state.changedMs;
    this.timer = state.timer;
  }

  /** Works out what was sent since the last time. */
  private advance(ticked: boolean): void {
    const nowMs = this.simulation.now();
    const loads = this.client.list(LOADS);
    const intervalMs = nowMs - this.doneMs;
    const streams = loads.flatMap((load) => this.stream(load, nowMs) ?? []);
    const uids = new Set(loads.map(({ metadata }) => metadata.uid ?? ''));
    for (const uid of this.states.keys()) if (!uids.has(uid)) this.states.delete(uid);
    this.traffic.ledger?.begin(this.doneMs, nowMs);
    // An end that a change tells of was at its very instant; of others it is not known when they were.
    if (intervalMs > 0 && this.doneMs > 0) this.traffic.run(streams, this.states, intervalMs, ticked ? 0.5 : 0);
    if (crossed(this.doneMs, nowMs, WINDOW_MS)) this.traffic.closeWindow(WINDOW_MS);
    const isDue = crossed(this.doneMs, nowMs, STATUS_MS);
    this.doneMs = nowMs;
    for (const load of loads) this.report(load, nowMs, isDue);
  }

  /** The requests that a Load sent since the last time; undefined if it sends none now and did not. */
  private stream(load: Load, nowMs: number): Stream | undefined {
    const { rate } = load.spec ?? {};
    const span = spanOf(load, nowMs);
    const uid = load.metadata.uid ?? '';
    if (rate === undefined || phaseAt(span, nowMs) === 'Pending') return undefined;
    let state = this.states.get(uid);
    if (state === undefined) {
      if (phaseAt(span, nowMs) === 'Ended') return undefined;
      this.states.set(uid, (state = newLoadState(span.startMs)));
    }
    const from = Math.max(this.doneMs, state.startMs);
    const to = Math.min(nowMs, span.endMs ?? nowMs);
    if (to <= from) return undefined;
    const plan = this.network.planOf(load);
    const sends = plan.flows.length + plan.lost.size > 0;
    const count = sends ? requestsBetween(rate, from - state.startMs, to - state.startMs) : 0;
    state.message = '';
    return { load, uid, state, plan, count };
  }

  private report(load: Load, nowMs: number, isDue: boolean): void {
    const phase = phaseAt(spanOf(load, nowMs), nowMs);
    const isNew = load.status?.phase !== phase;
    if (!isNew && (!isDue || phase !== 'Active')) return;
    const state = this.states.get(load.metadata.uid ?? '');
    const status = statusOf(load, state, nowMs);
    this.client.modify(LOADS, '', load.metadata.name ?? '', (copy) => void (copy.status = status as Draft<LoadStatus>), 'status');
    if (state !== undefined) state.latency = emptyHistogram();
    if (phase === 'Ended') this.states.delete(load.metadata.uid ?? '');
  }

  /** The next look: soon while there is something to send or to answer, else when the next Load begins. */
  private plan(): void {
    const nowMs = this.simulation.now();
    const spans = this.client.list(LOADS).map((load) => spanOf(load, nowMs));
    const isBusy = this.traffic.isWaiting || spans.some((span) => phaseAt(span, nowMs) === 'Active');
    // What was used is told at the end of the window.
    const closes = !isBusy && this.traffic.queues.size > 0 ? [(Math.floor(nowMs / WINDOW_MS) + 1) * WINDOW_MS] : [];
    const interval = nowMs - this.changedMs < RESTLESS_MS ? SHORT_INTERVAL_MS : INTERVAL_MS;
    const begins = spans.filter((span) => phaseAt(span, nowMs) === 'Pending').map(({ startMs }) => startMs);
    const ends = spans.flatMap(({ endMs }) => (endMs !== undefined && endMs > nowMs ? [endMs] : []));
    const next = Math.min(...begins, ...closes, ...(isBusy ? [nowMs + interval, ...ends] : []));
    if (this.timer !== null && this.timer.at <= next) return;
    if (this.timer !== null) this.simulation.cancel(this.timer.id);
    this.timer = null;
    if (!Number.isFinite(next)) return;
    // Load alone does not keep a cluster from being at rest; what it leads to does.
    this.timer = { id: this.simulation.schedule({ at: next, component: NAME, type: 'tick', background: true }), at: next };
  }
}

interface Memory {
  readonly cursor: Json;
  readonly states: readonly (readonly [string, LoadState])[];
  readonly queues: readonly (readonly [string, PodQueue])[];
  readonly doneMs: number;
  readonly changedMs: number;
  readonly timer: { readonly id: TimerId; readonly at: number } | null;
}

/** Whether a multiple of the period lies after one time and not after the other. */
function crossed(fromMs: number, toMs: number, periodMs: number): boolean {
  return Math.floor(fromMs / periodMs) !== Math.floor(toMs / periodMs);
}
