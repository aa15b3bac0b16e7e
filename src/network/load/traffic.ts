/**
 * One interval of all Loads: requests are sent, reach Pods or not, wait for CPU time, are answered or lost.
 * Invariant: the memory is plain data, queues of Pods and counts of Loads; what an interval does follows from it, the plans and the Pods.
 * Counterpart: clients, sockets and the schedulers of the nodes' kernels.
 */
import { parseDuration } from '../../api/kubepad/duration.ts';
import type { FailureCause, Load } from '../../api/kubepad/load/types.ts';
import { NODES, PODS } from '../../api/schema/resources.ts';
import type { Pod } from '../../api/schema/types/core/v1.ts';
import { keyOf } from '../../apimachinery/meta/resource.ts';
import { milliValue } from '../../apimachinery/quantity/quantity.ts';
import type { Client } from '../../client/client.ts';
import type { Servers, Station } from '../../runtime/network.ts';
import { addLatency } from './latency.ts';
import type { Ledger } from './ledger.ts';
import { fail, type LoadState } from './loadState.ts';
import type { Flow, Plan } from './plan.ts';
import { giveUp, newQueue, randomWaitMs, serveOne, SPREAD, work, type Arrival, type PodQueue } from './podQueue.ts';

const DEFAULT_COST_MS = 5;
/** That of a request of a process, such as a `wget` for a small page. */
const SINGLE_COST_MS = 1;
const DEFAULT_TIMEOUT_MS = 10_000;
/** A request takes as long at least, whatever its cost. */
const MIN_SERVICE_MS = 1;
const UNKNOWN_MACHINE_MILLI_CPU = 4_000;

/** One Load in an interval. */
export interface Stream {
  readonly load: Load;
  readonly uid: string;
  readonly state: LoadState;
  readonly plan: Plan;
  /** Requests that are sent in the interval. */
  readonly count: number;
}

type Answering = Station | 'refused' | 'hang' | 'not-http';
/** What was asked in this interval, by the Pod's uid. */
type Stations = Map<string, { readonly port: number; readonly path: string; readonly station: Answering }[]>;

interface Busy {
  readonly pod: Pod;
  readonly queue: PodQueue;
  readonly limitMilliCpu: number;
  readonly arrivals: (Arrival & { readonly wayMs: number })[];
}

export interface TrafficEnvironment {
  readonly client: Client;
  readonly servers: () => Servers;
}

export class Traffic {
  /** Pod uid > its queue. */
  readonly queues = new Map<string, PodQueue>();
  /** Where somebody watches: what becomes of requests is counted there, too. */
  ledger: Ledger | undefined;
  private readonly environment: TrafficEnvironment;

  constructor(environment: TrafficEnvironment) {
    this.environment = environment;
  }

  /** @param refusedShare of an interval in which a Pod stopped to listen, how much of it it did not */
  run(streams: readonly Stream[], states: ReadonlyMap<string, LoadState>, intervalMs: number, refusedShare: number): void {
    const busy = new Map<string, Busy>();
    const stations: Stations = new Map();
    this.lookAfterQueues(busy, states, stations);
    for (const stream of streams) {
      stream.state.sent += stream.count;
      this.ledger?.sent(stream.uid, '', stream.count);
      for (const [cause, { share, why }] of stream.plan.lost) this.fail(stream.state, stream.uid, '', cause, stream.count * share, why);
      for (const flow of settled(stream.plan, (each) => this.station(stations, each, stream.plan.path)))
        this.arrive(stream, flow, this.station(stations, flow, stream.plan.path), busy, refusedShare);
    }
    this.serve([...busy.values()], states, streams, intervalMs);
    for (const queue of this.queues.values()) queue.listening = queue.id !== '';
  }

  /** A request of a process, not of a Load. @returns after how long it is answered, milliseconds */
  request(pod: Pod, port: number, station: Station, nowMs: number): number {
    const { limitMilliCpu, cpuPerRequestMs: costMs = SINGLE_COST_MS } = station;
    const before = this.queues.get(pod.metadata.uid ?? '');
    const queue = before?.id === station.id ? before : this.open(pod, port, station).queue;
    const milliCpu = Math.min(limitMilliCpu, this.milliCpu(pod.spec?.nodeName ?? ''));
    return serveOne(queue, { costMs, serviceMs: serviceMs(costMs, milliCpu), milliCpu, nowMs });
  }

  /** Whether requests wait somewhere. */
  get isWaiting(): boolean {
    return [...this.queues.values()].some(({ workMs }) => workMs > 0);
  }

