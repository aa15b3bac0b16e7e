/**
 * The work that waits at one Pod: requests cost CPU time, the Pod has so much of it, the rest waits its turn.
 * Invariant: plain data; a request is waiting, answered or lost, never two of them.
 * Worked example: 10 ms a request and a limit of 500m are 50 requests a second; of 80 a second 30 pile up, and after 2 s one waits 1.2 s.
 */
export interface PodQueue {
  /** The start of the container that serves. Another one begins with nothing. */
  id: string;
  container: string;
  readonly namespace: string;
  readonly pod: string;
  port: number;
  /** Whether it took connections when it was looked at last. */
  listening: boolean;
  /** Requests that wait, by whose Load they are. */
  waiting: Record<string, number>;
  /** Of those that count as answered: who may not have got all of the answer yet, by Load. */
  recent: Record<string, number>;
  /** CPU time that they need, milliseconds. */
  workMs: number;
  /** How long one that comes now waits, milliseconds. */
  waitMs: number;
  /** The share of the CPU that was used in the last interval: 1 is all of it. */
  utilization: number;
  /** CPU time of the present window of measurement, and what the one before it came to. */
  usedMs: number;
  nanoCpu: number;
  /** Until when it is busy with requests that came one by one. */
  busyUntilMs: number;
}

export function newQueue(place: Pick<PodQueue, 'id' | 'container' | 'namespace' | 'pod' | 'port'>): PodQueue {
  return {
    ...place,
    listening: true,
    waiting: {},
    recent: {},
    workMs: 0,
    waitMs: 0,
    utilization: 0,
    usedMs: 0,
    nanoCpu: 0,
    busyUntilMs: 0,
  };
}

export function copyQueue(queue: PodQueue): PodQueue {
  return { ...queue, waiting: { ...queue.waiting }, recent: { ...queue.recent } };
}

/**
 * One request that comes by itself takes its turn behind those that came before.
 * @param serviceMs how long it takes when it does not wait
 * @returns after how long it is answered, milliseconds
 */
export function serveOne(queue: PodQueue, { costMs, serviceMs, milliCpu, nowMs }: Single): number {
  const beginMs = Math.max(nowMs, queue.busyUntilMs) + queue.waitMs;
  queue.usedMs += costMs;
  queue.busyUntilMs = Math.max(nowMs, queue.busyUntilMs) + (costMs * 1000) / milliCpu;
  return Math.round(beginMs - nowMs + serviceMs);
}

export interface Single {
  readonly costMs: number;
  readonly serviceMs: number;
  /** CPU that there is for all of them. */
  readonly milliCpu: number;
  readonly nowMs: number;
}

/** Requests of one Load that come in one interval. */
export interface Arrival {
  readonly load: string;
  readonly count: number;
  readonly costMs: number;
}

export interface Step {
  /** By Load. */
  readonly answered: Readonly<Record<string, number>>;
}

/**
 * One interval: what came in joins what waits, and as much is answered as there is CPU time for.
 * @param capacityMs CPU time of the interval
 */
export function work(queue: PodQueue, arrivals: readonly Arrival[], capacityMs: number, intervalMs: number): Step {
  for (const { load, count, costMs } of arrivals) {
    queue.waiting[load] = (queue.waiting[load] ?? 0) + count;
    queue.workMs += count * costMs;
  }
  const doneMs = Math.min(queue.workMs, capacityMs);
  const share = queue.workMs <= capacityMs ? 1 : capacityMs / queue.workMs;
  const answered: Record<string, number> = {};
  for (const [load, count] of Object.entries(queue.waiting)) {
    answered[load] = count * share;
    if (share === 1) delete queue.waiting[load];
    else queue.waiting[load] = count * (1 - share);
  }
  queue.usedMs += doneMs;
  queue.workMs = share === 1 ? 0 : queue.workMs - doneMs;
  queue.utilization = capacityMs > 0 ? doneMs / capacityMs : 1;
  queue.waitMs = capacityMs > 0 ? (queue.workMs / capacityMs) * intervalMs : queue.workMs > 0 ? Infinity : 0;
  return { answered };
}

/** Gives up what clients do not wait for any more: all that would take longer than so long. @returns the requests, by Load */
export function giveUp(queue: PodQueue, capacityMs: number, intervalMs: number, timeoutMs: number): Readonly<Record<string, number>> {
  const most = (capacityMs / intervalMs) * timeoutMs;
  if (queue.workMs <= most) return {};
  const share = 1 - most / queue.workMs;
  const lost: Record<string, number> = {};
  for (const [load, count] of Object.entries(queue.waiting)) {
    lost[load] = count * share;
    queue.waiting[load] = count * (1 - share);
  }
  queue.workMs = most;
  queue.waitMs = Math.min(queue.waitMs, timeoutMs);
  return lost;
}

/**
 * What requests wait although there is CPU time for all of them, as they come when they come: little, until the CPU is nearly used up.
 * Half of a service time at a utilization of 50 %, four and a half at 90 %.
 */
export function randomWaitMs(utilization: number, serviceMs: number): number {
  const load = Math.min(utilization, 0.98);
  return (serviceMs * load) / (2 * (1 - load));
}

/** How the waits of requests differ from the mean: shares of them, and how many times the mean they wait. */
export const SPREAD: readonly (readonly [share: number, times: number])[] = [
  [0.4, 0.2],
  [0.3, 0.8],
  [0.2, 1.8],
  [0.08, 3],
  [0.02, 4.6],
];
