import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { loadAll } from 'js-yaml';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import { createApiJudge } from '../../../src/manifest/apiJudge.ts';
import { Documents } from '../../../src/manifest/documents.ts';
import { requests, tellWorker, type WorkerOptions } from '../../../src/host/protocol/protocol.ts';
import { best, quantile, row, seconds, timed, type Row } from '../row.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const FILES = 2_500;

export const EDITOR_ROWS: readonly Row[] = [
  row(
    'keystroke',
    {
      what: 'keystroke to diagnostics, 50 documents, 1,550 lines, work p95',
      target: '≤ 20 ms',
      peer: 'yaml-language-server 2.0 with its Kubernetes schema: 338 ms median',
    },
    async () => {
      const documents = new Documents(createApiJudge());
      const text = manyDocuments(50);
      documents.change('a.yaml', text);
      documents.diagnostics('a.yaml');
      const samples: number[] = [];
      let judged = 0;
      for (let key = 0; key < 200; key++) {
        const typed = text.replace(`web-${key % 50}\n`, `web-${key % 50}${'x'.repeat((key % 7) + 1)}\n`);
        samples.push(
          await timed(() => {
            documents.change('a.yaml', typed);
            judged += documents.diagnostics('a.yaml')?.judged ?? 0;
          }),
        );
      }
      const p95 = quantile(samples, 0.95);
      return {
        value: seconds(p95),
        meetsTarget: p95 <= 20,
        meetsPeer: p95 <= 338,
        work: `${(judged / samples.length).toFixed(1)} documents judged a keystroke`,
      };
    },
  ),
  row(
    'first-diagnostics',
    { what: 'first diagnostics of such a file, worker not yet started', target: '≤ 400 ms', peer: 'yaml-language-server: 1.9 to 3.9 s' },
    async () => {
      const ms = await withWorker(async (connection) => {
        await connection.sendNotification(tellWorker.documentChanged, { uri: 'a.yaml', version: 1, text: manyDocuments(50) });
        await connection.sendRequest(requests.documentDiagnostics, {
          uri: 'a.yaml',
          settings: { namespace: 'default', warnings: true, references: true },
        });
      });
      return { value: seconds(ms), meetsTarget: ms <= 400, meetsPeer: ms <= 1900 };
    },
  ),
  row(
    'cold-start',
    { what: 'cold start of the worker to the first apply answered, not the first since it was installed', target: '≤ 300 ms', peer: '' },
    async () => {
      const ms = await withWorker(async (connection) => {
        const files = [{ uri: 'a.yaml', text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' }];
        await connection.sendRequest(requests.manifestApply, { files, dryRun: false, namespace: 'default', progress: undefined });
      });
      return { value: seconds(ms), meetsTarget: ms <= 300, meetsPeer: true };
    },
  ),
  row(
    'validate',
    {
      what: 'validate 5,000 resources in 2,500 files, whole process',
      target: '≤ 0.33 s',
      peer: 'kubeconform (schema only): 0.55 to 0.68 s',
    },
    async () => {
      bundle();
      const folder = mkdtempSync(join(tmpdir(), 'kubepad-bench-'));
      const texts: string[] = [];
      for (let n = 0; n < FILES; n++) {
        const text = manyDocuments(2, `f${n}`);
        texts.push(text);
        writeFileSync(join(folder, `f${n}.yaml`), text);
      }
      // The reader that both sides of the comparison would use, on the same documents in the same run.
      const yaml = await best(3, () => {
        for (const text of texts) loadAll(text);
      });
      const ms = await best(5, () => {
        const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist/kubepad.mjs'), 'validate', folder], { encoding: 'utf8' });
        if (status !== 0) throw new Error(stderr);
      });
      rmSync(folder, { recursive: true });
      return {
        value: seconds(ms),
        meetsTarget: ms <= 330,
        meetsPeer: ms <= 550,
        work: `js-yaml reads the same text, already in memory, in ${seconds(yaml)}: ${(ms / yaml).toFixed(1)} times that`,
      };
    },
  ),
  row('bundle', { what: 'size of the packaged extension', target: '≤ 3 MB', peer: '' }, async () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/package.ts')], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const [, files = '', megabytes = ''] = /(\d+) files, ([\d.]+) MB/.exec(stdout) ?? [];
    const size = Number(megabytes);
    return Promise.resolve({ value: `${megabytes} MB`, meetsTarget: size > 0 && size <= 3, meetsPeer: true, work: `${files} files` });
  }),
];

/** A Deployment of 30 lines for each document, as people write them; no two are equal. */
function manyDocuments(count: number, prefix = 'web'): string {
  const sample = readFileSync(join(root, 'test/bench/rows/deployment.yaml'), 'utf8');
  return Array.from({ length: count }, (_, n) => sample.replaceAll('NAME', `${prefix}-${n}`)).join('---\n');
}

type Connection = ReturnType<typeof createMessageConnection>;

/** As in the editor, the program is kept compiled by its first start, which is not measured. */
async function withWorker(act: (connection: Connection) => Promise<void>): Promise<number> {
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
function bundle(): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build.ts'), '--production'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
