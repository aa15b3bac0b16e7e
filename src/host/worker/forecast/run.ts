/**
 * One look ahead: a fork of the cluster gets the files and runs, in virtual time, until nothing goes on any more.
 * Invariant: the cluster itself is never written; the same cluster and files give the same forecast, as the budget counts events and not
 * milliseconds. Between slices others get their turn. Counterpart: none in Kubernetes.
 */
import type { CancellationToken } from 'vscode-jsonrpc';
import type { Deployment } from '../../../api/schema/types/apps/v1.ts';
import type { CronJob, Job } from '../../../api/schema/types/batch/v1.ts';
import { CRONJOBS, DEPLOYMENTS, JOBS } from '../../../api/schema/resources.ts';
import { groupResource, objectKey, type KubeObject } from '../../../apimachinery/meta/resource.ts';
import { draft, type Draft } from '../../../base/json.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import type { Judge } from '../../../manifest/judge.ts';
import { RUN_LIMIT_MS, type Budget } from '../../../sim/simulation.ts';
import type { ForecastEnd, ForecastParams } from '../../protocol/forecast.ts';
import type { ManifestFile, ManifestReport, ManifestResult } from '../../protocol/protocol.ts';
import { createInProcessRest } from '../inProcessRest.ts';
import { applyFiles } from '../manifests.ts';
import { familyOf } from './family.ts';
import { Recorder } from './recorder.ts';
import { Timeline } from './timeline.ts';

export interface RunContext {
  readonly cluster: Cluster;
  readonly judge: Judge;
  readonly token: CancellationToken;
  /** Events that a look ahead may take. */
  readonly budget: number;
  /** True ends a slice; asked between events. */
  readonly expired: () => boolean;
  /** Begins the next slice, after others had their turn. */
  readonly turn: () => Promise<void>;
}

/** What a look ahead came to: the fork as it is in the end, and how it got there. */
export interface Run {
  /** As it was and is: nothing of the look ahead is in it. */
  readonly cluster: Cluster;
  readonly fork: Cluster;
  readonly report: ManifestReport;
  readonly recorder: Recorder;
  readonly timeline: Timeline;
  /** When each object was written last, by resource and key; virtual milliseconds. */
  readonly lastWrites: ReadonlyMap<string, number>;
  readonly startAt: number;
  readonly endAt: number;
  readonly end: ForecastEnd;
  /** One run of each CronJob, by resource and key of that. */
  readonly trials: ReadonlyMap<string, KubeObject>;
  /** Deployments, by resource and key, that would go through if their old Pods went first. */
  readonly deadlocked: ReadonlySet<string>;
}

/** So long controllers have for what is applied before: a new namespace gets its ServiceAccount, a claim its volume. */
const BEFORE_MS = 2_000;

/**
 * Undefined: cancelled.
 * @param before what somebody has applied a moment earlier; the report tells of it, too
 */
export async function lookAhead(
  context: RunContext,
  { files, namespace }: ForecastParams,
  before: readonly ManifestFile[] = [],
): Promise<Run | undefined> {
  const { cluster, judge, token } = context;
  const fork = cluster.fork();
  await context.turn();
  const timeline = new Timeline();
  const lastWrites = new Map<string, number>();
  const recorder = new Recorder(fork.api.store, (revision) => {
    timeline.add(revision);
    lastWrites.set(`${revision.resource} ${revision.key}`, revision.at);
  });
  try {
    const rest = createInProcessRest({ api: fork.api, before: () => undefined, after: () => undefined });
    const apply = (own: readonly ManifestFile[]): Promise<ManifestReport> =>
      recorder.during(() =>
        applyFiles({ rest, judge, token, onProgress: () => undefined }, { files: own, namespace, dryRun: false, progress: undefined }),
      );
    const earlier = before.length === 0 ? undefined : await apply(before);
    if (earlier !== undefined && (await runOn(context, fork, context.budget, BEFORE_MS)) === undefined) return undefined;
    const startAt = fork.simulation.now();
    const own = await apply(files);
    if (own.cancelled) return undefined;
    const report: ManifestReport = { ...own, results: [...(earlier?.results ?? []), ...own.results] };
    const begun = await recorder.during(() => Promise.resolve(beginTrials(fork, report.results)));
    const end = await runOn(context, fork, context.budget, RUN_LIMIT_MS);
    if (end === undefined) return undefined;
    const endAt = fork.simulation.now();
    const deadlocked = await findDeadlocks(context, fork, report.results);
    if (deadlocked === undefined) return undefined;
    const trials = new Map<string, KubeObject>();
    for (const [id, key] of begun) {
      const job = fork.api.store.get(JOB, key);
      if (job !== undefined) trials.set(id, job);
    }
    return { cluster, fork, report, recorder, timeline, lastWrites, startAt, endAt, end, trials, deadlocked };
  } finally {
    recorder.dispose();
  }
}

