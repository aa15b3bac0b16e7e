/**
 * One running cluster in the worker: its clock, its memory on disk, its views, its REST API.
 * Invariant: a write is answered after it is on the disk; views hear of it within a frame.
 */
import { Emitter } from '../../base/emitter.ts';
import { jsonEqual, type Json } from '../../base/json.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { DisposableStore } from '../../base/lifecycle.ts';
import { Cluster, type ClusterHooks } from '../../cluster/cluster.ts';
import { Past } from '../../cluster/past/past.ts';
import type { Looked } from '../../cluster/past/pastCluster.ts';
import type { ClusterOptions } from '../../cluster/options.ts';
import type { Rest } from '../../kubectl/rest.ts';
import { Driver } from '../driver.ts';
import { FaultReports } from '../panels/object/impact.ts';
import type { ImpactModel } from '../panels/object/model.ts';
import { PersistentCluster } from '../persistence/persistentCluster.ts';
import { SqliteJournal } from '../persistence/sqliteJournal.ts';
import { PROGRAM } from '../program.ts';
import { Pace } from '../projection/pace.ts';
import { ProblemCount } from '../projection/problems.ts';
import { Shown } from '../projection/shown.ts';
import { Views } from '../projection/views.ts';
import type { ClusterInfo } from '../protocol/protocol.ts';
import type { ClockState, ViewDiff, ViewId } from '../protocol/view.ts';
import { clockOf } from './clock.ts';
import { createInProcessRest } from './inProcessRest.ts';
import type { Real } from './targets.ts';
import { Forks } from './timeline/forks.ts';

/** Whose cluster may be shown in place of the editor's own. */
export type Guest = NonNullable<ClockState['guest']>;

export interface SessionOptions {
  /** Of a fork that is shown: those of the cluster that it comes from, itself among them. */
  readonly forks?: Forks;
  /** A cluster that somebody else lets go on: it is shown, and its time stands still for the session. */
  readonly shown?: Cluster;
  /** Whose cluster it is, if it is not the editor's own. In that of a tour a person may let time go on. */
  readonly guest?: Guest;
  /** The cluster that is shown is the picture of a real one: requests go to that. */
  readonly real?: Real;
  readonly cluster: ClusterOptions;
  /** Makes the cluster where none is stored; left out: a new one by the options. */
  readonly first?: (hooks: ClusterHooks) => Cluster;
  readonly dataFile: string | undefined;
  readonly onView: (view: ViewId, diff: ViewDiff) => void;
  readonly onClock: (clock: ClockState) => void;
  /** Time or the cluster went on; at most ten times a second. */
  readonly onAdvance: () => void;
  readonly log: (level: 'info' | 'warning' | 'error', message: string) => void;
}

/** A real cluster has no timeline that could be gone through. */
const REAL_PAST = { limit: 2_000, budget: 16 * 2 ** 20 };
/** How often a running clock is told, milliseconds. */
const CLOCK_MS = 100;
const VERSION = 'v1.36.3';

export class Session implements Disposable {
  readonly cluster: Cluster;
  readonly rest: Rest;
  readonly views: Views;
  readonly past: Past;
  readonly shown: Shown;
  readonly forks: Forks;
  readonly faultReports: FaultReports;
  readonly driver: Driver;
  /** Another session is shown in its place: its time is nobody's business. */
  isHidden = false;
  private readonly closing = new Emitter<void>();
  /** The session ends: whoever waits for something in its cluster waits in vain. */
  readonly onDidClose = this.closing.event;
  private readonly options: SessionOptions;
  private readonly persistent: PersistentCluster | undefined;
  private readonly resources = new DisposableStore();
  /** The cluster of a revision with all that ran in it, made when somebody looks into a container. */
  private still: { readonly revision: number; readonly cluster: Cluster | undefined } | undefined;
  private told: ClockState | undefined;
  private clockTimer: NodeJS.Timeout | undefined;
  private frame: NodeJS.Timeout | undefined;
  private readonly pace = new Pace();
  private readonly problems: ProblemCount;

  constructor(options: SessionOptions) {
    this.options = options;
    this.persistent = options.dataFile === undefined ? undefined : openPersistent(options.dataFile, options);
    this.cluster = this.persistent?.cluster ?? options.shown ?? firstOf(options)(hooksOf(options));
    const { simulation, api } = this.cluster;
    this.driver = new Driver({
      simulation,
      api,
      ...(options.guest === 'tour' ? { paused: true } : {}),
      onSlice: () => {
        this.persistent?.tick();
        this.past.tick();
        this.noteClock();
      },
      onRunaway: ({ runaway }) => {
        options.log('error', `The clock was stopped: a runaway loop of ${runaway?.at(-1)?.component ?? 'unknown'}.`);
      },
    });
    this.rest =
      options.real?.cluster.rest ??
      createInProcessRest({
        api,
        before: () => this.driver.sync(),
        after: () => this.written(),
      });
    this.past = this.resources.add(new Past(this.cluster, options.real === undefined ? {} : REAL_PAST));
    this.faultReports = new FaultReports(this.past);
    this.problems = this.resources.add(new ProblemCount(api.store));
    this.shown = this.resources.add(new Shown(api.store, this.past, (entry) => this.views.revision(entry)));
    this.views = new Views({
      source: this.shown.source,
      send: (view, diff) => this.send(view, diff),
      schedule: () => this.scheduleFrame(),
    });
    this.forks = options.forks ?? new Forks();
    this.resources.add(
      this.forks.onDidChange(() => {
        options.onAdvance();
        this.noteClock();
      }),
    );
    // Nothing drives the picture of a real cluster but what that tells.
    if (options.real !== undefined) this.resources.add(api.store.onRevision(() => this.noteClock()));
    if (options.shown === undefined || options.guest === 'tour' || options.guest === 'fork') this.driver.start();
  }

