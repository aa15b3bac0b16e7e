/**
 * The cluster of the language server: made when a client wants one, and what it brings to open files: what it would answer to
 * them, what would become of them, what stands above their documents, and commands that act on it.
 * Invariant: it is the session's own and ends with it; nothing of it is read before a client asks for it.
 * Counterpart: none in Kubernetes; what the worker thread is to VS Code.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CancellationToken } from 'vscode-jsonrpc';
import type { Disposable } from '../../base/lifecycle.ts';
import { ADDONS } from '../../cluster/options.ts';
import type { Judge } from '../../manifest/judge.ts';
import type { ConnectInfo, DocumentLens, ManifestDifference, ManifestFile, ManifestReport } from '../protocol/protocol.ts';
import type { Forecast, ForecastSummary } from '../protocol/forecast.ts';
import type { AdmissionAnswer } from '../protocol/admission.ts';
import type { ObjectRef } from '../protocol/view.ts';
import type { SourceFinder } from '../panels/object/causes.ts';
import { placeOf, whyOf } from '../panels/object/source.ts';
import { Admissions } from '../worker/admission/admissions.ts';
import { Connector } from '../worker/connector.ts';
import type { Editor } from '../worker/editor.ts';
import { companionsOf } from '../worker/forecast/companions.ts';
import { besides, Forecaster } from '../worker/forecast/forecaster.ts';
import { Lenses } from '../worker/lenses.ts';
import { applyFiles, deleteFiles, diffFiles, type ManifestContext } from '../worker/manifests.ts';
import * as objects from '../worker/objects.ts';
import { Session } from '../worker/session.ts';
import { sourceFinder } from '../worker/sources.ts';
import type { LspClusterSettings } from './settings.ts';
import { whyText } from './whyText.ts';

export interface LspClusterOptions {
  readonly settings: LspClusterSettings;
  readonly editor: Editor;
  readonly judge: Judge;
  readonly log: (message: string) => void;
  /** What is to be asked about again: what stands above documents, what the cluster answers, what would become of them. */
  readonly lensesChanged: () => void;
  readonly answersChanged: (uris: readonly string[]) => void;
  readonly forecastsChanged: (uris: readonly string[]) => void;
}

export class LspCluster implements Disposable {
  readonly session: Session;
  private readonly judge: Judge;
  private readonly lenses: Lenses;
  private readonly forecaster: Forecaster;
  private readonly admissions: Admissions;
  private readonly connector: Connector;
  private readonly sourceOf: SourceFinder;
  private folder: string | undefined;

  constructor(options: LspClusterOptions) {
    const { editor, judge, settings } = options;
    this.judge = judge;
    this.session = openSession(settings, options.log);
    const { session } = this;
    this.sourceOf = sourceFinder(editor.references.index);
    this.lenses = new Lenses({
      documents: editor.documents,
      store: () => session.cluster.api.store,
      resourceOf: (apiVersion, kind) => session.cluster.api.catalog.strategyForKind(apiVersion, kind)?.resource,
      changed: options.lensesChanged,
    });
    this.forecaster = new Forecaster({
      session: () => session,
      judge,
      textOf: (uri) => editor.documents.readable(uri),
      companions: (uri, namespace) => companionsOf(uri, editor.references.world(namespace)),
      changed: options.forecastsChanged,
    });
    editor.references.alsoAsk(besides(this.forecaster));
    this.admissions = new Admissions({
      cluster: () => session.cluster,
      entriesOf: (uri) => editor.entriesToApply(uri),
      isWritten: (kind, name) => editor.references.isWritten(kind, name),
      isSaid: (uri, range) => editor.references.isMissingSaid(uri, range),
      changed: options.answersChanged,
    });
    this.connector = new Connector(
      () => session,
      () => editor.texts(),
    );
  }

  /** From now on it is told what changes. @param files what is in the cluster before anything else; what is refused is answered */
  async start(files: readonly ManifestFile[], namespace: string, token: CancellationToken): Promise<ManifestReport> {
    const { simulation } = this.session.cluster;
    simulation.runUntil('stable');
    const report = await this.apply(files, namespace, token);
    simulation.runUntil('stable');
    this.session.written();
    this.lenses.attach();
    this.forecaster.attach();
    this.admissions.attach();
    return report;
  }

  close(uri: string): void {
    this.lenses.close(uri);
    this.forecaster.close(uri);
    this.admissions.close(uri);
  }

  lensesOf(uri: string, namespace: string): readonly DocumentLens[] {
    return this.lenses.ask(uri, namespace);
  }

  /** Null: not open, cancelled, or outrun by a newer question. */
  answerTo(uri: string, namespace: string, warnings: boolean, token: CancellationToken): Promise<AdmissionAnswer | null> {
    return this.admissions.ask({ uri, namespace, warnings }, token);
  }

  forecastOf(uri: string, namespace: string, token: CancellationToken): Promise<ForecastSummary | null> {
    return this.forecaster.document(uri, namespace, token);
  }

  preview(files: readonly ManifestFile[], namespace: string, token: CancellationToken): Promise<Forecast | null> {
    return this.forecaster.preview({ files, namespace }, token);
  }

  apply(files: readonly ManifestFile[], namespace: string, token: CancellationToken): Promise<ManifestReport> {
    return applyFiles(this.context(token), { files, namespace, dryRun: false, progress: undefined });
  }

  diff(files: readonly ManifestFile[], namespace: string, token: CancellationToken): Promise<readonly ManifestDifference[]> {
    return diffFiles(this.context(token), { files, namespace, dryRun: true, progress: undefined });
  }

  delete(files: readonly ManifestFile[], namespace: string, token: CancellationToken): Promise<ManifestReport> {
    return deleteFiles(this.context(token), { files, namespace });
  }

  /** As `kubectl describe` prints it, or why it cannot. */
  async describe(ref: ObjectRef): Promise<string> {
    const { cluster, rest } = this.session;
    const answer = await objects.describe(rest, ref, cluster.simulation.now(), cluster);
    return answer.ok ? answer.value : (answer.status.message ?? '');
  }

  /** What led to the state that it is in. @param nameOf what a reader calls a file */
  why(ref: ObjectRef, nameOf: (uri: string) => string): string {
    const place = placeOf(this.session.cluster, ref);
    return place === undefined ? `There is no ${ref.kind}/${ref.name}.\n` : whyText(whyOf(place, undefined, this.sourceOf), nameOf);
  }

  /** Serves the REST API for kubectl, until the session ends. */
  connect(): Promise<ConnectInfo> {
    this.folder ??= mkdtempSync(join(tmpdir(), 'kubepad-lsp-keys-'));
    return this.connector.connect(this.folder);
  }

  dispose(): void {
    void this.connector.close();
    this.session.dispose();
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  private context(token: CancellationToken): ManifestContext {
    return { rest: this.session.rest, judge: this.judge, token, onProgress: () => undefined };
  }
}

function openSession({ preset, nodes, seed }: LspClusterSettings, log: (message: string) => void): Session {
  return new Session({
    cluster: { name: 'lsp', seed, startTime: Date.now(), ...ADDONS, preset, ...(nodes === undefined ? {} : { nodes }) },
    dataFile: undefined,
    onView: () => undefined,
    onClock: () => undefined,
    onAdvance: () => undefined,
    log: (_, message) => log(message),
  });
}