  /** What the containers used on average since the last call; queues that are at rest are forgotten. */
  closeWindow(windowMs: number): void {
    for (const [uid, queue] of this.queues) {
      const isAtRest = queue.usedMs === 0 && queue.workMs === 0;
      queue.nanoCpu = Math.round((queue.usedMs / windowMs) * 1e9);
      queue.usedMs = 0;
      if (isAtRest) this.queues.delete(uid);
    }
  }

  /** Queues whose Pod has gone, or whose container has ended or was started anew, are lost with what waits in them. */
  private lookAfterQueues(busy: Map<string, Busy>, states: ReadonlyMap<string, LoadState>, stations: Stations): void {
    for (const [uid, queue] of this.queues) {
      if (queue.id === '') continue;
      const pod = this.environment.client.get(PODS, queue.namespace, queue.pod);
      const station = pod?.metadata.uid === uid ? this.station(stations, { pod, port: queue.port }, '/') : 'refused';
      const isSame = station === 'hang' || (typeof station === 'object' && station.id === queue.id);
      if (pod !== undefined && isSame) {
        busy.set(uid, { pod, queue, limitMilliCpu: typeof station === 'object' ? station.limitMilliCpu : Infinity, arrivals: [] });
        continue;
      }
      this.lose(queue, states);
    }
  }

  private arrive(
    { state, count, uid, load, plan }: Stream,
    { pod, port, share, wayMs }: Flow,
    station: Answering,
    busy: Map<string, Busy>,
    refusedShare: number,
  ): void {
    const requests = count * share;
    const podUid = pod.metadata.uid ?? '';
    const key = keyOf(pod);
    const name = `Pod ${key}`;
    const lost = (cause: FailureCause, lostCount: number, why: string): void => this.fail(state, uid, key, cause, lostCount, why);
    this.ledger?.sent(uid, key, requests);
    if (plan.retries && (station === 'refused' || station === 'hang'))
      return lost('ServerError', requests, `${name} does not answer, and there is no other`);
    if (station === 'refused') {
      // It listened at the beginning of the interval: what came before the end was still answered.
      const before = this.queues.get(podUid)?.listening === true ? 1 - refusedShare : 0;
      state.answered += requests * before;
      return lost('Refused', requests * (1 - before), `${name} does not listen on port ${port}`);
    }
    if (station === 'hang') return lost('Timeout', requests, `${name} takes connections on port ${port} and says nothing`);
    if (station === 'not-http') return lost('Reset', requests, `${name} does not speak HTTP on port ${port}`);
    if (station.code >= 500) return lost('ServerError', requests, `${name} answers with status ${station.code}`);
    if (station.code >= 400) return lost('ClientError', requests, `${name} answers with status ${station.code}`);
    const known = busy.get(podUid);
    const place = known ?? this.open(pod, port, station);
    if (known === undefined) busy.set(podUid, place);
    const costMs = durationOf(load.spec?.cost, station.cpuPerRequestMs ?? DEFAULT_COST_MS);
    place.arrivals.push({ load: uid, count: requests, costMs, wayMs });
  }

  private open(pod: Pod, port: number, station: Station): Busy {
    const uid = pod.metadata.uid ?? '';
    const before = this.queues.get(uid);
    const { id, container } = station;
    const queue = newQueue({ id, container, port, namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name ?? '' });
    if (before !== undefined) Object.assign(queue, { usedMs: before.usedMs, nanoCpu: before.nanoCpu });
    this.queues.set(uid, queue);
    return { pod, queue, limitMilliCpu: station.limitMilliCpu, arrivals: [] };
  }

  private serve(all: readonly Busy[], states: ReadonlyMap<string, LoadState>, streams: readonly Stream[], intervalMs: number): void {
    const timeouts = new Map(streams.map(({ uid, load }) => [uid, durationOf(load.spec?.timeout, DEFAULT_TIMEOUT_MS)]));
    const capacities = this.shareOut(all, intervalMs);
    for (const [index, { queue, arrivals, limitMilliCpu, pod }] of all.entries()) {
      const capacityMs = capacities[index] ?? 0;
      const waitedMs = queue.waitMs;
      const { answered } = work(queue, arrivals, capacityMs, intervalMs);
      const service = Math.max(...arrivals.map(({ costMs }) => serviceMs(costMs, limitMilliCpu)), 0);
      queue.recent = {};
      for (const [load, count] of Object.entries(answered)) {
        const state = states.get(load);
        if (state !== undefined) state.answered += count;
        queue.recent[load] = count * Math.min(1, service / intervalMs);
      }
      const timeoutMs = Math.min(...arrivals.map(({ load }) => timeouts.get(load) ?? DEFAULT_TIMEOUT_MS), DEFAULT_TIMEOUT_MS);
      for (const [load, count] of Object.entries(giveUp(queue, capacityMs, intervalMs, timeoutMs))) {
        const state = states.get(load);
        const why = `Pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''} needs longer than ${timeoutMs / 1000} s: it has too little CPU`;
        if (state !== undefined) this.fail(state, load, keyOf(pod), 'Timeout', count, why);
      }
      const meanMs = (waitedMs + queue.waitMs) / 2;
      for (const arrival of arrivals) {
        const state = states.get(arrival.load);
        if (state !== undefined) note(state, arrival, serviceMs(arrival.costMs, limitMilliCpu), meanMs, queue.utilization);
      }
    }
  }

