import * as vscode from 'vscode';
import { schemes } from '../ids.ts';

/** Read-only documents that exist as long as an editor shows them: descriptions, logs, sides of a diff. */
export interface TextDocuments extends vscode.Disposable {
  /** Gives a path its text; an editor that shows it follows. */
  put(path: string, text: string): vscode.Uri;
  show(path: string, text: string, options?: { readonly end: boolean }): Promise<void>;
}

export function createTextDocuments(): TextDocuments {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const subscriptions = vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(schemes.text, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.path) ?? 'This text is no longer there. Run the command again.',
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === schemes.text) texts.delete(uri.path);
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
      if (options?.end === true) editor.revealRange(new vscode.Range(document.lineCount, 0, document.lineCount, 0));
    },
    dispose: () => void subscriptions.dispose(),
  };
}
