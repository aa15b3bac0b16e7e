import * as vscode from 'vscode';
import { tellWorker, type ManifestFile } from '../../host/protocol.ts';
import type { WorkerHost } from '../host/workerHost.ts';
import { readText } from '../manifests/collect.ts';

const pattern = '**/*.{yaml,yml}';
const excluded = '{**/node_modules/**,**/.git/**,**/charts/**/templates/**}';
const maxFiles = 2_000;

/**
 * Tells the worker of the CustomResourceDefinitions of the workspace, so that their kinds are known though nobody opened or
 * applied them. Looks when a worker starts, which is when the first manifest is judged, and at files that change later.
 */
export function createDefinitionFiles(host: WorkerHost): vscode.Disposable {
  const told = new Set<string>();
  const read = async (uri: vscode.Uri): Promise<readonly ManifestFile[]> => {
    const text = (await readText(uri, [])) ?? '';
    const file = { uri: uri.toString(), text };
    if (text.includes('CustomResourceDefinition')) {
      told.add(file.uri);
      return [file];
    }
    return told.delete(file.uri) ? [{ uri: file.uri, text: '' }] : [];
  };
  const tell = async (uris: readonly vscode.Uri[]): Promise<void> => {
    const files = (await Promise.all(uris.map(read))).flat();
    if (files.length > 0) host.notify(tellWorker.definitionsFound, { files });
  };
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange((uri) => void tell([uri])),
    watcher.onDidCreate((uri) => void tell([uri])),
    watcher.onDidDelete((uri) => void tell([uri])),
    host.onDidStart(() => void vscode.workspace.findFiles(pattern, excluded, maxFiles).then(tell)),
  );
}
