import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { WorkerOptions } from '../../host/protocol/protocol.ts';
import { readSettings } from '../settings.ts';
import { rememberedCluster } from '../targets/simulatedClusters.ts';

/** What the worker begins with: the settings as they are now. */
export function workerOptions(context: vscode.ExtensionContext): WorkerOptions {
  const { persistence, cluster, schedulerConfig } = readSettings();
  const storage = context.storageUri ?? context.globalStorageUri;
  return {
    dataFile: persistence ? join(storage.fsPath, 'cluster.sqlite') : undefined,
    cluster: rememberedCluster(context),
    seed: cluster.seed,
    preset: cluster.preset,
    nodes: cluster.preset === 'default' ? cluster.nodes : undefined,
    schedulerConfig,
    extensionPath: context.extensionPath,
    compileCache: join(context.globalStorageUri.fsPath, 'compile-cache'),
  };
}
