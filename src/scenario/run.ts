/**
 * One run of a scenario, step by step, in virtual time: what `kubepad test` and the Test Explorer do.
 * Invariant: the same text, files and program give the same outcome; an act that fails ends the story, an expectation that does
 * not hold is noted and the story goes on. Counterpart: none in Kubernetes.
 */
import { formatDuration, parseDuration } from '../api/kubepad/duration.ts';
import { readClusterConfig } from '../api/kubepad/clusterconfig/read.ts';
import { Path } from '../apimachinery/field/path.ts';
import { compileGoRegexp } from '../apimachinery/regex/goRegexp.ts';
import type { UnknownObject } from '../apimachinery/meta/resource.ts';
import type { Pod } from '../api/schema/types/core/v1.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { RunResult } from '../sim/simulation.ts';
import { applyAll, carryOut, type ActContext, type Refusal } from './acts.ts';
import type { ClusterBases } from './bases.ts';
import { DRAIN_INTERVAL_MS, evictAll } from './drain.ts';
import { failuresOf, follow, type Failure, type World } from './expectation.ts';
import { Impacts } from './impact.ts';
import { Never } from './never.ts';
import type { PlacedFailure, ScenarioOutcome, StepOutcome } from './outcome.ts';
import { objectsIn, type ScenarioSource, type StepSource } from './source.ts';
import type { Expectation } from './types.ts';

/** The files that a scenario names. */
export interface ScenarioFiles {
  /** The texts of a file, or of the manifests of a folder. */
  read(path: string): readonly string[] | { readonly error: string };
}

export interface RunEnvironment {
  readonly files: ScenarioFiles;
  readonly bases: ClusterBases;
  /** Whether others wait for the thread, and how they get it. */
  readonly isOver?: () => boolean;
  readonly pause?: () => Promise<void>;
  readonly isCancelled?: () => boolean;
}

const DEFAULT_WITHIN_MS = 5 * 60_000;
/** How long no Pod changes in a cluster that has settled. */
const QUIET_MS = 20_000;
/** How long the cluster may take to settle after what is given. */
const GIVEN_LIMIT_MS = 5 * 60_000;

export async function runScenario(source: ScenarioSource, environment: RunEnvironment): Promise<ScenarioOutcome> {
  const run = new ScenarioRun(source, environment);
  await run.begin();
  while (run.next !== undefined) await run.step();
  return run.end();
}

export class ScenarioRun {
  readonly source: ScenarioSource;
  private readonly environment: RunEnvironment;
  private readonly failures: PlacedFailure[] = [];
  private readonly outcomes: StepOutcome[] = [];
  private readonly took = new Map<string, number>();
  private impacts: Impacts | undefined;
  private running: Cluster | undefined;
  private beganAt = 0;
  private isEnded = false;

  constructor(source: ScenarioSource, environment: RunEnvironment) {
    this.source = source;
    this.environment = environment;
    for (const { range, path, message } of source.problems) this.failures.push({ range, path, message, seen: '', atMs: 0 });
    this.isEnded = source.problems.length > 0;
  }

  /** The cluster as it is now; undefined before `begin`. */
  get cluster(): Cluster | undefined {
    return this.running;
  }

  /** The step that `step` would do; undefined: the story is over. */
  get next(): StepSource | undefined {
    return this.isEnded ? undefined : this.source.steps[this.outcomes.length];
  }

  /** What did not hold until now, and how long the story has taken. */
  get soFar(): { readonly failures: readonly PlacedFailure[]; readonly atMs: number } {
    return { failures: this.failures, atMs: this.now() - this.beganAt };
  }

  /** Whether something holds now, without noting it where it does not. */
  holds(expectation: Expectation): boolean {
    return this.running !== undefined && failuresOf(this.world(this.running), [expectation], EXPECT).length === 0;
  }

