/**
 * Makes the clock run: advances virtual time by real time × speed, in slices short enough for requests to come between,
 * and carries out what the Clock object asks for.
 * Invariant: the only place where real time meets virtual time; what it does to the simulation is an input of it.
 */
import type { CancellationToken } from 'vscode-jsonrpc';
import type { Disposable } from '../base/lifecycle.ts';
import { parseDuration } from '../api/kubepad/duration.ts';
import { parseSpeed } from '../api/kubepad/clock/strategy.ts';
import { CLOCKS, CLUSTER_CLOCK, type Clock, type ClockReason, type ClockSpec } from '../api/kubepad/types.ts';
import { formatMicroTime } from '../apimachinery/meta/time.ts';
import { jsonEqual, type Draft } from '../base/json.ts';
import type { ApiServer } from '../apiserver/apiServer.ts';
import type { RequestContext } from '../apiserver/request.ts';
import { RUN_LIMIT_MS, type Budget, type RunResult, type Simulation } from '../sim/simulation.ts';
import { runSlice, type Ahead, type AheadEnd } from './runAhead.ts';

export interface DriverOptions {
  readonly simulation: Simulation;
  readonly api: ApiServer;
  /** Of a new cluster; later the Clock object says it. Undefined: 1. */
  readonly speed?: number | 'max';
  /** The Clock stands still at first. Undefined: as the Clock object says. */
  readonly paused?: boolean;
  /** Called after every slice in which something happened, and about once a second: for what must be written down. */
  readonly onSlice?: () => void;
  /** Too many events at one instant: the clock stops. */
  readonly onRunaway?: (result: RunResult) => void;
}

/** How long requests may have to wait for the simulation, milliseconds of real time. */
export const SLICE_MS = 8;
const LONGEST_SLEEP_MS = 500;
/** So far behind, real time is given up: the machine slept, or the cluster is too much for it. */
const MAX_LAG_MS = 1000;
const CONTEXT: RequestContext = { user: { name: 'system:kubepad:clock', groups: ['system:masters'] }, fieldManager: 'kubepad' };

/** A request of the Clock object that is being carried out. */
interface Run {
  readonly requestID: string;
  /** Virtual time at which it ends at the latest. */
  readonly limit: number;
  /** Undefined: until `limit`. */
  readonly goal: 'settled' | 'stable' | undefined;
  /** Reaching the limit is what was asked for. */
  readonly exact: boolean;
}

export class Driver implements Disposable {
  private readonly options: DriverOptions;
  private readonly simulation: Simulation;
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;
  private started = false;
  private clock: Clock | undefined;
  private speed: number | 'max' = 1;
  private paused = false;
  private halted = false;
  private run: Run | undefined;
  /** A run that a program asked for, see `runAhead`. */
  private ahead: { readonly wish: Ahead; readonly token: CancellationToken; readonly end: (end: AheadEnd) => void } | undefined;
  /** Real and virtual time that belong together. */
  private anchor = { real: 0, virtual: 0 };

  constructor(options: DriverOptions) {
    this.options = options;
    this.simulation = options.simulation;
    this.ensureClock();
    this.readClock();
  }

  start(): void {
    this.started = true;
    this.setAnchor();
    this.wake();
  }

  dispose(): void {
    this.started = false;
    this.endAhead('interrupted');
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
  }

  /** A run is under way, of the Clock object or of a program. */
  get running(): boolean {
    return this.run !== undefined || this.ahead !== undefined;
  }

  /**
   * Runs ahead of the clock, paused or not, which then goes on from there. Somebody who sets the clock meanwhile, or runs ahead himself,
   * interrupts it where it is.
   */
  runAhead(wish: Ahead, token: CancellationToken): Promise<AheadEnd> {
    this.endAhead('interrupted');
    if (!this.started || this.run !== undefined) return Promise.resolve('interrupted');
    return new Promise((resolve) => {
      this.ahead = { wish, token, end: resolve };
      this.wake();
    });
  }

