/**
 * At the ends of lines what the server would set, as the worker knows it; off until the setting asks for it.
 * Invariant: nothing is decided here; a question that fails is no answer. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { requests } from '../../host/protocol/protocol.ts';
import { fromRange, toRange } from '../diagnostics/convert.ts';
import { settings } from '../ids.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings.ts';
import { ask } from './ask.ts';

export function registerInlayHints(services: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: changed.event,
    async provideInlayHints(document, range, token) {
      if (!readSettings().inlayHints) return [];
      const params = { uri: document.uri.toString(), range: fromRange(range) };
      const hints = (await ask(services, document, requests.documentDefaults, params, token)) ?? [];
      return hints.map(({ position, label, tooltip }) => {
        const hint = new vscode.InlayHint(toRange({ start: position, end: position }).start, label);
        hint.paddingLeft = true;
        hint.tooltip = new vscode.MarkdownString().appendMarkdown('What the server sets:\n').appendCodeblock(tooltip, 'yaml');
        return hint;
      });
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerInlayHintsProvider('yaml', provider),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settings.inlayHints)) changed.fire();
    }),
  );
}
