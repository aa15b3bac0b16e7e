/**
 * The worker thread that holds the cluster, seen from the extension: started on first need, started again after a crash.
 * Invariant: at most one worker; `request` starts it, `notify` and `dispose` never do. Counterpart: none in Kubernetes.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import type { MessageConnection, NotificationType, RequestParam, RequestType } from 'vscode-jsonrpc/node';
import {
  type ClusterInfo,
  type LogsAppended,
  type ManifestProgress,
  type ObjectChanged,
  requests,
  tellExtension,
  type WorkerOptions,
} from '../../host/protocol/protocol.ts';
import { marked, meantOf, type Meant } from '../../host/protocol/changes.ts';
import { tellOfAdmission } from '../../host/protocol/admission.ts';
import { tellOfFaults, type FaultSummary } from '../../host/protocol/fault.ts';
import { tellOfForecasts } from '../../host/protocol/forecast.ts';
import { tellOfImages, type BuildProgress } from '../../host/protocol/image.ts';
import { tellOfPanels } from '../../host/protocol/panel.ts';
import type { PanelChange, PanelId } from '../../host/panels/model.ts';
import { tellOfRemote, type RemoteOutput } from '../../host/protocol/remote.ts';
import type { ClockState, RealTarget, ViewDiff, ViewId } from '../../host/protocol/view.ts';
import type { Output } from '../output.ts';
import { confirmed, questionOf, type Question } from '../targets/confirmation.ts';

export type HostState =
  | { readonly state: 'stopped' }
  | { readonly state: 'starting' }
  | { readonly state: 'running'; readonly info: ClusterInfo }
  | { readonly state: 'failed'; readonly message: string };

export interface WorkerHostOptions {
  readonly workerFile: string;
  /** Asked at every start, so that changed settings count from then on. */
  readonly options: () => WorkerOptions;
  readonly output: Output;
}

/** A worker that crashes more often than this within `crashWindowMs` stays down until a person starts it. */
const crashLimit = 3;
const crashWindowMs = 5 * 60_000;
const flushLimitMs = 3_000;

interface Running {
  readonly worker: Worker;
  /** Waits for the library alone; who is told in some order is told in that order. */
  readonly connection: Promise<MessageConnection>;
}

export class WorkerHost {
  private readonly options: WorkerHostOptions;
  private readonly stateEmitter = new vscode.EventEmitter<HostState>();
  private readonly startEmitter = new vscode.EventEmitter<void>();
  private readonly clockEmitter = new vscode.EventEmitter<ClockState>();
  private readonly diffEmitter = new vscode.EventEmitter<{ readonly view: ViewId; readonly diff: ViewDiff }>();
  private readonly objectEmitter = new vscode.EventEmitter<ObjectChanged>();
  private readonly logsEmitter = new vscode.EventEmitter<LogsAppended>();
  private readonly lensesEmitter = new vscode.EventEmitter<void>();
  private readonly hintsEmitter = new vscode.EventEmitter<readonly string[]>();
  private readonly forecastEmitter = new vscode.EventEmitter<readonly string[]>();
  private readonly admissionEmitter = new vscode.EventEmitter<readonly string[]>();
  private readonly progressEmitter = new vscode.EventEmitter<ManifestProgress>();
  private readonly remoteEmitter = new vscode.EventEmitter<RemoteOutput>();
  private readonly buildEmitter = new vscode.EventEmitter<BuildProgress>();
  private readonly panelEmitter = new vscode.EventEmitter<{ readonly panel: PanelId; readonly change: PanelChange }>();
  private readonly faultEmitter = new vscode.EventEmitter<FaultSummary>();
  private running: Running | undefined;
  private currentState: HostState = { state: 'stopped' };
  private currentClock: ClockState | undefined;
  private crashes: number[] = [];
  /** It has ended too often, or could not begin: only a person starts it again. */
  private isGivenUp = false;