  /** Undefined: the cluster is simulated. */
  get real(): Real | undefined {
    return this.options.real;
  }

  info(): ClusterInfo {
    const { options } = this.cluster;
    return {
      // A cluster that was a fork of another one has the name under which it was kept.
      name: this.real?.cluster.target.context ?? this.options.cluster.name ?? 'default',
      version: this.real?.cluster.target.version ?? VERSION,
      preset: options.preset,
      restored: this.persistent?.restored ?? false,
      clock: this.clock(),
    };
  }

  clock(): ClockState {
    const { real } = this;
    if (real !== undefined) {
      const { target } = real.cluster;
      const { current: problems } = this.problems;
      return { now: real.cluster.now(), start: 0, paused: false, speed: 1, running: false, stable: false, problems, real: target };
    }
    const { revision } = this.shown;
    const { guest } = this.options;
    const forks = this.forks.names();
    const clock = {
      ...clockOf(this.cluster, this.driver.running),
      problems: this.problems.current,
      ...(guest === undefined ? {} : { guest }),
      // Its time goes on by its steps alone.
      ...(guest === 'scenario' ? { paused: true } : {}),
      ...(forks.length === 0 ? {} : { forks }),
    };
    if (revision === undefined) return clock;
    const inside = this.still?.revision === revision ? this.still.cluster !== undefined : this.past.isNear(revision);
    return { ...clock, past: { revision, at: this.past.timeOf(revision), inside } };
  }

  /** What all views show: the cluster, or its past. To be read only. */
  get looked(): Looked {
    // The picture of a real cluster has the time of the wall, which nothing drives.
    this.real?.cluster.now();
    return this.shown.cluster ?? this.cluster;
  }

  /** The REST API of what is shown, for reads. */
  get reads(): Rest {
    const past = this.shown.cluster;
    return past === undefined ? this.rest : createInProcessRest({ api: past.api, before: () => undefined, after: () => undefined });
  }

  /** What faults did, by the moment that is shown. */
  get impacts(): readonly ImpactModel[] {
    const { shown, faultReports } = this;
    return shown.revision === undefined ? faultReports.now() : faultReports.at(shown.revision);
  }

  /** The cluster whose containers can be looked into: the present one, or that of the shown revision. Undefined: what ran then is lost. */
  get inside(): Cluster | undefined {
    const { revision } = this.shown;
    if (revision === undefined) {
      this.still = undefined;
      return this.cluster;
    }
    if (this.still?.revision !== revision) {
      this.still = { revision, cluster: this.past.still(revision) };
      if (this.still.cluster === undefined) this.noteClock();
    }
    return this.still.cluster;
  }

  /** Lists show the cluster as it was at a revision from now on. @param revision undefined: as it is */
  show(revision: number | undefined): void {
    if (revision === this.shown.revision) return;
    this.shown.show(revision);
    this.told = this.clock();
    this.options.onClock(this.told);
    this.options.onAdvance();
  }

  /** Puts writes from outside on the disk and lets the cluster go on with them. */
  written(): void {
    this.persistent?.flush();
    this.driver.wake();
    this.noteClock();
  }

  /** Everything that was acknowledged is on the disk when this returns. */
  flush(): void {
    this.persistent?.tick();
  }

  dispose(): void {
    clearTimeout(this.clockTimer);
    clearTimeout(this.frame);
    this.driver.dispose();
    this.resources.dispose();
    this.persistent?.dispose();
    this.closing.fire();
  }

  private scheduleFrame(): void {
    this.frame = setTimeout(() => {
      this.pace.begin(performance.now());
      this.views.flush();
    }, this.pace.wait(performance.now()));
  }

  private send(view: ViewId, diff: ViewDiff): void {
    this.pace.sent(JSON.stringify(diff).length, performance.now());
    this.options.onView(view, diff);
  }

  private noteClock(): void {
    this.clockTimer ??= setTimeout(() => {
      this.clockTimer = undefined;
      if (this.isHidden) return;
      this.options.onAdvance();
      const clock = this.clock();
      if (this.told !== undefined && isSame(this.told, clock)) return;
      this.told = clock;
      this.options.onClock(clock);
    }, CLOCK_MS);
  }
}

/** To the second: more is not shown. */
function isSame(a: ClockState, b: ClockState): boolean {
  const second = (clock: ClockState): number => Math.floor(clock.now / 1000);
  return (
    second(a) === second(b) &&
    a.paused === b.paused &&
    a.speed === b.speed &&
    a.running === b.running &&
    a.stable === b.stable &&
    a.problems?.pods === b.problems?.pods &&
    a.problems?.nodes === b.problems?.nodes &&
    a.past?.revision === b.past?.revision &&
    a.past?.inside === b.past?.inside &&
    jsonEqual((a.forks ?? []) as unknown as Json, (b.forks ?? []) as unknown as Json)
  );
}

function openPersistent(file: string, options: SessionOptions): PersistentCluster {
  return new PersistentCluster({
    cluster: options.cluster,
    hooks: hooksOf(options),
    first: firstOf(options),
    journal: new SqliteJournal(file),
    program: PROGRAM,
    warn: (message) => options.log('warning', message),
  });
}

function firstOf({ cluster, first }: SessionOptions): (hooks: ClusterHooks) => Cluster {
  return first ?? ((hooks) => Cluster.create(cluster, hooks));
}

function hooksOf({ log }: SessionOptions): ClusterHooks {
  return {
    onBug: (component, subject, error) =>
      log('error', `${component} failed at ${subject}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  };
}
