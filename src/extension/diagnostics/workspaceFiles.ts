/**
 * Tells the worker of the manifests in the workspace, so that kinds which they define are judged and names which they use are
 * found without being applied and without their file being open.
 * Invariant: the workspace is searched once per worker, after something else started it; later only what changes is read.
 * Counterpart: none in Kubernetes.
 */
import * as vscode from 'vscode';
import { type ManifestFile, tellWorker } from '../../host/protocol/protocol.ts';
import type { WorkerHost } from '../host/workerHost.ts';
import { contextKeys } from '../ids.ts';
import { readText } from '../manifests/collect.ts';
import { isExcludedPath, looksLikeClusterConfig, looksLikeManifest, manifestFiles } from '../manifests/recognise.ts';

const definitionMark = 'CustomResourceDefinition';
/** As long as someone types in a definition, the others wait. */
const pauseMs = 300;
/** So that a branch that is checked out comes as a whole. */
const gatherMs = 50;
/** Files per message: between two of them the worker answers what a person asks. */
const batchSize = 20;

/** @param rejudge called when definitions of kinds have come, changed or gone */
export function createWorkspaceFiles(host: WorkerHost, rejudge: () => void): vscode.Disposable {
  const told = new Set<string>();
  const defining = new Set<string>();
  const configs = new Set<string>();
  const changed = new Map<string, vscode.Uri>();
  let typing: NodeJS.Timeout | undefined;
  let gathering: NodeJS.Timeout | undefined;
  let searching: vscode.CancellationTokenSource | undefined;

  /** Menus offer to make a cluster of these files. */
  const noteConfig = ({ path }: vscode.Uri, text: string): void => {
    const is = looksLikeClusterConfig(text);
    if (is === configs.has(path)) return;
    if (is) configs.add(path);
    else configs.delete(path);
    void vscode.commands.executeCommand('setContext', contextKeys.clusterConfigs, [...configs]);
  };
  /** Undefined: there was and is nothing to tell. */
  const note = (uri: vscode.Uri, text: string): ManifestFile | undefined => {
    noteConfig(uri, text);
    const name = uri.toString();
    const wanted = looksLikeManifest(text) || /\/kustomization\.ya?ml$/i.test(uri.path);
    const before = told.delete(name);
    if (!before && !wanted) return undefined;
    if (wanted) told.add(name);
    return { uri: name, text: wanted ? text : '' };
  };
  /** Whether definitions have changed with the file. */
  const defines = ({ uri, text }: ManifestFile): boolean => {
    const before = defining.delete(uri);
    if (text.includes(definitionMark)) defining.add(uri);
    return before || defining.has(uri);
  };
  const tell = (uri: vscode.Uri, text: string): void => {
    const file = note(uri, text);
    if (file === undefined) return;
    host.notify(tellWorker.filesFound, { files: [file] });
    if (defines(file)) rejudge();
  };
  const read = async (uri: vscode.Uri): Promise<string> => (await readText(uri, [])) ?? '';
  const search = async (): Promise<void> => {
    searching?.cancel();
    const cancellation = new vscode.CancellationTokenSource();
    searching = cancellation;
    told.clear();
    defining.clear();
    const { token } = cancellation;
    const uris = await vscode.workspace.findFiles(manifestFiles.include, manifestFiles.exclude, manifestFiles.limit, token);
    const progressOptions = { location: vscode.ProgressLocation.Window, title: 'Kubepad: Reading manifests' };
    const found = await vscode.window.withProgress(progressOptions, async (progress) => {
      let definitions = false;
      for (let index = 0; index < uris.length && !token.isCancellationRequested; index += batchSize) {
        const files: ManifestFile[] = [];
        for (const uri of uris.slice(index, index + batchSize)) {
          const file = note(uri, await read(uri));
          if (file !== undefined) files.push(file);
        }
        if (token.isCancellationRequested) return false;
        if (files.length > 0) host.notify(tellWorker.filesFound, { files });
        for (const file of files) if (defines(file)) definitions = true;
        progress.report({ message: `${Math.min(index + batchSize, uris.length)} of ${uris.length}` });
      }
      return definitions;
    });
    if (found) rejudge();
  };
  const readChanged = async (): Promise<void> => {
    gathering = undefined;
    const uris = [...changed.values()];
    changed.clear();
    let definitions = false;
    for (let index = 0; index < uris.length; index += batchSize) {
      const files: ManifestFile[] = [];
      for (const uri of uris.slice(index, index + batchSize)) {
        const file = note(uri, await read(uri));
        if (file !== undefined) files.push(file);
      }
      if (files.length > 0) host.notify(tellWorker.filesFound, { files });
      for (const file of files) if (defines(file)) definitions = true;
    }
    if (definitions) rejudge();
  };
  /** What is gone reads as nothing. */
  const follow = (uri: vscode.Uri): void => {
    if (host.state.state === 'stopped' || isExcludedPath(uri.path)) return;
    changed.set(uri.toString(), uri);
    gathering ??= setTimeout(() => void readChanged(), gatherMs);
  };
  const watcher = vscode.workspace.createFileSystemWatcher(manifestFiles.include);
  return vscode.Disposable.from(
    watcher,
    {
      dispose: () => {
        clearTimeout(typing);
        clearTimeout(gathering);
        searching?.cancel();
      },
    },
    host.onDidStart(() => void search()),
    watcher.onDidCreate(follow),
    watcher.onDidChange(follow),
    watcher.onDidDelete(follow),
    vscode.workspace.onDidChangeWorkspaceFolders(({ added }) => {
      if (host.state.state === 'stopped') return;
      for (const uri of [...told].map((name) => vscode.Uri.parse(name)))
        if (vscode.workspace.getWorkspaceFolder(uri) === undefined) tell(uri, '');
      if (added.length > 0) void search();
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!defining.has(document.uri.toString())) return;
      clearTimeout(typing);
      typing = setTimeout(() => tell(document.uri, document.getText()), pauseMs);
    }),
    // What was typed and not saved is gone.
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (told.has(uri.toString())) follow(uri);
    }),
  );
}
