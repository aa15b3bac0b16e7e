import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createMessageConnection, type MessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import { requests, type WorkerOptions } from '../../../../src/host/protocol/protocol.ts';
import { scenarioRequests } from '../../../../src/host/protocol/scenario.ts';

const root = join(import.meta.dirname, '../../../..');
const NODE = { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'worker-1' };
const STORY = `apiVersion: kubepad.dev/v1
kind: Scenario
metadata:
  name: tiny
steps:
  - apply: [web.yaml]
  - name: cordon it
    cordon: worker-1
  - fault: {name: broken, type: NodeDown, target: {node: worker-1}}
  - wait: 2m
expect:
  - object: pod/web
    fields:
      status.phase: Succeeded
`;
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: nginx}]}\n';

describe('scenarios in the worker', () => {
  let folder: string;
  let worker: Worker;
  let connection: MessageConnection;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubepad-scenarios-'));
    writeFileSync(join(folder, 'tiny.k8stest.yaml'), STORY);
    writeFileSync(join(folder, 'web.yaml'), POD);
    const workerData: WorkerOptions = { dataFile: undefined, seed: 's', preset: 'default', nodes: undefined, extensionPath: root };
    worker = new Worker(join(root, 'src/host/worker/main.ts'), { workerData });
    connection = createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker));
    connection.listen();
  });
  after(async () => {
    connection.dispose();
    await worker.terminate();
    rmSync(folder, { recursive: true, force: true });
  });
  const params = () => ({ uri: pathToFileURL(join(folder, 'tiny.k8stest.yaml')).toString(), text: STORY, index: 0 });
  const unschedulable = async (): Promise<unknown> => {
    const answer = await connection.sendRequest(requests.objectGet, NODE);
    return answer.ok && (answer.value as { readonly spec?: { readonly unschedulable?: boolean } }).spec?.unschedulable;
  };

  it('are read with their places', async () => {
    const [found] = await connection.sendRequest(scenarioRequests.read, { text: STORY });
    assert.deepEqual([found?.name, found?.range.start.line], ['tiny', 3]);
    assert.deepEqual(
      found?.steps.map(({ label, range }) => `${range.start.line}: ${label}`),
      ['5: apply web.yaml', '6: cordon it', '8: NodeDown broken', '9: wait 2m'],
    );
  });

  it('end as those of the command line, with a cluster of their own', async () => {
    const answer = await connection.sendRequest(scenarioRequests.run, params());
    const junit = join(folder, 'results.xml');
    const program = join(root, 'src/host/cli/main.ts');
    const cli = spawnSync(process.execPath, [program, 'test', folder, '--json', '--junit', junit], { encoding: 'utf8' });
    assert.equal(cli.status, 1);
    const [result] = JSON.parse(cli.stdout) as readonly {
      readonly failures: readonly { readonly line: number; readonly message: string; readonly seen: string }[];
      readonly steps: readonly { readonly label: string }[];
    }[];
    assert.deepEqual(
      answer.failures.map(({ range, text }) => `${range.start.line + 1}: ${text}`),
      ['14: status.phase of pod/web should be Succeeded, but was Running (at 2m0s)'],
    );
    assert.deepEqual(
      result?.failures.map(({ line, message, seen }) => `${line}: ${message}, but was ${seen} (at 2m0s)`),
      answer.failures.map(({ range, text }) => `${range.start.line + 1}: ${text}`),
    );
    assert.deepEqual(answer.files, [join(folder, 'web.yaml')]);
    assert.match(
      answer.report.join('\n'),
      /^✔ cordon it \(\+0s\)$[^]*^NodeDown broken: ready Pods [\d → ]+; ready nodes 4 → 3 → 3, CPU 16 → 12 → 12; no ready Pod lost$/m,
    );
    assert.match(
      readFileSync(junit, 'utf8'),
      /<testsuites name="kubepad test" tests="1" failures="1">[^]*line="4"[^]*should be Succeeded, but was Running/,
    );
    assert.equal(await unschedulable(), undefined);
  }).timeout(20_000);

  it('are shown in place of the cluster while they are debugged', async () => {
    const first = await connection.sendRequest(scenarioRequests.debug, params());
    assert.deepEqual([first.next?.label, first.time], ['apply web.yaml', '+0s']);
    await connection.sendRequest(scenarioRequests.step, {});
    const third = await connection.sendRequest(scenarioRequests.step, {});
    assert.deepEqual([third.next?.label, third.next?.range.start.line, third.next?.endLine], ['NodeDown broken', 8, 9]);
    assert.equal(await unschedulable(), true);
    // Its time stands still.
    assert.equal((await connection.sendRequest(requests.clusterInfo)).clock.now, Date.parse(third.state[0]?.value ?? ''));
    const answer = await connection.sendRequest(scenarioRequests.end, {});
    assert.equal(answer?.report.at(-1), '0s of virtual time');
    assert.equal(await unschedulable(), undefined);
    assert.equal(await connection.sendRequest(scenarioRequests.record, {}), null);
    const patch = { ref: NODE, type: 'merge', patch: { spec: { unschedulable: true } }, subresource: '' } as const;
    await connection.sendRequest(requests.objectPatch, patch);
    assert.match((await connection.sendRequest(scenarioRequests.record, {})) ?? '', /^steps:\n {2}- cordon: worker-1$/m);
    assert.equal(await connection.sendRequest(scenarioRequests.end, {}), null);
    await connection.sendRequest(scenarioRequests.debug, params());
    const fresh = await connection.sendRequest(requests.clusterReset, {});
    assert.equal(fresh.name, 'default');
  });
});