  readonly onDidChangeState = this.stateEmitter.event;
  /** A fresh worker is there that knows nothing: no documents, no views, no observed objects. */
  readonly onDidStart = this.startEmitter.event;
  readonly onDidChangeClock = this.clockEmitter.event;
  readonly onViewDiff = this.diffEmitter.event;
  readonly onObjectChanged = this.objectEmitter.event;
  readonly onLogsAppended = this.logsEmitter.event;
  /** What stands above some open document would be another text now. */
  readonly onLensesChanged = this.lensesEmitter.event;
  /** Open documents of which something else is to be said. */
  readonly onDidChangeHints = this.hintsEmitter.event;
  /** Of these documents another forecast may be made. */
  readonly onDidChangeForecasts = this.forecastEmitter.event;
  /** What the cluster would answer to these documents may be something else now. */
  readonly onDidChangeAdmission = this.admissionEmitter.event;
  readonly onManifestProgress = this.progressEmitter.event;
  readonly onRemoteOutput = this.remoteEmitter.event;
  readonly onBuildProgress = this.buildEmitter.event;
  readonly onPanelChanged = this.panelEmitter.event;
  /** A fault is over. */
  readonly onFaultOver = this.faultEmitter.event;

  constructor(options: WorkerHostOptions) {
    this.options = options;
  }

  get state(): HostState {
    return this.currentState;
  }

  get clock(): ClockState | undefined {
    return this.currentClock;
  }

  /** The real cluster that is shown; undefined: the simulated one is. */
  get real(): RealTarget | undefined {
    return this.currentClock?.real;
  }

  /** Messages sent before the thread listens wait in its port, so nobody has to wait for the start. */
  start(): void {
    if (!this.isGivenUp) void this.connection();
  }

  /**
   * Starts the worker if need be. Rejects if the worker ends first or is given up, or with a cancellation: also that of a person who
   * does not want a real cluster changed.
   */
  async request<P, R>(type: RequestType<P, R, void>, params: NoInfer<RequestParam<P>>, token?: vscode.CancellationToken): Promise<R> {
    const { real } = this;
    const question = real === undefined ? undefined : questionOf(type, params);
    if (real !== undefined && question !== undefined && !(await confirmed(real, question))) throw new vscode.CancellationError();
    return this.requestAgreed(type, params, meantOf(real), token);
  }

  /** Whether the shown cluster may be changed, and which one that is: a real one is asked about, the simulated one never. Undefined: it may not. */
  async mayChange(question: Question): Promise<Meant | undefined> {
    const { real } = this;
    return real === undefined || (await confirmed(real, question)) ? meantOf(real) : undefined;
  }

  /** As `request`, for what a person has agreed to already: it is refused where another cluster is shown by now. */
  requestAgreed<P, R>(
    type: RequestType<P, R, void>,
    params: NoInfer<RequestParam<P>>,
    meant: Meant,
    token?: vscode.CancellationToken,
  ): Promise<R> {
    if (this.isGivenUp) return Promise.reject(new Error('The cluster does not run. Start it again in the Cluster view.'));
    return this.connection().then((connection) => connection.sendRequest(type, marked(type, params, meant), token));
  }

  /** @param config what the new cluster is made of; default: what the settings say */
  async clusterReset(config?: string): Promise<ClusterInfo> {
    const info = await this.request(requests.clusterReset, config === undefined ? {} : { config });
    this.adopt(info);
    return info;
  }

  /** Another cluster is shown from now on. */
  adopt(info: ClusterInfo): void {
    this.setClock(info.clock);
    this.setState({ state: 'running', info });
  }

  /** Dropped while no worker runs: listeners of `onDidStart` say it again. */
  notify<P>(type: NotificationType<P>, params: NoInfer<RequestParam<P>>): void {
    void this.running?.connection
      .then((connection) => connection.sendNotification(type, params))
      .catch((error: unknown) => this.options.output.log('error', textOf(error)));
  }

  async restart(): Promise<void> {
    await this.stop();
    this.crashes = [];
    this.isGivenUp = false;
    this.start();
  }

  /** Writes what is acknowledged to the disk, then ends the thread. */
  async stop(): Promise<void> {
    const running = this.running;
    if (running === undefined) return;
    const flushed = running.connection.then((connection) => connection.sendRequest(requests.clusterFlush)).catch(() => null);
    await Promise.race([flushed, new Promise((resolve) => setTimeout(resolve, flushLimitMs))]);
    this.forget(running);
    await running.worker.terminate();
    this.setState({ state: 'stopped' });
  }

  private connection(): Promise<MessageConnection> {
    this.running ??= this.launch();
    return this.running.connection;
  }

  private launch(): Running {
    const { workerFile } = this.options;
    const options = this.options.options();
    if (options.dataFile !== undefined) mkdirSync(dirname(options.dataFile), { recursive: true });
    const worker = new Worker(workerFile, { workerData: options, name: 'kubepad' });
    const running: Running = { worker, connection: this.connect(worker) };
    this.running = running;
    let failure = '';
    worker.on('error', (error: unknown) => (failure = error instanceof Error ? (error.stack ?? error.message) : String(error)));
    worker.on('exit', (code) => this.onExit(running, failure === '' ? `exit code ${code}` : failure));
    this.setState({ state: 'starting' });
    this.startEmitter.fire();
    void this.introduce(running);
    return running;
  }

