/**
 * The API server's verdict on open documents while a person types, and on the whole workspace on request.
 * Invariant: what is shown belongs to the text as it is; an outdated question is cancelled. Counterpart: none.
 */
import * as vscode from 'vscode';
import { othersSpeak } from '../coexistence/coexistence.ts';
import { requests } from '../../host/protocol/protocol.ts';
import type { WorkerHost } from '../host/workerHost.ts';
import { schemes, settings } from '../ids.ts';
import type { Output } from '../output.ts';
import { readSettings } from '../settings.ts';
import { toDiagnostic } from './convert.ts';
import { type DocumentSync, mayBeRendered } from './documentSync.ts';

export interface LiveDiagnostics extends vscode.Disposable {
  readonly collection: vscode.DiagnosticCollection;
  readonly onDidShow: vscode.Event<vscode.Uri>;
  /** Judges the documents that are open now; later ones come by themselves. */
  start(): void;
}

const debounceMs = 50;

interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly cancellation: vscode.CancellationTokenSource;
}

export function createLiveDiagnostics(host: WorkerHost, sync: DocumentSync, output: Output): LiveDiagnostics {
  const collection = vscode.languages.createDiagnosticCollection('kubepad');
  const shown = new vscode.EventEmitter<vscode.Uri>();
  const pending = new Map<string, Pending>();

  const cancel = (uri: vscode.Uri): void => {
    const entry = pending.get(uri.toString());
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    entry.cancellation.cancel();
    entry.cancellation.dispose();
    pending.delete(uri.toString());
  };
  const publish = (uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]): void => {
    collection.set(uri, diagnostics);
    shown.fire(uri);
  };
  const schedule = (document: vscode.TextDocument): void => {
    cancel(document.uri);
    if (document.uri.scheme === schemes.live || !readSettings().validation.enabled || othersSpeak() || !mayBeRendered(document)) {
      if (collection.has(document.uri)) publish(document.uri, []);
      return;
    }
    const cancellation = new vscode.CancellationTokenSource();
    const timer = setTimeout(() => void judge(document, cancellation.token), debounceMs);
    pending.set(document.uri.toString(), { timer, cancellation });
  };
  const judge = async (document: vscode.TextDocument, token: vscode.CancellationToken): Promise<void> => {
    const { namespace, validation, rules, targetVersion } = readSettings();
    try {
      if (!sync.ensure(document)) return;
      const { version, uri } = document;
      const params = {
        uri: uri.toString(),
        settings: { namespace, warnings: validation.warnings, references: validation.references, rules, targetVersion },
      };
      const answer = await host.request(requests.documentDiagnostics, params, token);
      if (token.isCancellationRequested || document.isClosed || document.version !== version) return;
      if (answer === null || answer.version === version) publish(uri, answer?.diagnostics.map(toDiagnostic) ?? []);
    } catch (error) {
      // A worker that ended says so itself, and its successor judges again.
      if (!token.isCancellationRequested) output.log('warning', `Diagnostics of ${document.uri.path}: ${String(error)}`);
    }
  };
  const scheduleAll = (): void => {
    for (const document of vscode.workspace.textDocuments) schedule(document);
  };

  const subscriptions = vscode.Disposable.from(
    collection,
    shown,
    vscode.workspace.onDidOpenTextDocument(schedule),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) schedule(document);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      cancel(uri);
      if (collection.has(uri)) publish(uri, []);
      collection.delete(uri);
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      const relevant = [
        settings.validationEnabled,
        settings.coexistence,
        settings.validationWarnings,
        settings.validationReferences,
        settings.rules,
        settings.targetVersion,
        settings.namespace,
      ];
      if (relevant.some((name) => change.affectsConfiguration(name))) scheduleAll();
    }),
    host.onDidStart(scheduleAll),
    host.onDidChangeHints((uris) => {
      for (const document of vscode.workspace.textDocuments) if (uris.includes(document.uri.toString())) schedule(document);
    }),
  );
  return {
    collection,
    onDidShow: shown.event,
    start: scheduleAll,
    dispose() {
      for (const { timer, cancellation } of pending.values()) {
        clearTimeout(timer);
        cancellation.dispose();
      }
      subscriptions.dispose();
    },
  };
}