  /** The process has ended: what it had taken is never answered. */
  private lose(queue: PodQueue, states: ReadonlyMap<string, LoadState>): void {
    const key = `${queue.namespace}/${queue.pod}`;
    for (const [load, state] of states) {
      const recent = queue.recent[load] ?? 0;
      state.answered -= recent;
      const count = recent + (queue.waiting[load] ?? 0);
      this.fail(state, load, key, 'Reset', count, `Pod ${key} ended with requests that it had taken`);
    }
    Object.assign(queue, { id: '', waiting: {}, recent: {}, workMs: 0, waitMs: 0, utilization: 0 });
  }

  /** @param pod `namespace/name`; empty: it was lost on the way */
  private fail(state: LoadState, load: string, pod: string, cause: FailureCause, count: number, why: string): void {
    fail(state, cause, count, why);
    this.ledger?.failed(load, pod, cause, count);
  }

  /** CPU time for each: up to its limit, and where the machine has less than all want, in proportion to that. */
  private shareOut(all: readonly Busy[], intervalMs: number): readonly number[] {
    const machines = new Map<string, { capacityMs: number; wantedMs: number }>();
    const wanted = all.map(({ pod, queue, arrivals, limitMilliCpu }) => {
      const node = pod.spec?.nodeName ?? '';
      let machine = machines.get(node);
      if (machine === undefined) machines.set(node, (machine = { capacityMs: (this.milliCpu(node) / 1000) * intervalMs, wantedMs: 0 }));
      const mostMs = Math.min((limitMilliCpu / 1000) * intervalMs, machine.capacityMs);
      const workMs = arrivals.reduce((sum, { count, costMs }) => sum + count * costMs, queue.workMs);
      machine.wantedMs += Math.min(workMs, mostMs);
      return { machine, mostMs };
    });
    return wanted.map(({ machine, mostMs }) =>
      machine.wantedMs <= machine.capacityMs ? mostMs : (mostMs * machine.capacityMs) / machine.wantedMs,
    );
  }

  private milliCpu(node: string): number {
    const cpu = this.environment.client.get(NODES, '', node)?.status?.allocatable?.['cpu'];
    return cpu === undefined ? UNKNOWN_MACHINE_MILLI_CPU : milliValue(cpu);
  }

  private station(known: Stations, { pod, port }: Pick<Flow, 'pod' | 'port'>, path: string): Answering {
    const uid = pod.metadata.uid ?? '';
    let all = known.get(uid);
    if (all === undefined) known.set(uid, (all = []));
    for (const each of all) if (each.port === port && each.path === path) return each.station;
    const station = this.environment.servers().station(pod, port, path);
    all.push({ port, path, station });
    return station;
  }
}

/** Where somebody in between tries again, the share of a Pod that refuses goes to the others, if there are any. */
function settled({ flows, retries }: Plan, stationOf: (flow: Flow) => unknown): readonly Flow[] {
  if (!retries) return flows;
  const good = flows.filter((flow) => stationOf(flow) !== 'refused');
  if (good.length === 0 || good.length === flows.length) return flows;
  const total = flows.reduce((sum, { share }) => sum + share, 0);
  return good.map((flow) => ({ ...flow, share: total / good.length }));
}

function note(
  state: LoadState,
  { count, wayMs }: { readonly count: number; readonly wayMs: number },
  ownMs: number,
  meanMs: number,
  utilization: number,
): void {
  const random = randomWaitMs(utilization, ownMs);
  for (const [share, times] of SPREAD) addLatency(state.latency, wayMs + ownMs + meanMs + random * times, count * share);
}

/** With less than a whole CPU a request takes longer than its cost. */
function serviceMs(costMs: number, limitMilliCpu: number): number {
  return Math.max(MIN_SERVICE_MS, costMs / Math.min(1, limitMilliCpu / 1000));
}

function durationOf(text: string | undefined, otherwise: number): number {
  return (text === undefined ? undefined : parseDuration(text)) ?? otherwise;
}
