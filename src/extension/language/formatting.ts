/**
 * Formats manifests, as the worker knows how.
 * Invariant: silent where another extension formats YAML, unless the setting says otherwise: VS Code would ask which one is meant.
 * Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { type FormatParams, requests } from '../../host/protocol/protocol.ts';
import { fromRange, toRange } from '../diagnostics/convert.ts';
import { settings } from '../ids.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../settings.ts';
import { ask } from './ask.ts';
import { whileWanted } from './whileWanted.ts';

const OTHERS: readonly string[] = ['redhat.vscode-yaml', 'esbenp.prettier-vscode', 'kennylong.kubernetes-yaml-formatter'];

export function registerFormatting(services: Services): vscode.Disposable {
  return whileWanted(speaks, () => register(services), settings.format);
}

function speaks(): boolean {
  const { format } = readSettings();
  return format === 'on' || (format === 'auto' && OTHERS.every((id) => vscode.extensions.getExtension(id) === undefined));
}

function register(services: Services): vscode.Disposable {
  const edits = async (
    document: vscode.TextDocument,
    params: Omit<FormatParams, 'uri'>,
    token: vscode.CancellationToken,
  ): Promise<vscode.TextEdit[] | undefined> => {
    const found = await ask(services, document, requests.documentFormat, { uri: document.uri.toString(), ...params }, token);
    return found?.map(({ range, newText }) => vscode.TextEdit.replace(toRange(range), newText));
  };
  return vscode.Disposable.from(
    vscode.languages.registerDocumentFormattingEditProvider('yaml', {
      provideDocumentFormattingEdits: (document, { tabSize }, token) => edits(document, { indent: tabSize }, token),
    }),
    vscode.languages.registerDocumentRangeFormattingEditProvider('yaml', {
      provideDocumentRangeFormattingEdits: (document, range, { tabSize }, token) =>
        edits(document, { indent: tabSize, range: fromRange(range) }, token),
    }),
  );
}