  /** Brings virtual time to the present, for at most a slice: before a request, so that it happens at the right time. */
  sync(): void {
    if (this.started && !this.running) this.advance(sliceBudget());
  }

  /** After a request there may be something to do at once. */
  wake(): void {
    if (!this.started) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.immediate ??= setImmediate(() => {
      this.immediate = undefined;
      this.slice();
    });
  }

  private slice(): void {
    if (!this.started) return;
    this.readClock();
    const before = this.simulation.eventsHandled;
    const busy = this.work();
    if (this.simulation.eventsHandled !== before || !busy) this.options.onSlice?.();
    if (busy) this.wake();
    else this.sleep();
  }

  private work(): boolean {
    if (this.run !== undefined) return this.continueRun(this.run);
    return this.ahead === undefined ? this.advance(sliceBudget()) : this.continueAhead(this.ahead);
  }

  /** Wakes with the next event, or when something is to be written down. */
  private sleep(): void {
    clearTimeout(this.timer);
    const next = this.simulation.nextEventAt();
    const factor = this.speed === 'max' ? 1 : this.speed;
    const wait = next === undefined || this.paused || this.halted ? LONGEST_SLEEP_MS : (next - this.simulation.now()) / factor;
    this.timer = setTimeout(() => this.slice(), Math.min(Math.max(wait, 1), LONGEST_SLEEP_MS));
  }

  /** Returns whether there is more to do at once. */
  private advance(budget: Budget): boolean {
    const { simulation } = this;
    if (this.halted) return false;
    if (this.paused) return this.finish(simulation.advance(simulation.now(), budget));
    if (this.speed === 'max' && simulation.nextForegroundAt() !== undefined) {
      const result = simulation.runUntil('stable', RUN_LIMIT_MS, budget);
      this.setAnchor();
      return this.finish(result) || result.reason === 'LimitReached';
    }
    const real = performance.now();
    const factor = this.speed === 'max' ? 1 : this.speed;
    const due = this.anchor.virtual + Math.floor((real - this.anchor.real) * factor);
    const busy = this.finish(simulation.advance(Math.max(due, simulation.now()), budget));
    if (due - simulation.now() > MAX_LAG_MS * factor) this.setAnchor();
    return busy;
  }

  private continueRun(run: Run): boolean {
    const { simulation } = this;
    const rest = Math.max(0, run.limit - simulation.now());
    const result =
      run.goal === undefined ? simulation.advance(run.limit, sliceBudget()) : simulation.runUntil(run.goal, rest, sliceBudget());
    if (result.reason === 'BudgetReached') return true;
    const runaway = result.reason === 'Runaway';
    if (runaway) this.finish(result);
    this.run = undefined;
    this.setAnchor();
    this.report(
      run.requestID,
      runaway ? 'BudgetReached' : result.reason === 'LimitReached' || (!run.exact && run.goal === undefined) ? 'LimitReached' : 'Done',
    );
    return true;
  }

  private continueAhead({ wish, token }: NonNullable<Driver['ahead']>): boolean {
    const until = performance.now() + SLICE_MS;
    const { end, result } = token.isCancellationRequested
      ? { end: 'cancelled' as const, result: undefined }
      : runSlice(this.simulation, wish, () => performance.now() >= until);
    if (end === 'runaway' && result !== undefined) this.finish(result);
    if (end !== undefined) this.endAhead(end);
    return true;
  }

  private endAhead(end: AheadEnd): void {
    const { ahead } = this;
    if (ahead === undefined) return;
    this.ahead = undefined;
    this.setAnchor();
    ahead.end(end);
  }

  private finish(result: RunResult): boolean {
    if (result.reason === 'Runaway') {
      this.halted = true;
      this.options.onRunaway?.(result);
    }
    return result.reason === 'BudgetReached';
  }

