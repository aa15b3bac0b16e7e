import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import type { WorkerOptions } from '../../../src/host/protocol/protocol.ts';
import { root } from '../../../scripts/support/process.ts';
import { best } from '../row.ts';

/** A Deployment of 30 lines for each document, as people write them; no two are equal. */
export function manyDocuments(count: number, prefix = 'web'): string {
  const sample = readFileSync(join(root, 'test/bench/rows/deployment.yaml'), 'utf8');
  return Array.from({ length: count }, (_, n) => sample.replaceAll('NAME', `${prefix}-${n}`)).join('---\n');
}

type Connection = ReturnType<typeof createMessageConnection>;

/** As in the editor, the program is kept compiled by its first start, which is not measured. */
export async function withWorker(act: (connection: Connection) => Promise<void>): Promise<number> {
  bundle();
  const compileCache = mkdtempSync(join(tmpdir(), 'kubepad-bench-'));
  await startWorker(compileCache, async (connection) => {
    await act(connection);
    await until(() => readdirSync(compileCache, { recursive: true, withFileTypes: true }).some((entry) => entry.isFile()));
  });
  const ms = await best(3, () => startWorker(compileCache, act));
  rmSync(compileCache, { recursive: true });
  return ms;
}

async function startWorker(compileCache: string, act: (connection: Connection) => Promise<void>): Promise<void> {
  const workerData: WorkerOptions = {
    dataFile: undefined,
    seed: 's',
    preset: 'default',
    nodes: undefined,
    extensionPath: root,
    compileCache,
  };
  const worker = new Worker(join(root, 'dist/worker.mjs'), { workerData });
  const connection = createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker));
  connection.listen();
  await act(connection);
  connection.dispose();
  await worker.terminate();
}

/** Some seconds at most: a host that cannot keep the program compiled is measured as it is. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let wait = 0; wait < 50 && !isTrue(); wait++) await setTimeout(100);
  await setTimeout(200);
}

/** What ships is measured, not the sources. */
export function bundle(): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build.ts'), '--production'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
