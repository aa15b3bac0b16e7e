// A worker thread as the extension talks to it.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createMessageConnection, type MessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import { keysAfter, rowAfter } from '../../../../src/base/keyedRows.ts';
import { requests, tellExtension, type ManifestReport, type WorkerOptions } from '../../../../src/host/protocol/protocol.ts';
import type { ClockState, Row } from '../../../../src/host/protocol/view.ts';

const root = join(import.meta.dirname, '../../../..');

export class Client {
  readonly connection: MessageConnection;
  private readonly worker: Worker;
  readonly rows = new Map<string, Row>();
  private keys: readonly string[] = [];
  /** As it was told last. */
  clock: ClockState | undefined;

  constructor(options: Partial<WorkerOptions> = {}) {
    const workerData: WorkerOptions = {
      dataFile: undefined,
      seed: 's',
      preset: 'default',
      nodes: undefined,
      extensionPath: root,
      ...options,
    };
    this.worker = new Worker(join(root, 'src/host/worker/main.ts'), { workerData });
    this.connection = createMessageConnection(new PortMessageReader(this.worker), new PortMessageWriter(this.worker));
    this.connection.onNotification(tellExtension.viewDiff, ({ diff }) => {
      if (diff.keys !== undefined) this.keys = keysAfter(this.keys, diff.keys);
      for (const row of diff.rows) this.rows.set(row.key, row);
      for (const [offset, fields] of diff.patches) {
        const key = this.keys[offset]!;
        this.rows.set(key, rowAfter(this.rows.get(key)!, fields));
      }
    });
    this.connection.onNotification(tellExtension.clockChanged, (clock) => void (this.clock = clock));
    this.connection.listen();
  }

  apply(text: string, dryRun = false): Promise<ManifestReport> {
    return this.connection.sendRequest(requests.manifestApply, {
      files: [{ uri: 'file:///web.yaml', text }],
      dryRun,
      namespace: 'default',
      progress: undefined,
    });
  }

  async settle(): Promise<void> {
    await this.connection.sendRequest(requests.clockControl, { paused: true });
    await this.connection.sendRequest(requests.clockControl, { runUntil: 'settled' });
  }

  async pods(): Promise<readonly Pod[]> {
    const answer = await this.connection.sendRequest(requests.objectList, {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: 'default',
      labelSelector: '',
    });
    assert.ok(answer.ok);
    return answer.value as readonly Pod[];
  }

  async close(): Promise<void> {
    this.connection.dispose();
    await this.worker.terminate();
  }
}
