/**
 * Live objects as YAML files; saving one is an edit through the API, with its refusals as the reason why it was not saved.
 * Invariant: the cluster is the only storage; a change there reaches open editors. Counterpart: kubectl edit.
 */
import * as vscode from 'vscode';
import type { RequestParam, RequestType } from 'vscode-jsonrpc';
import { requests } from '../../host/protocol/protocol.ts';
import type { ObjectRef } from '../../host/protocol/view.ts';
import type { WorkerHost } from '../host/workerHost.ts';
import { schemes } from '../ids.ts';
import type { Services } from '../services.ts';
import { liveObjectPath, parseLivePath } from './liveUri.ts';
import type { ObjectWatch } from './objectWatch.ts';

/** Objects of a real cluster have its name in their address: what was read from one cluster is never saved to another. */
export function liveUri(ref: ObjectRef, { real }: Pick<WorkerHost, 'real'>): vscode.Uri {
  return vscode.Uri.from({ scheme: schemes.live, authority: authorityOf(real), path: liveObjectPath(ref) });
}

function authorityOf(real: WorkerHost['real']): string {
  // An authority is compared in lower case, and no place for every sign that a context may have.
  return real === undefined ? '' : Buffer.from(real.context).toString('hex');
}

export function registerLiveFileSystem({ host, objects }: Pick<Services, 'host' | 'objects'>): vscode.Disposable {
  const fileSystem = new LiveFileSystem(host, objects);
  return vscode.Disposable.from(
    fileSystem,
    vscode.workspace.registerFileSystemProvider(schemes.live, fileSystem, { isCaseSensitive: true, isReadonly: false }),
    vscode.window.registerFileDecorationProvider(fileSystem),
  );
}

class LiveFileSystem implements vscode.FileSystemProvider, vscode.FileDecorationProvider {
  private readonly host: WorkerHost;
  private readonly objects: ObjectWatch;
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  private readonly subscriptions: vscode.Disposable;
  /** Grows with every change, for editors compare times to see whether a file is newer. */
  private readonly modified = new Map<string, number>();

  readonly onDidChangeFile = this.changed.event;
  private readonly decorated = new vscode.EventEmitter<undefined>();
  readonly onDidChangeFileDecorations = this.decorated.event;
  private past = false;

  constructor(host: WorkerHost, objects: ObjectWatch) {
    this.host = host;
    this.objects = objects;
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      this.decorated,
      host.onDidChangeClock(({ past }) => {
        if (this.past === (past !== undefined)) return;
        this.past = past !== undefined;
        this.decorated.fire(undefined);
      }),
      objects.onDidChange(({ ref, resourceVersion }) => {
        const uri = liveUri(ref, host);
        this.modified.set(uri.path, Math.max(Date.now(), (this.modified.get(uri.path) ?? 0) + 1));
        const type = resourceVersion === undefined ? vscode.FileChangeType.Deleted : vscode.FileChangeType.Changed;
        this.changed.fire([{ type, uri }]);
      }),
    );
  }

  watch(uri: vscode.Uri): vscode.Disposable {
    const ref = parseLivePath(uri.path);
    if (ref === undefined) return new vscode.Disposable(() => undefined);
    return this.objects.watch(ref);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (parseLivePath(uri.path) === undefined) {
      if (uri.path.endsWith('.yaml')) throw vscode.FileSystemError.FileNotFound(uri);
      return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    }
    const { byteLength } = await this.readFile(uri);
    const stat = { type: vscode.FileType.File, ctime: 0, mtime: this.modified.get(uri.path) ?? 1, size: byteLength };
    return this.host.clock?.past === undefined ? stat : { ...stat, permissions: vscode.FilePermission.Readonly };
  }

  /** The past is plainly marked where its documents are named. */
  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== schemes.live || !this.past) return undefined;
    return new vscode.FileDecoration('P', 'The past, read-only', new vscode.ThemeColor('editorWarning.foreground'));
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const answer = await this.host.request(requests.objectYaml, this.refOf(uri));
    if (answer.ok) return new TextEncoder().encode(answer.value);
    throw answer.status.code === 404 ? vscode.FileSystemError.FileNotFound(uri) : vscode.FileSystemError.Unavailable(answer.status.message);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const answer = await this.change(requests.objectReplace, { ref: this.refOf(uri), text: new TextDecoder().decode(content) });
    if (!answer.ok) throw new vscode.FileSystemError(answer.status.message ?? `The API server refused the change (${answer.status.code}).`);
    for (const warning of answer.warnings) void vscode.window.showWarningMessage(`Kubepad: ${warning}`);
    this.modified.set(uri.path, Math.max(Date.now(), (this.modified.get(uri.path) ?? 0) + 1));
    // What was stored has a new resourceVersion and defaults: the editor reads it again.
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  async delete(uri: vscode.Uri): Promise<void> {
    const params = { ref: this.refOf(uri), gracePeriodSeconds: undefined, propagationPolicy: undefined };
    const answer = await this.change(requests.objectDelete, params);
    if (!answer.ok) throw new vscode.FileSystemError(answer.status.message ?? 'The API server refused to delete the object.');
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** A person who does not want a real cluster changed is told why the text is not saved. */
  private async change<P, R>(type: RequestType<P, R, void>, params: RequestParam<P>): Promise<R> {
    try {
      return await this.host.request(type, params);
    } catch (error) {
      if (error instanceof vscode.CancellationError) throw new vscode.FileSystemError('The real cluster stays as it is.');
      throw error;
    }
  }

  private refOf(uri: vscode.Uri): ObjectRef {
    const ref = parseLivePath(uri.path);
    if (ref === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    if (uri.authority !== authorityOf(this.host.real))
      throw vscode.FileSystemError.Unavailable('The object is of a cluster that is not shown now.');
    return ref;
  }
}
