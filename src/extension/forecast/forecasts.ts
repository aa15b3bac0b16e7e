/**
 * What would become of the manifests on the screen: asked again after edits and when the cluster got something from outside.
 * Invariant: a newer question cancels the one before. What would be refused stands above the document only: the objects that it lacks may
 * be in other files, and what is wrong with it by itself the diagnostics say.
 * Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { type DocumentForecast, forecastRequests, type ForecastSummary } from '../../host/forecastProtocol.ts';
import { toDiagnostic } from '../diagnostics/convert.ts';
import { isJudged } from '../diagnostics/documentSync.ts';
import { schemes, settings } from '../ids.ts';
import { ask } from '../language/ask.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings.ts';

export interface Forecasts extends vscode.Disposable {
  /** Of each document of a file, as far as it is known. */
  of(uri: vscode.Uri): readonly DocumentForecast[];
  readonly onDidChange: vscode.Event<void>;
}

/** The code of findings that only time will show. */
const FORECAST = 'Forecast';
/** A forecast takes more work than a verdict: it waits until a person stops typing, milliseconds. */
const PAUSE_MS = 500;

interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly cancellation: vscode.CancellationTokenSource;
}

export function createForecasts(services: Services): Forecasts {
  const { host } = services;
  const collection = vscode.languages.createDiagnosticCollection('kubepad-forecast');
  const changed = new vscode.EventEmitter<void>();
  const pending = new Map<string, Pending>();
  const known = new Map<string, ForecastSummary>();

  const cancel = (key: string): void => {
    const entry = pending.get(key);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    entry.cancellation.cancel();
    entry.cancellation.dispose();
    pending.delete(key);
  };
  const forget = (uri: vscode.Uri): void => {
    cancel(uri.toString());
    if (!known.delete(uri.toString())) return;
    collection.delete(uri);
    changed.fire();
  };
  const show = (uri: vscode.Uri, { files }: ForecastSummary): void => {
    const found = files.filter((file) => file.uri === uri.toString()).flatMap(({ diagnostics }) => diagnostics);
    collection.set(uri, found.filter(({ code }) => code === FORECAST).map(toDiagnostic));
  };
  const foresee = async (document: vscode.TextDocument, token: vscode.CancellationToken): Promise<void> => {
    const { version, uri } = document;
    const params = { uri: uri.toString(), namespace: readSettings().namespace };
    const summary = await ask(services, document, forecastRequests.document, params, token);
    if (token.isCancellationRequested || document.isClosed || document.version !== version) return;
    if (summary === undefined || summary === null) return forget(uri);
    known.set(params.uri, summary);
    show(uri, summary);
    changed.fire();
  };
  const schedule = (document: vscode.TextDocument): void => {
    cancel(document.uri.toString());
    if (document.uri.scheme === schemes.live || !readSettings().forecast || !isJudged(document)) return forget(document.uri);
    const cancellation = new vscode.CancellationTokenSource();
    const timer = setTimeout(() => void foresee(document, cancellation.token), PAUSE_MS);
    pending.set(document.uri.toString(), { timer, cancellation });
  };
  const scheduleVisible = (): void => {
    for (const { document } of vscode.window.visibleTextEditors) schedule(document);
  };

  const subscriptions = vscode.Disposable.from(
    collection,
    changed,
    vscode.window.onDidChangeVisibleTextEditors((editors) => {
      for (const { document } of editors)
        if (!known.has(document.uri.toString()) && !pending.has(document.uri.toString())) schedule(document);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && isVisible(document)) schedule(document);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => forget(uri)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settings.forecast) || event.affectsConfiguration(settings.namespace)) scheduleVisible();
    }),
    host.onDidStart(scheduleVisible),
    host.onDidChangeForecasts((uris) => {
      for (const uri of uris) {
        const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri);
        if (document === undefined) continue;
        if (isVisible(document)) schedule(document);
        else forget(document.uri);
      }
    }),
  );
  scheduleVisible();
  return {
    of: (uri) => known.get(uri.toString())?.documents ?? [],
    onDidChange: changed.event,
    dispose() {
      for (const key of pending.keys()) cancel(key);
      subscriptions.dispose();
    },
  };
}

function isVisible({ uri }: vscode.TextDocument): boolean {
  return vscode.window.visibleTextEditors.some(({ document }) => document.uri.toString() === uri.toString());
}
