/**
 * What the cluster says about open files, asked after pauses and told with the other findings; without a cluster, nothing.
 * Invariant: the cluster is read and made once, when the client's settings first name one. Counterpart: the extension's
 * `admissionDiagnostics.ts`, `forecasts.ts` and `codeLens.ts`.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Judge } from '../../manifest/judge.ts';
import type { DocumentForecast } from '../protocol/forecast.ts';
import type { DocumentLens, ManifestFile } from '../protocol/protocol.ts';
import type { Editor } from '../worker/editor.ts';
import { AfterPause, tokenOf } from './afterPause.ts';
import type { LspClient } from './client.ts';
import type { LspCluster } from './cluster.ts';
import { COMMANDS } from './commands.ts';
import { lspDiagnostic } from './convert.ts';
import { manifestFilesUnder, pathOf, readManifest } from './files.ts';
import type { Findings } from './findings.ts';
import type { CodeLens } from './protocol.ts';
import type { LspSettings } from './settings.ts';

export interface ClusterSideOptions {
  readonly judge: Judge;
  readonly client: LspClient;
  readonly findings: Findings;
  readonly editor: () => Editor;
  readonly settings: () => LspSettings;
  readonly roots: () => readonly string[];
  readonly openUris: () => Iterable<string>;
  /** There is a cluster now: what it holds counts in all answers. */
  readonly entered: () => void;
}

const ANSWER_PAUSE_MS = 300;
/** A forecast takes more work than a verdict: it waits until a person stops typing. */
const FORECAST_PAUSE_MS = 500;
const SOURCE = 'Kubepad (cluster)';
/** The code of findings that only time will show. */
const FORECAST = 'Forecast';

export class ClusterSide {
  /** Undefined: none is wanted, or it is being made. */
  cluster: LspCluster | undefined;
  private readonly options: ClusterSideOptions;
  private readonly answers: AfterPause;
  private readonly forecasts: AfterPause;
  private readonly known = new Map<string, readonly DocumentForecast[]>();
  private opening: Promise<LspCluster> | undefined;

  constructor(options: ClusterSideOptions) {
    this.options = options;
    const failed = (uri: string, error: unknown): void => options.client.log('warning', `${uri}: ${String(error)}`);
    this.answers = new AfterPause(ANSWER_PAUSE_MS, (uri, signal) => this.answer(uri, signal), failed);
    this.forecasts = new AfterPause(FORECAST_PAUSE_MS, (uri, signal) => this.foresee(uri, signal), failed);
  }

  /** A cluster may be wanted now, and other answers. */
  settingsChanged(): void {
    if (this.options.settings().cluster === undefined) return;
    this.wanted()
      .then(() => this.scheduleAll())
      .catch((error: unknown) => this.options.client.show('error', `there is no cluster: ${String(error)}`));
  }

  /** @throws Error where the settings name no cluster */
  async wanted(): Promise<LspCluster> {
    const { cluster } = this.options.settings();
    if (cluster === undefined) throw new Error('there is no cluster: name one in the settings ("cluster": {})');
    return (this.opening ??= this.open());
  }

  schedule(uri: string): void {
    if (this.cluster === undefined) return;
    const { enabled, admission, forecast } = this.options.settings();
    if (enabled && admission !== 'off') this.answers.schedule(uri);
    else this.forgetAnswer(uri);
    if (forecast) this.forecasts.schedule(uri);
    else this.forgetForecast(uri);
  }

  close(uri: string): void {
    this.answers.cancel(uri);
    this.forecasts.cancel(uri);
    this.known.delete(uri);
    this.cluster?.close(uri);
  }

  lenses(uri: string): readonly CodeLens[] {
    const { codeLens, diagnostics } = this.options.settings();
    if (this.cluster === undefined || !codeLens) return [];
    const forecasts = this.known.get(uri) ?? [];
    return this.cluster.lensesOf(uri, diagnostics.namespace).flatMap((lens) => lensesOf(uri, lens, forecasts));
  }

  dispose(): void {
    this.answers.dispose();
    this.forecasts.dispose();
    this.cluster?.dispose();
  }

