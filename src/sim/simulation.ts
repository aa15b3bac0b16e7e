/**
 * The deterministic kernel: virtual time, an ordered queue of timers, seeded chance, causes, checkpoints.
 * Invariant: the same seed, components and inputs give the same events in the same order, byte for byte; nothing here
 * reads a real clock. Counterpart: none in Kubernetes; this is what a real cluster's machines and wall clocks are.
 */
import type { Json, JsonObject } from '../base/json.ts';
import { Heap } from '../base/heap.ts';
import { RandomStream } from './random.ts';
import type { Component, SimEvent, TimerId, TimerRequest } from './component.ts';

/** When a run has to give the thread back. */
export interface Budget {
  /** At most so many events. */
  readonly events?: number;
  /** Asked between events; true ends the run. The host passes one that looks at its own clock. */
  readonly expired?: () => boolean;
}

export type StopReason =
  /** The time that was asked for is reached and nothing is due before it. */
  | 'Done'
  /** The budget ended the run; call again to go on. */
  | 'BudgetReached'
  /** Too many events at one instant of virtual time: a runaway loop. `runaway` says which. */
  | 'Runaway'
  /** `runUntil`: the limit of virtual time was reached first. */
  | 'LimitReached';

export interface RunResult {
  readonly reason: StopReason;
  /** Events handled in this run. */
  readonly events: number;
  /** With `Runaway`: the last events before the stop, oldest first. */
  readonly runaway?: readonly SimEvent[];
}

export interface SimulationOptions {
  readonly seed: string;
  /** Virtual time of the start, milliseconds since 1970. */
  readonly startTime: number;
  /** Events at one instant after which a run is called a runaway loop. Default 5 million. */
  readonly maxEventsPerInstant?: number;
  /**
   * Told of an exception out of a component, which is a bug; the component gets its next event all the same, as a process
   * that crashed is started again. Without it exceptions pass through to the caller, which tests want.
   */
  readonly onFault?: ((event: SimEvent, error: unknown) => void) | undefined;
}

/** A window without foreground events after which the cluster counts as settled, milliseconds. */
export const SETTLE_WINDOW_MS = 5_000;
/** How much virtual time `runUntil` may use unless told, milliseconds. */
export const RUN_LIMIT_MS = 3_600_000;
const RUNAWAY_REPORT = 20;

export class Simulation {
  private time: number;
  private nextSeq = 1;
  private handled = 0;
  private readonly seed: string;
  private readonly maxEventsPerInstant: number;
  private readonly onFault: SimulationOptions['onFault'];
  private readonly components = new Map<string, Component>();
  private readonly streams = new Map<string, RandomStream>();
  private readonly timers = new Map<TimerId, SimEvent>();
  private readonly queue = new Heap<SimEvent>((a, b) => a.at < b.at || (a.at === b.at && a.seq < b.seq));
  private readonly foreground = new Heap<SimEvent>((a, b) => a.at < b.at || (a.at === b.at && a.seq < b.seq));
  /** Components with a wake-up in the queue. Derived from the timers. */
  private readonly woken = new Set<string>();
  /** What each component remembered before its first event: what a process has that was just started. */
  private readonly blank = new Map<string, Json>();
  /** Components that are switched off. */
  private readonly off = new Set<string>();
  private readonly recent: SimEvent[] = [];
  private instant = -1;
  private eventsThisInstant = 0;
  private cause: number | undefined;
  private active = false;

  constructor(options: SimulationOptions) {
    this.seed = options.seed;
    this.time = options.startTime;
    this.maxEventsPerInstant = options.maxEventsPerInstant ?? 5_000_000;
    this.onFault = options.onFault;
  }

  /** Virtual time, milliseconds since 1970. */
  now(): number {
    return this.time;
  }

  /** Events handled since the simulation began; with the time, this names a moment exactly. */
  get eventsHandled(): number {
    return this.handled;
  }

  /** The revision that caused the event being handled, or that `withCause` set. */
  get currentCause(): number | undefined {
    return this.cause;
  }

  /** Runs `act` with another cause, for work that serves several: a queue that remembers which write asked for which item. */
  withCause<T>(cause: number | undefined, act: () => T): T {
    const before = this.cause;
    this.cause = cause;
    try {
      return act();
    } finally {
      this.cause = before;
    }
  }

  /** Whether an event is being handled: what is written now is the cluster's own doing, anything else is an input. */
  get dispatching(): boolean {
    return this.active;
  }

  /** The states of the streams whose names begin so, for a journal of inputs. */
  streamStates(prefix: string): JsonObject {
    return Object.fromEntries(
      [...this.streams].filter(([name]) => name.startsWith(prefix)).map(([name, stream]) => [name, stream.checkpoint()]),
    );
  }

