/**
 * What the API server refused at the last apply, at its places in the files.
 * Invariant: nothing is shown that the diagnostics of the editor show already; an edit of a file removes its entries.
 */
import * as vscode from 'vscode';
import type { ManifestResult } from '../../host/protocol/protocol.ts';
import { diagnosticSource } from '../ids.ts';
import { toDiagnostic } from './convert.ts';

export interface AppliedDiagnostics extends vscode.Disposable {
  /** Replaces the entries of the files that the results speak of. */
  set(results: readonly ManifestResult[]): void;
}

interface Shown {
  readonly collection: vscode.DiagnosticCollection;
  readonly onDidShow: vscode.Event<vscode.Uri>;
}

/** @param shown the diagnostics of the editor, which come first */
export function createAppliedDiagnostics(shown: readonly Shown[]): AppliedDiagnostics {
  const collection = vscode.languages.createDiagnosticCollection('kubepad-apply');
  const known = new Map<string, readonly vscode.Diagnostic[]>();
  const refresh = (uri: vscode.Uri): void => {
    const entries = known.get(uri.toString()) ?? [];
    const others = new Set(shown.flatMap(({ collection: other }) => other.get(uri) ?? []).map(identity));
    collection.set(
      uri,
      entries.filter((entry) => !others.has(identity(entry))),
    );
  };
  const subscriptions = vscode.Disposable.from(
    collection,
    ...shown.map(({ onDidShow }) => onDidShow(refresh)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && known.delete(document.uri.toString())) collection.delete(document.uri);
    }),
    vscode.workspace.onDidDeleteFiles(({ files }) => {
      for (const uri of files) if (known.delete(uri.toString())) collection.delete(uri);
    }),
  );
  return {
    set(results) {
      const byFile = Map.groupBy(results, ({ uri }) => uri);
      for (const [file, entries] of byFile) {
        const diagnostics = entries.filter(({ action }) => action === 'rejected').flatMap(diagnosticsOf);
        known.set(file, diagnostics);
        refresh(vscode.Uri.parse(file));
      }
    },
    dispose: () => void subscriptions.dispose(),
  };
}

function diagnosticsOf(result: ManifestResult): readonly vscode.Diagnostic[] {
  if (result.diagnostics.length > 0) return result.diagnostics.map(toDiagnostic);
  const { start } = result.range;
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(start.line, start.character, start.line, Number.MAX_SAFE_INTEGER),
    result.message,
  );
  diagnostic.source = diagnosticSource;
  diagnostic.code = 'Rejected';
  return [diagnostic];
}

function identity({ range, message }: vscode.Diagnostic): string {
  return `${range.start.line}:${range.start.character} ${message}`;
}