  private async open(): Promise<LspCluster> {
    const { judge, client, settings, editor } = this.options;
    const { cluster: wanted, diagnostics } = settings();
    if (wanted === undefined) throw new Error('no cluster is wanted');
    const { LspCluster: Opened } = await import('./cluster.ts');
    const cluster = new Opened({
      settings: wanted,
      judge,
      editor: editor(),
      log: (message) => client.log('warning', message),
      lensesChanged: () => client.lensesChanged(),
      answersChanged: (uris) => {
        for (const uri of this.stillOpen(uris)) this.answers.schedule(uri);
      },
      forecastsChanged: (uris) => {
        for (const uri of this.stillOpen(uris)) this.forecasts.schedule(uri);
      },
    });
    const files = wanted.manifests.flatMap((path) => manifestsAt(this.options.roots()[0], path));
    const { results } = await cluster.start(files, diagnostics.namespace, tokenOf(new AbortController().signal));
    const refused = results.filter(({ action }) => action === 'rejected').map(({ subject, message }) => `${subject}: ${message}`);
    if (refused.length > 0) client.show('warning', `the cluster has refused ${refused.join('; ')}`);
    this.cluster = cluster;
    this.options.entered();
    return cluster;
  }

  private scheduleAll(): void {
    for (const uri of this.options.openUris()) this.schedule(uri);
    this.options.client.lensesChanged();
  }

  private stillOpen(uris: readonly string[]): readonly string[] {
    const open = new Set(this.options.openUris());
    return uris.filter((uri) => open.has(uri));
  }

  private async answer(uri: string, signal: AbortSignal): Promise<void> {
    const { diagnostics, admission } = this.options.settings();
    const answer = await this.cluster?.answerTo(uri, diagnostics.namespace, diagnostics.warnings, tokenOf(signal));
    if (signal.aborted) return;
    const found = (answer?.diagnostics ?? []).map((each) => ({
      // The manifest may be meant for another cluster: how grave a refusal is, the setting says.
      ...lspDiagnostic(each.severity === 'error' && admission !== 'off' ? { ...each, severity: admission } : each),
      source: SOURCE,
    }));
    this.options.findings.set(uri, 'cluster', found);
  }

  private async foresee(uri: string, signal: AbortSignal): Promise<void> {
    const summary = await this.cluster?.forecastOf(uri, this.options.settings().diagnostics.namespace, tokenOf(signal));
    if (signal.aborted) return;
    if (summary === undefined || summary === null) return this.forgetForecast(uri);
    this.known.set(uri, summary.documents);
    const found = summary.files.filter((file) => file.uri === uri).flatMap(({ diagnostics }) => diagnostics);
    this.options.findings.set(uri, 'forecast', found.filter(({ code }) => code === FORECAST).map(lspDiagnostic));
    this.options.client.lensesChanged();
  }

  private forgetAnswer(uri: string): void {
    this.answers.cancel(uri);
    this.options.findings.set(uri, 'cluster', []);
  }

  private forgetForecast(uri: string): void {
    this.forecasts.cancel(uri);
    this.options.findings.set(uri, 'forecast', []);
    if (this.known.delete(uri)) this.options.client.lensesChanged();
  }
}

/** What stands above a document, and what a click does. */
function lensesOf(uri: string, { range, ref, state }: DocumentLens, forecasts: readonly DocumentForecast[]): readonly CodeLens[] {
  const { start } = range;
  const place = { start, end: start };
  const target = [uri, start.line];
  const lens = (title: string, command: string, args: readonly unknown[]): CodeLens => ({
    range: place,
    command: { title, command, arguments: args },
  });
  const forecast = forecasts.find((each) => each.range.start.line === start.line && each.text !== '');
  return [
    lens('Apply', COMMANDS.applyDocument, target),
    lens('Diff', COMMANDS.diffDocument, target),
    ...(ref === undefined ? [] : [lens(state, COMMANDS.describe, [ref]), lens('Why?', COMMANDS.why, [ref])]),
    ...(ref === undefined && state !== '' ? [lens(state, COMMANDS.diffDocument, target)] : []),
    ...(forecast === undefined ? [] : [lens(`Forecast: ${forecast.text}`, COMMANDS.previewApply, [uri])]),
  ];
}

/** The files of a path; relative to the first folder of the client. */
function manifestsAt(root: string | undefined, path: string): readonly ManifestFile[] {
  const uri = pathToFileURL(resolve(pathOf(root ?? '') ?? '', path)).href;
  const file = readManifest(uri);
  return file === undefined ? manifestFilesUnder(uri) : [file];
}