  restoreStreams(states: JsonObject): void {
    for (const [name, state] of Object.entries(states)) this.stream(name).restore(state ?? null);
  }

  /**
   * Repeats a recorded run up to a moment: handles events until as many were handled in all, then sets the time.
   * Returns false if the queue ran dry before: the recording is of another program or another cluster.
   */
  replayTo(eventsHandled: number, time: number): boolean {
    while (this.handled < eventsHandled) {
      const next = this.head(this.queue);
      if (next === undefined) return false;
      this.dispatch(next);
    }
    this.time = Math.max(this.time, time);
    return this.handled === eventsHandled;
  }

  register(component: Component): void {
    if (this.components.has(component.name)) throw new Error(`component ${component.name} is registered twice`);
    this.components.set(component.name, component);
    this.blank.set(component.name, component.checkpoint());
  }

  /**
   * Switches a component off, as one kills a process: its timers and its memory are gone, it gets no events. What it wrote stays.
   * One that is off, or that this cluster does not run, is ignored.
   */
  switchOff(name: string): void {
    if (this.off.has(name) || !this.components.has(name)) return;
    this.off.add(name);
    for (const [id, event] of this.timers) if (event.component === name) this.timers.delete(id);
    this.woken.delete(name);
    this.components.get(name)?.restore(this.blank.get(name) ?? null);
  }

  /** Starts a component that was switched off; it begins with the objects as they are now. */
  switchOn(name: string): void {
    if (this.off.delete(name)) this.components.get(name)?.start();
  }

  /** The names of all components, in the order of their registration. */
  get componentNames(): readonly string[] {
    return [...this.components.keys()];
  }

  /** The names of the components that are switched off. */
  get switchedOff(): readonly string[] {
    return [...this.off];
  }

  /** Calls `start` of every component in the order of registration. Once, on a new simulation. */
  start(): void {
    for (const component of this.components.values()) component.start();
  }

  /** The stream of chance of that name; the same name gives the same stream. */
  stream(name: string): RandomStream {
    let stream = this.streams.get(name);
    if (stream === undefined) {
      stream = new RandomStream(`${this.seed}/${name}`);
      this.streams.set(name, stream);
    }
    return stream;
  }

  schedule(request: TimerRequest): TimerId {
    const event: SimEvent = {
      at: Math.max(this.time, request.at),
      seq: this.nextSeq++,
      component: request.component,
      type: request.type,
      payload: request.payload ?? null,
      background: request.background ?? false,
      cause: this.cause,
    };
    this.enqueue(event);
    return event.seq;
  }

  /** Forgets a timer. One that has fired or was cancelled before is ignored. */
  cancel(id: TimerId): void {
    this.timers.delete(id);
  }

  /**
   * Sees to it that the component handles an event of type `wake` at this instant. Several wake-ups that wait at the
   * same time are one; its cause is that of the first. One that is awake anyway gets none.
   */
  wake(component: string, cause: number | undefined = this.cause): void {
    if (this.woken.has(component) || this.off.has(component) || this.components.get(component)?.isAwake?.() === true) return;
    this.woken.add(component);
    this.withCause(cause, () => this.schedule({ at: this.time, component, type: WAKE }));
  }

  /** The time of the next event, or undefined. */
  nextEventAt(): number | undefined {
    return this.head(this.queue)?.at;
  }

  /** The time of the next event that is not in the background, or undefined: then the cluster is stable. */
  nextForegroundAt(): number | undefined {
    return this.head(this.foreground)?.at;
  }

  get stable(): boolean {
    return this.nextForegroundAt() === undefined;
  }

  isSettled(windowMs: number = SETTLE_WINDOW_MS): boolean {
    const next = this.nextForegroundAt();
    return next === undefined || next > this.time + windowMs;
  }

  get waiting(): number {
    return this.timers.size;
  }

  /** Entries that the heaps hold, cancelled ones included: what a long run must not let grow. */
  get held(): number {
    return this.queue.size + this.foreground.size;
  }

  /**
   * Handles everything that is due up to and including `until`, then sets the time to `until`.
   * @param until virtual time, milliseconds since 1970
   * @param budget see Budget; with `BudgetReached` the time is that of the last handled event
   */
  advance(until: number, budget: Budget = {}): RunResult {
    let events = 0;
    for (;;) {
      const next = this.head(this.queue);
      if (next === undefined || next.at > until) break;
      if (budget.events !== undefined && events >= budget.events) return { reason: 'BudgetReached', events };
      if (budget.expired?.() === true) return { reason: 'BudgetReached', events };
      if (this.isRunaway(next)) return { reason: 'Runaway', events, runaway: [...this.recent] };
      this.dispatch(next);
      events++;
    }
    if (until > this.time) this.time = until;
    return { reason: 'Done', events };
  }

