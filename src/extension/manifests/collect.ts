/**
 * From what a person selected to the manifests in it: folders are searched, unsaved text of editors counts.
 * Invariant: bounded in files and bytes; what is left out is named. Counterpart: the resource builder of kubectl (`-f DIR -R`).
 */
import * as vscode from 'vscode';
import type { ManifestFile } from '../../host/protocol/protocol.ts';
import { isManifestPath, isSkippedFolder, looksLikeManifest } from './recognise.ts';

export interface Collected {
  readonly files: readonly ManifestFile[];
  /** Why something was left out, each a sentence. */
  readonly remarks: readonly string[];
}

const maxFiles = 2_000;
const maxBytes = 5 * 1024 * 1024;

export async function collectManifests(selection: readonly vscode.Uri[], token: vscode.CancellationToken): Promise<Collected> {
  const remarks: string[] = [];
  const found = new Map<string, vscode.Uri>();
  for (const uri of selection) await visit(uri, true, found, remarks, token);
  const files: ManifestFile[] = [];
  for (const uri of found.values()) {
    if (token.isCancellationRequested) break;
    const text = await readText(uri, remarks);
    if (text !== undefined) files.push({ uri: uri.toString(), text });
  }
  return { files, remarks };
}

/** The text of the open document, saved or not, else of the file. Undefined if it cannot be read or is too large. */
export async function readText(uri: vscode.Uri, remarks: string[]): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString() && !document.isClosed);
  if (open !== undefined) return open.getText();
  const name = vscode.workspace.asRelativePath(uri);
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > maxBytes) {
      remarks.push(`${name} was left out: it is larger than 5 MB.`);
      return undefined;
    }
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    remarks.push(`${name} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function visit(
  uri: vscode.Uri,
  chosen: boolean,
  found: Map<string, vscode.Uri>,
  remarks: string[],
  token: vscode.CancellationToken,
): Promise<void> {
  if (token.isCancellationRequested) return;
  if (found.size >= maxFiles) {
    const remark = `Only the first ${maxFiles} files were taken.`;
    if (!remarks.includes(remark)) remarks.push(remark);
    return;
  }
  if (!(await isFolder(uri))) {
    if (chosen || isManifestPath(uri.path)) found.set(uri.toString(), uri);
    return;
  }
  for (const [name, type] of (await entriesOf(uri, remarks)).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    const child = vscode.Uri.joinPath(uri, name);
    const folder = (type & vscode.FileType.Directory) !== 0;
    // A link could lead in a circle.
    if (folder && ((type & vscode.FileType.SymbolicLink) !== 0 || isSkippedFolder(child.path, await hasChart(uri, name)))) continue;
    if (folder) await visit(child, false, found, remarks, token);
    else if (isManifestPath(child.path) && (await isManifest(child, remarks))) await visit(child, false, found, remarks, token);
  }
}

/** In a folder stand many YAML and JSON files that mean something else. */
async function isManifest(uri: vscode.Uri, remarks: string[]): Promise<boolean> {
  const text = await readText(uri, remarks);
  return text !== undefined && looksLikeManifest(text);
}

async function entriesOf(uri: vscode.Uri, remarks: string[]): Promise<readonly [string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(uri);
  } catch (error) {
    remarks.push(`${vscode.workspace.asRelativePath(uri)} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

async function hasChart(folder: vscode.Uri, child: string): Promise<boolean> {
  return child === 'templates' && (await exists(vscode.Uri.joinPath(folder, 'Chart.yaml')));
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme === 'untitled') return false;
  return vscode.workspace.fs.stat(uri).then(
    ({ type }) => (type & vscode.FileType.Directory) !== 0,
    () => false,
  );
}