  private setAnchor(): void {
    this.anchor = { real: performance.now(), virtual: this.simulation.now() };
  }

  /** A cluster without a Clock gets one; one that goes on keeps its own, but for what is asked for. */
  private ensureClock(): void {
    const { api, speed, paused } = this.options;
    if (!api.get(CLOCKS, '', CLUSTER_CLOCK).ok) {
      api.create(CONTEXT, CLOCKS, '', {
        apiVersion: 'kubepad.dev/v1',
        kind: 'Clock',
        metadata: { name: CLUSTER_CLOCK },
        spec: { speed: speed ?? 1, ...(paused === undefined ? {} : { paused }) },
      });
    } else if (speed !== undefined || paused !== undefined) {
      api.update(CONTEXT, CLOCKS, '', CLUSTER_CLOCK, '', (object) => {
        const spec = ((object as Draft<Clock>).spec ??= {});
        if (speed !== undefined) spec.speed = speed;
        if (paused !== undefined) spec.paused = paused;
        return undefined;
      });
    }
    this.report(undefined, undefined);
  }

  private readClock(): void {
    const found = this.options.api.store.get('clocks.kubepad.dev', CLUSTER_CLOCK) as Clock | undefined;
    if (found === this.clock) return;
    this.clock = found;
    const { speed = 1, paused = false, requestID = '' } = found?.spec ?? {};
    const wanted = parseSpeed(speed) ?? 1;
    if (wanted !== this.speed || paused !== this.paused) {
      this.speed = wanted;
      this.paused = paused;
      this.halted = false;
      this.setAnchor();
      this.endAhead('interrupted');
    }
    if (found === undefined || requestID === '' || requestID === found.status?.observedRequestID || requestID === this.run?.requestID)
      return;
    this.endAhead('interrupted');
    this.run = runOf(found.spec ?? {}, requestID, this.simulation.now());
    this.halted = false;
    if (this.run === undefined) this.report(requestID, 'Done');
  }

  /** Writes down how far the clock has come. */
  private report(requestID: string | undefined, reason: ClockReason | undefined): void {
    const { simulation, api } = this.options;
    api.update(CONTEXT, CLOCKS, '', CLUSTER_CLOCK, 'status', (object) => {
      const clock = object as Draft<Clock>;
      const observed = requestID ?? clock.status?.observedRequestID;
      const status = {
        now: formatMicroTime(simulation.now()),
        settled: simulation.isSettled(),
        stable: simulation.stable,
        eventsWaiting: simulation.waiting,
        ...(observed === undefined ? {} : { observedRequestID: observed }),
        ...(reason === undefined ? {} : { reason }),
      };
      if (!jsonEqual(clock.status, status)) clock.status = status;
      return undefined;
    });
  }
}

function sliceBudget(): Budget {
  const end = performance.now() + SLICE_MS;
  return { expired: () => performance.now() >= end };
}

/** What a request comes to; undefined if there is nothing to run. */
function runOf(spec: ClockSpec, requestID: string, nowMs: number): Run | undefined {
  const longest = nowMs + (spec.limit === undefined ? RUN_LIMIT_MS : (parseDuration(spec.limit) ?? RUN_LIMIT_MS));
  const until = (limit: number): Run => {
    const bounded = spec.limit === undefined ? limit : Math.min(limit, longest);
    return { requestID, limit: bounded, goal: undefined, exact: bounded === limit };
  };
  if (spec.step !== undefined) return until(nowMs + (parseDuration(spec.step) ?? 0));
  const { runUntil } = spec;
  if (runUntil === undefined) return undefined;
  if (runUntil === 'settled' || runUntil === 'stable') return { requestID, limit: longest, goal: runUntil, exact: false };
  const length = parseDuration(runUntil);
  return until(length === undefined ? Math.max(nowMs, Date.parse(runUntil)) : nowMs + length);
}