  /** Makes the cluster and what is given. */
  async begin(): Promise<void> {
    if (this.isEnded) return;
    const { scenario } = this.source;
    const cluster = this.makeCluster();
    if (cluster === undefined) return;
    this.running = cluster;
    this.beganAt = cluster.simulation.now();
    const { given } = scenario;
    if (given !== undefined) {
      const objects = this.objectsOf(given.apply, GIVEN.child('apply'));
      if (objects === undefined) return;
      const refusals = await applyAll(this.context(objects), [...objects, ...(given.objects ?? [])]);
      if (refusals.length > 0) return this.stop({ path: GIVEN, ...wordsOf(refusals) });
      await this.settle(cluster, GIVEN_LIMIT_MS);
    }
    this.beganAt = cluster.simulation.now();
    const impacts = new Impacts(cluster.api.store, this.beganAt);
    const never = new Never(this.world(cluster), scenario.never ?? [], (failure) => this.note(failure));
    cluster.api.store.onRevision((revision) => {
      impacts.see(revision);
      never.see(revision);
    });
    this.impacts = impacts;
  }

  /** Does the next step. */
  async step(): Promise<void> {
    const [next, cluster] = [this.next, this.running];
    if (next === undefined || cluster === undefined) return;
    const index = this.outcomes.length;
    const before = this.failures.length;
    const at = cluster.simulation.now();
    await this.perform(next, STEPS.index(index), cluster);
    const tookMs = cluster.simulation.now() - at;
    if (next.step.name !== undefined) this.took.set(next.step.name, tookMs);
    const state = this.failures.length > before ? 'failed' : 'passed';
    this.outcomes.push({ label: next.label, range: next.range, state, atMs: at - this.beganAt, tookMs });
  }

  /** What holds at the end, and what became of all. */
  end(): ScenarioOutcome {
    const { source, running } = this;
    if (!this.isEnded && running !== undefined)
      for (const failure of failuresOf(this.world(running), source.scenario.expect ?? [], EXPECT)) this.note(failure);
    this.isEnded = true;
    const skipped = source.steps
      .slice(this.outcomes.length)
      .map(({ label, range }): StepOutcome => ({ label, range, state: 'skipped', atMs: 0, tookMs: 0 }));
    const { name, title, range } = source;
    return {
      name,
      title,
      range,
      passed: this.failures.length === 0,
      failures: this.failures,
      steps: [...this.outcomes, ...skipped],
      impacts: this.impacts?.report() ?? [],
      tookMs: this.now() - this.beganAt,
      revision: running?.api.store.revision ?? 0,
    };
  }

  private async perform({ step, act }: StepSource, at: Path, cluster: Cluster): Promise<void> {
    const objects = this.objectsOf(step.apply, at.child('apply'));
    if (objects === undefined) return;
    const refusals = await carryOut(this.context(objects, step.namespace), act, step);
    const problem = refusalProblem(refusals, step.refused);
    if (problem !== undefined) return this.stop({ path: problem.isAct ? at.child(act) : at.child('refused'), ...problem });
    const within = parseDuration(step.within ?? '') ?? DEFAULT_WITHIN_MS;
    if (step.wait !== undefined) await this.wait(step.wait, within, at.child('wait'));
    if (step.until !== undefined) await this.until(step.until, within, at.child('until'));
    if (step.drain !== undefined) await this.drain(step.drain, within, at.child('drain'));
    if (step.expect !== undefined)
      for (const failure of failuresOf(this.world(cluster, step.namespace), step.expect, at.child('expect'))) this.note(failure);
  }

  private async wait(goal: string, within: number, at: Path): Promise<void> {
    const ms = parseDuration(goal);
    if (ms !== undefined) return this.advance(this.now() + ms);
    const cluster = this.running;
    const isReached =
      cluster !== undefined && (goal === 'stable' ? await this.runUntil('stable', within) : await this.settle(cluster, within));
    if (!isReached && !this.isEnded)
      this.stop({ path: at, message: `the cluster should be ${goal} within ${formatDuration(within)}`, seen: 'busy to the end' });
  }