  /**
   * Runs until nothing in the foreground is due within the settle window (`settled`) or at all (`stable`).
   * Ends with `LimitReached` after `limitMs` of virtual time.
   */
  runUntil(goal: 'settled' | 'stable', limitMs: number = RUN_LIMIT_MS, budget: Budget = {}): RunResult {
    const limit = this.time + limitMs;
    let events = 0;
    for (;;) {
      const next = this.nextForegroundAt();
      if (next === undefined || (goal === 'settled' && next > this.time + SETTLE_WINDOW_MS)) return { reason: 'Done', events };
      if (budget.events !== undefined && events >= budget.events) return { reason: 'BudgetReached', events };
      const rest = budget.events === undefined ? budget : { ...budget, events: budget.events - events };
      // What is in the background goes on up to the limit, too.
      const part = this.advance(Math.min(next, limit), rest);
      events += part.events;
      if (part.reason !== 'Done') return { ...part, events };
      if (next > limit) return { reason: 'LimitReached', events };
    }
  }

  /** All of the kernel's and the components' memory as plain data. */
  checkpoint(): JsonObject {
    return {
      time: this.time,
      nextSeq: this.nextSeq,
      handled: this.handled,
      timers: [...this.timers.values()].sort((a, b) => a.seq - b.seq) as unknown as Json,
      off: [...this.off],
      streams: Object.fromEntries([...this.streams].map(([name, stream]) => [name, stream.checkpoint()])),
      components: Object.fromEntries([...this.components].map(([name, component]) => [name, component.checkpoint()])),
    };
  }

  /**
   * Takes back what `checkpoint` gave. A component that the checkpoint does not know is newer than it, and starts as on a
   * new cluster; the memory of one that is not registered any more is dropped.
   */
  restore(state: JsonObject): void {
    this.time = state['time'] as number;
    this.nextSeq = state['nextSeq'] as number;
    this.handled = state['handled'] as number;
    this.timers.clear();
    this.queue.reset([]);
    this.foreground.reset([]);
    this.woken.clear();
    for (const event of state['timers'] as unknown as readonly SimEvent[]) {
      this.enqueue({ ...event, cause: event.cause ?? undefined });
      if (event.type === WAKE) this.woken.add(event.component);
    }
    this.off.clear();
    for (const name of (state['off'] ?? []) as readonly string[]) this.off.add(name);
    this.streams.clear();
    for (const [name, stream] of Object.entries(state['streams'] as JsonObject)) this.stream(name).restore(stream ?? null);
    const components = state['components'] as JsonObject;
    const fresh: Component[] = [];
    for (const [name, component] of this.components) {
      const memory = components[name];
      if (memory === undefined) fresh.push(component);
      else component.restore(memory);
    }
    for (const component of fresh) if (!this.off.has(component.name)) component.start();
  }

  private enqueue(event: SimEvent): void {
    this.timers.set(event.seq, event);
    this.queue.push(event);
    if (!event.background) this.foreground.push(event);
  }

  /** The first live timer of a heap; drops the cancelled and handled ones before it. */
  private head(heap: Heap<SimEvent>): SimEvent | undefined {
    for (;;) {
      const top = heap.peek();
      if (top === undefined || this.timers.has(top.seq)) return top;
      heap.pop();
    }
  }

  private isRunaway(next: SimEvent): boolean {
    if (next.at !== this.instant) {
      this.instant = next.at;
      this.eventsThisInstant = 0;
    }
    return ++this.eventsThisInstant > this.maxEventsPerInstant;
  }

  private dispatch(event: SimEvent): void {
    this.queue.pop();
    this.timers.delete(event.seq);
    // Both heaps have the same order, so the event is the first of the other one too; left there, it would stay for ever.
    if (!event.background) this.head(this.foreground);
    this.time = event.at;
    this.handled++;
    this.recent.push(event);
    if (this.recent.length > RUNAWAY_REPORT) this.recent.shift();
    if (event.type === WAKE) this.woken.delete(event.component);
    const component = this.components.get(event.component);
    // A timer of a component that this cluster does not run (a stopped part) is dropped, as a stopped process drops its timers.
    if (component === undefined || this.off.has(event.component)) return;
    this.active = true;
    try {
      this.withCause(event.cause, () => component.handle(event));
    } catch (error) {
      if (this.onFault === undefined) throw error;
      this.onFault(event, error);
    } finally {
      this.active = false;
    }
  }
}

/** The type of the event that `wake` makes. */
export const WAKE = 'wake';
