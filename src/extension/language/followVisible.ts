/**
 * Asks about the documents on the screen: when they come there, after edits, and when something else says that the answer may be another.
 * Invariant: a newer question cancels the one before; what is not judged is not asked about. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { isJudged } from '../diagnostics/documentSync.ts';
import { schemes, type SettingName } from '../ids.ts';

export interface VisibleQuestion {
  /** How long a person does not type before it is asked, milliseconds. */
  readonly pauseMs: number;
  readonly isWanted: () => boolean;
  /** Settings on which the answer depends. */
  readonly settings: readonly SettingName[];
  /** A fresh worker, which knows no answer. */
  readonly onDidStart: vscode.Event<void>;
  /** Documents whose answer may be another one now. */
  readonly onDidChange: vscode.Event<readonly string[]>;
  /** False: there is no answer, what was shown goes. */
  readonly ask: (document: vscode.TextDocument, token: vscode.CancellationToken) => Promise<boolean>;
  readonly forget: (uri: vscode.Uri) => void;
}

interface Pending {
  readonly timer: NodeJS.Timeout;
  readonly cancellation: vscode.CancellationTokenSource;
}

export function followVisible(question: VisibleQuestion): vscode.Disposable {
  const pending = new Map<string, Pending>();
  const asked = new Set<string>();

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
    if (asked.delete(uri.toString())) question.forget(uri);
  };
  const run = async (document: vscode.TextDocument, token: vscode.CancellationToken): Promise<void> => {
    const { version, uri } = document;
    const hasAnswer = await question.ask(document, token);
    if (token.isCancellationRequested || document.isClosed || document.version !== version) return;
    if (!hasAnswer) forget(uri);
  };
  const schedule = (document: vscode.TextDocument): void => {
    const { uri } = document;
    cancel(uri.toString());
    if (uri.scheme === schemes.live || !question.isWanted() || !isJudged(document)) return forget(uri);
    asked.add(uri.toString());
    const cancellation = new vscode.CancellationTokenSource();
    const timer = setTimeout(() => void run(document, cancellation.token), question.pauseMs);
    pending.set(uri.toString(), { timer, cancellation });
  };
  const scheduleVisible = (): void => {
    for (const { document } of vscode.window.visibleTextEditors) schedule(document);
  };

  const subscriptions = vscode.Disposable.from(
    vscode.window.onDidChangeVisibleTextEditors((editors) => {
      for (const { document } of editors) if (!asked.has(document.uri.toString())) schedule(document);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && isVisible(document)) schedule(document);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => forget(uri)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (question.settings.some((name) => event.affectsConfiguration(name))) scheduleVisible();
    }),
    question.onDidStart(scheduleVisible),
    question.onDidChange((uris) => {
      for (const document of vscode.workspace.textDocuments) {
        if (!uris.includes(document.uri.toString())) continue;
        if (isVisible(document)) schedule(document);
        else forget(document.uri);
      }
    }),
  );
  scheduleVisible();
  return {
    dispose() {
      for (const key of [...pending.keys()]) cancel(key);
      subscriptions.dispose();
    },
  };
}

function isVisible({ uri }: vscode.TextDocument): boolean {
  return vscode.window.visibleTextEditors.some(({ document }) => document.uri.toString() === uri.toString());
}