  /** Looks again after each event that wrote something which the answer may depend on. */
  private async until(expectations: readonly Expectation[], within: number, at: Path): Promise<void> {
    const cluster = this.running;
    if (cluster === undefined) return;
    const all = expectations.map((each, index) => follow(this.world(cluster), each, at.index(index)));
    let isStale = true;
    let isMet = false;
    const subscription = cluster.api.store.onRevision((revision) => {
      for (const each of all) if (each.see(revision)) isStale = true;
    });
    const look = (): boolean => {
      if (isStale) isMet = all.every((each) => each.failures().length === 0);
      isStale = false;
      return isMet;
    };
    const start = this.now();
    if (!look()) await this.advance(start + within, look);
    subscription.dispose();
    // The last event may have brought it about.
    isStale = true;
    if (look() || this.isEnded) return;
    const unmet = all.flatMap((each) => each.failures());
    this.isEnded = true;
    for (const failure of unmet) this.note({ ...failure, message: `within ${formatDuration(within)} ${failure.message}` });
  }

  private async drain(node: string, within: number, at: Path): Promise<void> {
    const cluster = this.running;
    if (cluster === undefined) return;
    const end = this.now() + within;
    for (;;) {
      const { left, refusal } = evictAll(cluster, node);
      if (left.length === 0) return;
      if (this.now() >= end || this.isEnded) {
        const seen = `${left.length} Pods left: ${left.join(', ')}${refusal === '' ? '' : ` (${refusal})`}`;
        return this.stop({ path: at, message: `${node} should be drained within ${formatDuration(within)}`, seen });
      }
      await this.advance(Math.min(end, this.now() + DRAIN_INTERVAL_MS));
    }
  }

  /** @param isReached asked between events; true ends it. @returns whether time came to the end, or it was reached */
  private async advance(until: number, isReached?: () => boolean): Promise<void> {
    await this.inSlices((expired) => this.running?.simulation.advance(until, { expired }), isReached);
  }

  private async runUntil(goal: 'settled' | 'stable', limitMs: number): Promise<boolean> {
    const end = this.now() + limitMs;
    const result = await this.inSlices((expired) => this.running?.simulation.runUntil(goal, end - this.now(), { expired }));
    return result?.reason === 'Done';
  }

  /** What only probes see, such as a server that is slow to be ready, is nothing in the foreground: so Pods are looked at, too. */
  private async settle({ api }: Cluster, limitMs: number): Promise<boolean> {
    const end = this.now() + limitMs;
    let isQuiet = false;
    const subscription = api.store.onRevision(({ resource }) => {
      if (resource === 'pods') isQuiet = false;
    });
    while (this.now() < end && !this.isEnded) {
      await this.runUntil('settled', end - this.now());
      isQuiet = true;
      await this.advance(Math.min(end, this.now() + QUIET_MS), () => !isQuiet);
      if (isQuiet && !(api.store.list('pods') as readonly Pod[]).some(isOnItsWay)) break;
    }
    subscription.dispose();
    return isQuiet && this.now() < end;
  }

  /** Lets others have the thread now and then, and hears that nobody wants to know any more. */
  private async inSlices(
    run: (expired: () => boolean) => RunResult | undefined,
    isReached: () => boolean = () => false,
  ): Promise<RunResult | undefined> {
    const { isOver = () => false, pause, isCancelled = () => false } = this.environment;
    let reached = false;
    for (;;) {
      const result = run(() => (reached ||= isReached()) || isOver());
      if (result?.reason === 'Runaway') this.stop({ path: STEPS, message: 'the simulation should go on', seen: 'a loop without an end' });
      if (reached || result?.reason !== 'BudgetReached') return result;
      await pause?.();
      if (!isCancelled()) continue;
      this.stop({ path: STEPS.index(this.outcomes.length), message: 'was cancelled', seen: '' });
      return undefined;
    }
  }

