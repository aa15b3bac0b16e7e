/**
 * The words of manifests that mean more than their text: the worker finds them, the theme gives them colours.
 * Invariant: asked again when names may lead elsewhere; nothing is decided here. Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { languageRequests, tokenLegend } from '../../host/protocol/language.ts';
import { fromRange } from '../diagnostics/convert.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings.ts';
import { ask } from './ask.ts';

export function registerSemanticTokens(services: Services): vscode.Disposable {
  const { host } = services;
  const legend = new vscode.SemanticTokensLegend([...tokenLegend]);
  const changed = new vscode.EventEmitter<void>();
  const tokens = async (
    document: vscode.TextDocument,
    range: vscode.Range | undefined,
    token: vscode.CancellationToken,
  ): Promise<vscode.SemanticTokens | undefined> => {
    const params = { uri: document.uri.toString(), namespace: readSettings().namespace };
    const wanted = range === undefined ? params : { ...params, range: fromRange(range) };
    const data = await ask(services, document, languageRequests.tokens, wanted, token);
    return data === undefined ? undefined : new vscode.SemanticTokens(Uint32Array.from(data));
  };
  const languages = ['yaml', 'json', 'jsonc'];
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerDocumentSemanticTokensProvider(
      languages,
      {
        onDidChangeSemanticTokens: changed.event,
        provideDocumentSemanticTokens: (document, token) => tokens(document, undefined, token),
      },
      legend,
    ),
    // What is on the screen comes first.
    vscode.languages.registerDocumentRangeSemanticTokensProvider(
      languages,
      { provideDocumentRangeSemanticTokens: (document, range, token) => tokens(document, range, token) },
      legend,
    ),
    host.onDidChangeHints(() => changed.fire()),
    host.onDidStart(() => changed.fire()),
  );
}
