import * as vscode from 'vscode';
import { schemes } from '../ids.ts';

/** Read-only documents that exist as long as an editor shows them: descriptions, logs, sides of a diff. */
export interface TextDocuments extends vscode.Disposable {
  /** Gives a path its text; an editor that shows it follows. */
  put(path: string, text: string): vscode.Uri;
  show(path: string, text: string, options?: { readonly end: boolean }): Promise<void>;
  /** Adds lines to a document that is open; an editor that shows its end goes on showing it. */
  append(path: string, text: string): void;
  /** No editor shows the document any more. */
  readonly onDidClose: vscode.Event<string>;
}

/** A log that is followed loses its oldest lines beyond this. */
const maxLines = 10_000;

export function createTextDocuments(): TextDocuments {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const closed = new vscode.EventEmitter<string>();
  /** Paths whose end was on the screen before their text grew. */
  const following = new Set<string>();
  const subscriptions = vscode.Disposable.from(
    changed,
    closed,
    vscode.workspace.registerTextDocumentContentProvider(schemes.text, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.path) ?? 'This text is no longer there. Run the command again.',
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme !== schemes.text) return;
      texts.delete(uri.path);
      closed.fire(uri.path);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document: { uri } }) => {
      if (uri.scheme === schemes.text && following.delete(uri.path)) for (const editor of editorsOf(uri)) revealEnd(editor);
    }),
  );
  const put = (path: string, text: string): vscode.Uri => {
    const uri = vscode.Uri.from({ scheme: schemes.text, path });
    texts.set(path, text);
    changed.fire(uri);
    return uri;
  };
  return {
    put,
    async show(path, text, options) {
      const document = await vscode.workspace.openTextDocument(put(path, text));
      const editor = await vscode.window.showTextDocument(document, { preview: true });
      if (options?.end === true) revealEnd(editor);
    },
    append(path, text) {
      const before = texts.get(path);
      if (before === undefined) return;
      const uri = vscode.Uri.from({ scheme: schemes.text, path });
      if (editorsOf(uri).some(showsEnd)) following.add(path);
      put(path, lastLines(before + text));
    },
    onDidClose: closed.event,
    dispose: () => void subscriptions.dispose(),
  };
}

function editorsOf(uri: vscode.Uri): readonly vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === uri.toString());
}

function showsEnd({ document, visibleRanges }: vscode.TextEditor): boolean {
  return visibleRanges.some(({ end }) => end.line >= document.lineCount - 2);
}

function revealEnd(editor: vscode.TextEditor): void {
  const { lineCount } = editor.document;
  editor.revealRange(new vscode.Range(lineCount, 0, lineCount, 0));
}

function lastLines(text: string): string {
  const lines = text.split('\n');
  return lines.length <= maxLines ? text : lines.slice(-maxLines).join('\n');
}
