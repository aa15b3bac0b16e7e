/**
 * Above each document of a manifest: Apply, Diff, and how its object is in the cluster.
 * Invariant: the worker says when a state is another one; nothing is polled. Counterpart: none; `kubectl get` beside the file.
 */
import * as vscode from 'vscode';
import { type DocumentLens, requests } from '../../host/protocol.ts';
import { toRange } from '../diagnostics/convert.ts';
import { documentSelector } from '../diagnostics/documentSync.ts';
import { commands, schemes, settings } from '../ids.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings.ts';
import { ask } from './ask.ts';

export function registerCodeLens(services: Services): vscode.Disposable {
  const { host } = services;
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document, token) {
      // A live object has nothing to be applied: saving it is the edit.
      if (!readSettings().codeLens || document.uri.scheme === schemes.live) return [];
      const params = { uri: document.uri.toString(), namespace: readSettings().namespace };
      const lenses = (await ask(services, document, requests.documentLenses, params, token)) ?? [];
      return lenses.flatMap((lens) => toCodeLenses(document.uri, lens));
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerCodeLensProvider(documentSelector, provider),
    host.onLensesChanged(() => changed.fire()),
    host.onDidStart(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settings.codeLens) || event.affectsConfiguration(settings.namespace)) changed.fire();
    }),
  );
}

function toCodeLenses(uri: vscode.Uri, { range: place, ref, state }: DocumentLens): readonly vscode.CodeLens[] {
  const { start } = toRange(place);
  const range = new vscode.Range(start, start);
  const target = [uri, start.line];
  const lens = (title: string, tooltip: string, command: string, args: readonly unknown[]): vscode.CodeLens =>
    new vscode.CodeLens(range, { title, tooltip, command, arguments: [...args] });
  return [
    lens('Apply', 'Apply this document to the simulated cluster', commands.applyDocument, target),
    lens('Diff', 'Compare this document with the cluster', commands.diffDocument, target),
    ...(ref !== undefined
      ? [lens(state, 'Describe the object', commands.describe, [{ ref }])]
      : state === ''
        ? []
        : [lens(state, '', '', [])]),
  ];
}