/** Undefined: cancelled. */
async function runOn(
  { token, expired, turn }: RunContext,
  fork: Cluster,
  budget: number,
  limitMs: number,
): Promise<ForecastEnd | undefined> {
  const { simulation } = fork;
  const limit = simulation.now() + limitMs;
  let left = budget;
  for (;;) {
    if (token.isCancellationRequested) return undefined;
    const slice: Budget = { events: left, expired };
    const { reason, events } = simulation.runUntil('stable', Math.max(0, limit - simulation.now()), slice);
    left -= events;
    if (reason === 'Done') return 'stable';
    if (reason === 'LimitReached') return 'limit';
    if (reason === 'Runaway' || left <= 0) return 'budget';
    await turn();
  }
}

/** So long the Pods of a rollout have to come, once the old ones are gone. */
const DEADLOCK_LIMIT_MS = 600_000;

/**
 * The Deployments whose new Pods wait for what their old Pods hold: those get it in another fork, in which the old ones go first.
 * Undefined: cancelled.
 */
async function findDeadlocks(
  context: RunContext,
  fork: Cluster,
  results: readonly ManifestResult[],
): Promise<ReadonlySet<string> | undefined> {
  const deadlocked = new Set<string>();
  for (const { ref } of results) {
    if (ref?.apiVersion !== 'apps/v1' || ref.kind !== 'Deployment' || !isStuck(fork, ref.namespace, ref.name)) continue;
    await context.turn();
    const twin = fork.fork();
    twin.admin().modify(DEPLOYMENTS, ref.namespace, ref.name, (deployment) => {
      if (deployment.spec !== undefined) deployment.spec.strategy = { type: 'Recreate' };
    });
    if ((await runOn(context, twin, context.budget / 4, DEADLOCK_LIMIT_MS)) === undefined) return undefined;
    const key = objectKey(ref.namespace, ref.name);
    if (isThrough(twin.api.store.get(DEPLOYMENT, key))) deadlocked.add(`${DEPLOYMENT} ${key}`);
  }
  return deadlocked;
}

const DEPLOYMENT = groupResource(DEPLOYMENTS);
const JOB = groupResource(JOBS);

/**
 * The next run of a CronJob may be far away; what a run comes to is seen by one that begins now, as `kubectl create job --from` makes it.
 * Returns the key of the Job for each CronJob, by resource and key.
 */
function beginTrials(fork: Cluster, results: readonly ManifestResult[]): ReadonlyMap<string, string> {
  const begun = new Map<string, string>();
  for (const { ref, action } of results) {
    if (ref?.apiVersion !== 'batch/v1' || ref.kind !== 'CronJob' || action === 'rejected') continue;
    const key = objectKey(ref.namespace, ref.name);
    const cronJob = fork.api.store.get(groupResource(CRONJOBS), key) as CronJob | undefined;
    if (cronJob?.spec === undefined) continue;
    const { metadata, spec } = draft(cronJob.spec.jobTemplate);
    if (spec === undefined) continue;
    const name = `${ref.name.slice(0, 40)}-forecast`;
    const job: Draft<Job> = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { ...metadata, name, namespace: ref.namespace },
      spec,
    };
    try {
      fork.admin().create(JOBS, job);
      begun.set(`${groupResource(CRONJOBS)} ${key}`, objectKey(ref.namespace, name));
    } catch {
      // A quota or a policy refuses it now; it may let the real run pass, so that nothing can be said.
    }
  }
  return begun;
}

function isStuck(fork: Cluster, namespace: string, name: string): boolean {
  const deployment = fork.api.store.get(DEPLOYMENT, objectKey(namespace, name));
  if (deployment === undefined || isThrough(deployment) || (deployment as Deployment).spec?.paused === true) return false;
  return (familyOf(fork.api.store, 'Deployment', deployment)?.former.length ?? 0) > 0;
}

function isThrough(object: KubeObject | undefined): boolean {
  const { spec, status } = (object ?? { metadata: {} }) as Deployment;
  const wanted = spec?.replicas ?? 1;
  return (
    (status?.updatedReplicas ?? 0) >= wanted && (status?.availableReplicas ?? 0) >= wanted && status?.replicas === status?.updatedReplicas
  );
}
