/**
 * Tells the worker of the CustomResourceDefinitions in the workspace's files, so that their kinds are judged, explained and
 * completed without being applied and without their file being open.
 * Invariant: the workspace is searched once per worker, after something else started it; later only what changes is read.
 * Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { tellWorker } from '../../host/protocol.ts';
import type { WorkerHost } from '../host/workerHost.ts';
import { readText } from '../manifests/collect.ts';
import { manifestFiles } from '../manifests/recognise.ts';

const mark = 'CustomResourceDefinition';
/** As long as someone types in a definition, the others wait. */
const pauseMs = 300;

/** @param rejudge called when definitions have come, changed or gone */
export function createDefinitionFiles(host: WorkerHost, rejudge: () => void): vscode.Disposable {
  const known = new Set<string>();
  let typing: NodeJS.Timeout | undefined;

  /** False: there was and is nothing to tell. */
  const tell = (uri: vscode.Uri, text: string): boolean => {
    const name = uri.toString();
    const defines = text.includes(mark);
    if (!known.delete(name) && !defines) return false;
    if (defines) known.add(name);
    host.notify(tellWorker.definitionsFound, { files: [{ uri: name, text: defines ? text : '' }] });
    return true;
  };
  const look = async (uri: vscode.Uri): Promise<boolean> => tell(uri, (await readText(uri, [])) ?? '');
  const search = async (): Promise<void> => {
    known.clear();
    let found = false;
    for (const uri of await vscode.workspace.findFiles(manifestFiles.include, manifestFiles.exclude, manifestFiles.limit))
      if (await look(uri)) found = true;
    if (found) rejudge();
  };
  const follow = async (uri: vscode.Uri): Promise<void> => {
    if (host.state.state !== 'stopped' && (await look(uri))) rejudge();
  };
  const watcher = vscode.workspace.createFileSystemWatcher(manifestFiles.include);
  return vscode.Disposable.from(
    watcher,
    { dispose: () => clearTimeout(typing) },
    host.onDidStart(() => void search()),
    watcher.onDidCreate((uri) => void follow(uri)),
    watcher.onDidChange((uri) => void follow(uri)),
    watcher.onDidDelete((uri) => {
      if (tell(uri, '')) rejudge();
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!known.has(document.uri.toString())) return;
      clearTimeout(typing);
      typing = setTimeout(() => {
        if (tell(document.uri, document.getText())) rejudge();
      }, pauseMs);
    }),
    // What was typed and not saved is gone.
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (known.has(uri.toString())) void follow(uri);
    }),
  );
}