  private makeCluster(): Cluster | undefined {
    const { cluster: wanted = {} } = this.source.scenario;
    if (wanted.config === undefined) return this.environment.bases.cluster(wanted, undefined);
    const texts = this.environment.files.read(wanted.config);
    const plan = 'error' in texts ? texts : readClusterConfig(texts.join('\n---\n'));
    if (!('error' in plan)) return this.environment.bases.cluster(wanted, plan);
    this.stop({ path: Path.of('cluster', 'config'), message: `${wanted.config}: ${plan.error}`, seen: '' });
    return undefined;
  }

  /** Undefined: a file cannot be read, which is noted. */
  private objectsOf(paths: readonly string[] | undefined, at: Path): readonly UnknownObject[] | undefined {
    const objects: UnknownObject[] = [];
    for (const [index, path] of (paths ?? []).entries()) {
      const texts = this.environment.files.read(path);
      const found = 'error' in texts ? [texts] : texts.map(objectsIn);
      for (const each of found) {
        if ('error' in each) {
          this.stop({ path: at.index(index), message: `${path}: ${each.error}`, seen: '' });
          return undefined;
        }
        objects.push(...each);
      }
    }
    return objects;
  }

  private context(objects: readonly UnknownObject[], namespace?: string): ActContext {
    if (this.running === undefined) throw new Error('the scenario has not begun');
    return { cluster: this.running, namespace: namespace ?? this.namespace, objects };
  }

  private world(cluster: Cluster, namespace?: string): World {
    return { cluster, namespace: namespace ?? this.namespace, took: (name) => this.took.get(name) };
  }

  private get namespace(): string {
    return this.source.scenario.namespace ?? 'default';
  }

  private now(): number {
    return this.running?.simulation.now() ?? 0;
  }

  private note({ path, message, seen }: Failure): void {
    this.failures.push({ range: this.source.rangeOf(path), path: path.toString(), message, seen, atMs: this.now() - this.beganAt });
  }

  private stop(failure: Failure): void {
    this.note(failure);
    this.isEnded = true;
  }
}

const GIVEN = Path.of('given');
const STEPS = Path.of('steps');
const EXPECT = Path.of('expect');

/** It goes, or it has a node and is neither ready nor at its end nor held up by something. */
function isOnItsWay({ metadata, spec, status }: Pod): boolean {
  if (metadata.deletionTimestamp !== undefined) return true;
  const { phase, conditions = [], initContainerStatuses = [], containerStatuses = [] } = status ?? {};
  if (spec?.nodeName === undefined || phase === 'Succeeded' || phase === 'Failed') return false;
  if (conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True')) return false;
  return [...initContainerStatuses, ...containerStatuses].every(({ state }) =>
    ['', 'ContainerCreating', 'PodInitializing'].includes(state?.waiting?.reason ?? ''),
  );
}

/** What is wrong with how the API server took an act. */
function refusalProblem(
  refusals: readonly Refusal[],
  wanted: { readonly reason?: string; readonly message?: string } | undefined,
): (Omit<Failure, 'path'> & { readonly isAct: boolean }) | undefined {
  if (wanted === undefined) return refusals.length === 0 ? undefined : { isAct: true, ...wordsOf(refusals) };
  if (refusals.length === 0) return { isAct: false, message: 'the API server should refuse it', seen: 'done' };
  const { reason, message } = wanted;
  const compiled = message === undefined ? undefined : compileGoRegexp(message);
  const isFit = refusals.some(
    (each) =>
      (reason === undefined || reason === each.reason) &&
      (compiled === undefined || ('regexp' in compiled && compiled.regexp.test(each.message))),
  );
  if (isFit) return undefined;
  const parts = [reason === undefined ? '' : `for the reason ${reason}`, message === undefined ? '' : `in words that match ${message}`];
  const seen = refusals.map((each) => `${each.reason}: ${each.message}`).join('; ');
  return { isAct: false, message: `should be refused ${parts.filter((part) => part !== '').join(' and ')}`, seen };
}

function wordsOf(refusals: readonly Refusal[]): Omit<Failure, 'path'> {
  return { message: refusals.map(({ subject, reason, message }) => `${subject} is refused (${reason}): ${message}`).join('; '), seen: '' };
}