  /** What a worker says before it is listened to is lost; it says nothing before its own modules have run, which takes far longer. */
  private async connect(worker: Worker): Promise<MessageConnection> {
    const { output } = this.options;
    const { createMessageConnection, PortMessageReader, PortMessageWriter } = await import('vscode-jsonrpc/node');
    const connection = createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker));
    connection.onNotification(tellExtension.viewDiff, (message) => this.diffEmitter.fire(message));
    connection.onNotification(tellExtension.clockChanged, (clock) => this.setClock(clock));
    connection.onNotification(tellExtension.objectChanged, (change) => this.objectEmitter.fire(change));
    connection.onNotification(tellExtension.logsAppended, (appended) => this.logsEmitter.fire(appended));
    connection.onNotification(tellExtension.lensesChanged, () => this.lensesEmitter.fire());
    connection.onNotification(tellExtension.hintsChanged, ({ uris }) => this.hintsEmitter.fire(uris));
    connection.onNotification(tellOfForecasts.changed, ({ uris }) => this.forecastEmitter.fire(uris));
    connection.onNotification(tellOfAdmission.changed, ({ uris }) => this.admissionEmitter.fire(uris));
    connection.onNotification(tellExtension.manifestProgress, (progress) => this.progressEmitter.fire(progress));
    connection.onNotification(tellOfImages.progress, (progress) => this.buildEmitter.fire(progress));
    connection.onNotification(tellOfPanels.changed, (change) => this.panelEmitter.fire(change));
    connection.onNotification(tellOfFaults.over, (fault) => this.faultEmitter.fire(fault));
    connection.onNotification(tellOfRemote.output, (output) => this.remoteEmitter.fire(output));
    connection.onNotification(tellExtension.log, ({ level, message }) => output.log(level, message));
    connection.listen();
    return connection;
  }

  private async introduce(running: Running): Promise<void> {
    const { output } = this.options;
    const begin = performance.now();
    try {
      const info = await (await running.connection).sendRequest(requests.clusterInfo);
      if (this.running !== running) return;
      output.log(
        'info',
        `${info.restored ? 'The stored cluster goes on' : 'A new cluster began'}: Kubernetes ${info.version}, ready after ${Math.round(performance.now() - begin)} ms.`,
      );
      this.setClock(info.clock);
      this.setState({ state: 'running', info });
    } catch (error) {
      if (this.running !== running) return;
      output.log('error', textOf(error));
      this.setState({ state: 'failed', message: firstLine(textOf(error)) });
    }
  }

  private onExit(running: Running, reason: string): void {
    if (this.running !== running) return;
    const wasRunning = this.currentState.state === 'running';
    this.forget(running);
    this.options.output.log('error', `The worker ended: ${reason}`);
    const now = Date.now();
    this.crashes = [...this.crashes.filter((at) => now - at < crashWindowMs), now];
    const again = wasRunning && this.crashes.length <= crashLimit;
    this.isGivenUp = !again;
    this.setState({ state: 'failed', message: firstLine(reason) });
    if (again) this.start();
    void this.tellCrash(again, firstLine(reason));
  }

  private async tellCrash(again: boolean, reason: string): Promise<void> {
    const showOutput = 'Show Output';
    const restart = 'Start Again';
    const choice = again
      ? await vscode.window.showWarningMessage(`Kubepad's cluster crashed (${reason}) and goes on from what it had stored.`, showOutput)
      : await vscode.window.showErrorMessage(`Kubepad's cluster could not be kept running: ${reason}`, restart, showOutput);
    if (choice === showOutput) this.options.output.show();
    if (choice === restart) await this.restart();
  }

  private forget(running: Running): void {
    if (this.running === running) this.running = undefined;
    // A connection to a real cluster ends with the worker that had it.
    if (this.real !== undefined) this.currentClock = undefined;
    void running.connection.then((connection) => connection.dispose());
  }

  private setState(state: HostState): void {
    this.currentState = state;
    this.stateEmitter.fire(state);
  }

  private setClock(clock: ClockState): void {
    this.currentClock = clock;
    this.clockEmitter.fire(clock);
  }
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
