/**
 * Runs scenarios for the editor: each on a cluster of its own, in slices between which requests have their turn.
 * Invariant: the outcome is that of `kubepad test`; a debugged run is the only one whose cluster is seen, and only until it ends.
 * Counterpart: none in Kubernetes.
 */
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import { pathToFileURL } from 'node:url';
import { formatDuration } from '../../api/kubepad/duration.ts';
import type { Node, Pod } from '../../api/schema/types/core/v1.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Judge } from '../../manifest/judge.ts';
import type { ClusterBases } from '../../scenario/bases.ts';
import type { ScenarioOutcome } from '../../scenario/outcome.ts';
import { recordScenario } from '../../scenario/record.ts';
import { reportOf, sentenceOf } from '../../scenario/report.ts';
import { ScenarioRun, runScenario, type RunEnvironment } from '../../scenario/run.ts';
import { readScenarios, type ScenarioSource } from '../../scenario/source.ts';
import { SLICE_MS } from '../driver.ts';
import { filePath } from '../rendering/kustomizations.ts';
import { scenarioFiles, type ReadFiles } from '../scenario/files.ts';
import { scenarioRequests, type ScenarioAnswer, type ScenarioParams, type ScenarioPause } from '../protocol/scenario.ts';
import type { Session } from './session.ts';

export interface ScenariosOptions {
  readonly judge: Judge;
  readonly bases: ClusterBases;
  /** The text of an open document. */
  readonly textOf: (uri: string) => string | undefined;
  /** The cluster that is shown. */
  readonly cluster: () => Cluster;
  /** Shows a cluster in all views; returns what was shown before. */
  readonly show: (shown: Cluster | Session) => Session;
  /** Ends whatever else is shown in place of the editor's cluster. */
  readonly endOthers: () => void;
}

interface Debugged {
  readonly run: ScenarioRun;
  readonly source: ScenarioSource;
  readonly files: ReadFiles;
  /** The editor's own cluster, which goes on meanwhile. */
  readonly former: Session | undefined;
}

export class Scenarios {
  private readonly options: ScenariosOptions;
  private debugged: Debugged | undefined;

  constructor(options: ScenariosOptions) {
    this.options = options;
  }

  handle(connection: MessageConnection): void {
    connection.onRequest(scenarioRequests.read, ({ text }) =>
      readScenarios(this.options.judge, text).map(({ name, title, range, steps }) => ({
        name,
        title,
        range,
        steps: steps.map(({ label, range: at }) => ({ label, range: at })),
      })),
    );
    connection.onRequest(scenarioRequests.run, (params, token) => this.run(params, token));
    connection.onRequest(scenarioRequests.debug, (params) => this.debug(params));
    connection.onRequest(scenarioRequests.step, () => this.step());
    connection.onRequest(scenarioRequests.record, () => recordScenario(this.options.cluster()) ?? null);
    connection.onRequest(scenarioRequests.end, () => this.end());
  }

  private async run(params: ScenarioParams, token: CancellationToken): Promise<ScenarioAnswer> {
    const source = this.sourceOf(params);
    const files = this.filesOf(params.uri);
    return answerOf(source, await runScenario(source, this.environment(files, token)), files);
  }

  private async debug(params: ScenarioParams): Promise<ScenarioPause> {
    this.end();
    const source = this.sourceOf(params);
    const files = this.filesOf(params.uri);
    const run = new ScenarioRun(source, this.environment(files, undefined));
    await run.begin();
    // Another one may have been begun meanwhile: the one that was asked for last is shown.
    this.end();
    this.options.endOthers();
    const former = run.cluster === undefined ? undefined : this.options.show(run.cluster);
    this.debugged = { run, source, files, former };
    return pauseOf(run);
  }

  private async step(): Promise<ScenarioPause> {
    const { debugged } = this;
    if (debugged === undefined) return { next: undefined, time: '', failures: [], state: [] };
    await debugged.run.step();
    return pauseOf(debugged.run);
  }

  /** Ends a debugged run, if there is one. */
  end(): ScenarioAnswer | null {
    const { debugged } = this;
    if (debugged === undefined) return null;
    this.debugged = undefined;
    const outcome = debugged.run.end();
    if (debugged.former !== undefined) this.options.show(debugged.former).dispose();
    return answerOf(debugged.source, outcome, debugged.files);
  }

  private sourceOf({ text, index }: ScenarioParams): ScenarioSource {
    const source = readScenarios(this.options.judge, text)[index];
    if (source === undefined) throw new Error(`the file has no scenario number ${index + 1} any more`);
    return source;
  }

  /** A file that is open counts as the editor has it. */
  private filesOf(uri: string): ReadFiles {
    const path = filePath(uri);
    if (path === undefined) return { paths: new Set(), read: () => ({ error: 'scenarios read files from the disk only' }) };
    return scenarioFiles(path, (file) => this.options.textOf(pathToFileURL(file).toString()));
  }

  private environment(files: ReadFiles, token: CancellationToken | undefined): RunEnvironment {
    let sliceBegan = performance.now();
    return {
      files,
      bases: this.options.bases,
      isOver: () => performance.now() - sliceBegan > SLICE_MS,
      pause: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        sliceBegan = performance.now();
      },
      isCancelled: () => token?.isCancellationRequested === true,
    };
  }
}

function answerOf(source: ScenarioSource, outcome: ScenarioOutcome, files: ReadFiles): ScenarioAnswer {
  return {
    passed: outcome.passed,
    broken: source.problems.length > 0,
    failures: outcome.failures.map((failure) => ({ range: failure.range, text: sentenceOf(failure) })),
    report: reportOf(outcome),
    files: [...files.paths],
  };
}

function pauseOf(run: ScenarioRun): ScenarioPause {
  const { next, cluster, soFar } = run;
  return {
    next: next === undefined ? undefined : { label: next.label, range: next.range, endLine: next.endLine },
    time: `+${formatDuration(soFar.atMs)}`,
    failures: soFar.failures.map((failure) => ({ range: failure.range, text: sentenceOf(failure) })),
    state: cluster === undefined ? [] : stateOf(cluster),
  };
}

/** What a person wants to know first of a cluster that stands still. */
function stateOf({ api, simulation }: Cluster): ScenarioPause['state'] {
  const pods = api.store.list('pods') as readonly Pod[];
  const nodes = api.store.list('nodes') as readonly Node[];
  const ready = (objects: readonly (Pod | Node)[]): number =>
    objects.filter(({ status }) => status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true)
      .length;
  return [
    { name: 'time', value: new Date(simulation.now()).toISOString() },
    { name: 'nodes', value: `${ready(nodes)} of ${nodes.length} ready` },
    { name: 'pods', value: `${ready(pods)} of ${pods.length} ready` },
    { name: 'faults', value: String(api.store.count('faults.kubepad.dev')) },
    { name: 'loads', value: String(api.store.count('loads.kubepad.dev')) },
    { name: 'revision', value: String(api.store.revision) },
  ];
}
