/**
 * Keeps the worker's copy of the open documents as the editor has them.
 * Invariant: before any request about a document its newest text has been sent; a fresh worker is told again.
 * Counterpart: text document synchronisation of the Language Server Protocol.
 */
import * as vscode from 'vscode';
import { tellWorker } from '../../host/protocol/protocol.ts';
import type { WorkerHost } from '../host/workerHost.ts';
import { schemes } from '../ids.ts';
import { isChartPath, looksLikeManifest } from '../manifests/recognise.ts';

export interface DocumentSync extends vscode.Disposable {
  /** Sends the text if the worker does not have it. False: the document is none of Kubepad's business, do not ask. */
  ensure(document: vscode.TextDocument): boolean;
}

export const documentSelector: vscode.DocumentSelector = [
  'yaml',
  'json',
  'jsonc',
  'helm',
  { language: 'plaintext', pattern: '**/templates/**/*.{tpl,txt}' },
];

/** A new file in which `apiVersion` is still to be written. */
const beginningLength = 200;

export function createDocumentSync(host: WorkerHost): DocumentSync {
  const sent = new Map<string, number>();
  const subscriptions = vscode.Disposable.from(
    host.onDidStart(() => sent.clear()),
    vscode.workspace.onDidCloseTextDocument((document) => {
      const uri = document.uri.toString();
      if (sent.delete(uri)) host.notify(tellWorker.documentClosed, { uri });
    }),
  );
  return {
    ensure(document) {
      if (!isJudged(document) && !isPartOfChart(document)) return false;
      // A start forgets what was sent, so it comes first.
      host.start();
      const uri = document.uri.toString();
      if (sent.get(uri) !== document.version) {
        sent.set(uri, document.version);
        host.notify(tellWorker.documentChanged, { uri, version: document.version, text: document.getText() });
      }
      return true;
    },
    dispose: () => void subscriptions.dispose(),
  };
}

/** A document that may be rendered into a manifest: a part of a chart, a kustomization, or what a kustomization names. */
export function mayBeRendered(document: vscode.TextDocument): boolean {
  return isPartOfChart(document) || isJudged(document);
}

function isPartOfChart(document: vscode.TextDocument): boolean {
  return !document.isClosed && isSynced(document.uri) && isChartPath(document.uri.path);
}

function isSynced({ scheme }: vscode.Uri): boolean {
  return ['file', 'untitled', 'vscode-remote', 'vscode-vfs', 'memfs', schemes.live].includes(scheme);
}

/** A document that may be a manifest. */
export function isJudged(document: vscode.TextDocument): boolean {
  if (document.isClosed || !['yaml', 'json', 'jsonc'].includes(document.languageId)) return false;
  const { scheme } = document.uri;
  if (!isSynced(document.uri)) return false;
  const text = document.getText();
  return (
    looksLikeManifest(text) ||
    (document.languageId === 'yaml' && scheme !== schemes.live && text.trim().length < beginningLength && /^\w*:?\s*$/.test(text.trim()))
  );
}
