/**
 * What would become of the manifests on the screen: asked again after edits and when the cluster got something from outside.
 * Invariant: a newer question cancels the one before. What would be refused stands above the document only: the objects that it lacks may
 * be in other files, and what is wrong with it by itself the diagnostics say.
 * Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { type DocumentForecast, forecastRequests, type ForecastSummary } from '../../host/protocol/forecast.ts';
import { toDiagnostic } from '../diagnostics/convert.ts';
import { settings } from '../ids.ts';
import { ask } from '../language/ask.ts';
import { followVisible } from '../language/followVisible.ts';
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

export function createForecasts(services: Services): Forecasts {
  const { host } = services;
  const collection = vscode.languages.createDiagnosticCollection('kubepad-forecast');
  const changed = new vscode.EventEmitter<void>();
  const known = new Map<string, ForecastSummary>();

  const forget = (uri: vscode.Uri): void => {
    if (!known.delete(uri.toString())) return;
    collection.delete(uri);
    changed.fire();
  };
  const show = (uri: vscode.Uri, { files }: ForecastSummary): void => {
    const found = files.filter((file) => file.uri === uri.toString()).flatMap(({ diagnostics }) => diagnostics);
    collection.set(uri, found.filter(({ code }) => code === FORECAST).map(toDiagnostic));
  };
  const foresee = async (document: vscode.TextDocument, token: vscode.CancellationToken): Promise<boolean> => {
    const { version, uri } = document;
    const params = { uri: uri.toString(), namespace: readSettings().namespace };
    const summary = await ask(services, document, forecastRequests.document, params, token);
    if (summary === undefined || summary === null) return false;
    if (token.isCancellationRequested || document.isClosed || document.version !== version) return true;
    known.set(params.uri, summary);
    show(uri, summary);
    changed.fire();
    return true;
  };
  const following = followVisible({
    pauseMs: PAUSE_MS,
    isWanted: () => readSettings().forecast,
    settings: [settings.forecast, settings.namespace],
    onDidStart: host.onDidStart,
    onDidChange: host.onDidChangeForecasts,
    ask: foresee,
    forget,
  });
  return {
    of: (uri) => known.get(uri.toString())?.documents ?? [],
    onDidChange: changed.event,
    dispose: () => void vscode.Disposable.from(following, collection, changed).dispose(),
  };
}
