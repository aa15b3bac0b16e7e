// Waiting inside the extension host for what VS Code shows sooner or later.

import * as vscode from 'vscode';

/** The first value of `read` that satisfies `enough`; asks again whenever diagnostics change, and every 100 ms. Throws after 20 s. */
export async function until<T>(what: string, read: () => T | Promise<T>, enough: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const value = await read();
    if (enough(value)) return value;
    if (Date.now() > deadline) throw new Error(`${what} did not come; last seen: ${JSON.stringify(value, undefined, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A file of the opened copy of the samples. */
export function sample(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('no folder is open');
  return vscode.Uri.joinPath(folder.uri, path);
}

/** Opens a file in an editor. */
export async function show(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

/** Where a text first stands in a document. */
export function find(document: vscode.TextDocument, text: string): vscode.Range {
  const offset = document.getText().indexOf(text);
  if (offset < 0) throw new Error(`${document.uri.path} does not contain ${text}`);
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + text.length));
}

/** Writes a new file into the workspace and opens it. */
export async function newFile(name: string, text: string): Promise<vscode.TextEditor> {
  const uri = sample(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return show(uri);
}

/** What is wrong with a text as it is; what would become of it is another question, see `forecasts`. */
export function problems(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source, code }) => source?.toLowerCase() === 'kubepad' && code !== 'Forecast');
}

export function forecasts(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ code }) => code === 'Forecast');
}
