import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createMessageConnection, type MessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import { clusterRequests, type ImportAnswer } from '../../../../src/host/protocol/clusters.ts';
import { requests, tellExtension, type WorkerOptions } from '../../../../src/host/protocol/protocol.ts';
import { targetRequests } from '../../../../src/host/protocol/target.ts';
import { timelineRequests } from '../../../../src/host/protocol/timeline.ts';
import { readKubeconfig } from '../../../../src/host/targets/kubeconfig.ts';
import { createTransport } from '../../../../src/host/targets/transport.ts';
import { serve, type Served, WEB } from '../targets/support.ts';

const root = join(import.meta.dirname, '../../../..');
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mark}\n';
describe('several simulated clusters', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'kubepad-clusters-'));
  let worker: Worker;
  let connection: MessageConnection;
  const start = (cluster?: string): void => {
    const workerData: WorkerOptions = {
      dataFile: join(folder, 'cluster.sqlite'),
      ...(cluster === undefined ? {} : { cluster }),
      seed: 's',
      preset: 'default',
      nodes: 1,
      extensionPath: root,
    };
    worker = new Worker(join(root, 'src/host/worker/main.ts'), { workerData });
    worker.on('error', (error) => console.error(error));
    connection = createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker));
    connection.listen();
  };
  const stop = async (): Promise<void> => {
    await connection.sendRequest(requests.clusterFlush);
    connection.dispose();
    await worker.terminate();
  };
  before(() => start());
  after(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });

  const create = (name: string, preset?: string) => connection.sendRequest(clusterRequests.create, { name, preset, config: undefined });
  const list = async () =>
    (await connection.sendRequest(clusterRequests.list, {})).map(({ name, isCurrent }) => `${name}${isCurrent ? ' *' : ''}`);
  const nameShown = async () => (await connection.sendRequest(requests.clusterInfo)).name;
  const apply = (text: string) =>
    connection.sendRequest(requests.manifestApply, {
      files: [{ uri: 'file:///a.yaml', text }],
      dryRun: false,
      namespace: 'default',
      progress: undefined,
    });
  const hasMark = async (): Promise<boolean> =>
    (await connection.sendRequest(requests.objectGet, { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'mark' })).ok;
  const errorOf = (answer: object): unknown => ('error' in answer ? answer.error : undefined);

  it('begin with one', async () => {
    assert.deepEqual(await list(), ['default *']);
    await apply(CONFIG);
  });

  it('are made by name, each for itself', async () => {
    const answer = await create('second', 'kind');
    assert.ok('info' in answer);
    assert.deepEqual([answer.info.name, answer.info.preset], ['second', 'kind']);
    assert.deepEqual(await list(), ['default', 'second *']);
    assert.equal(await hasMark(), false);
  });

  it('refuse names that are taken or none, and change nothing then', async () => {
    assert.match(String(errorOf(await create('second'))), /already/);
    assert.match(String(errorOf(await create('Not a name'))), /no name/);
    assert.match(String(errorOf(await connection.sendRequest(clusterRequests.choose, { name: 'nowhere' }))), /no cluster/);
    assert.match(String(errorOf(await connection.sendRequest(clusterRequests.remove, { name: 'default' }))), /stays/);
    assert.equal(await nameShown(), 'second');
  });

  it('stand still while another one is shown, and go on where they were', async () => {
    await apply(CONFIG);
    const before = (await connection.sendRequest(requests.clusterInfo)).clock.now;
    await connection.sendRequest(clusterRequests.choose, { name: 'default' });
    assert.equal(await hasMark(), true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const answer = await connection.sendRequest(clusterRequests.choose, { name: 'second' });
    assert.ok('info' in answer);
    assert.ok(answer.info.clock.now - before < 300, `${answer.info.clock.now - before} ms went by`);
  });

  it('have open documents each of its own object, told when another one is shown', async () => {
    const told: (string | undefined)[] = [];
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'of-the-second' };
    connection.onNotification(tellExtension.objectChanged, (change) => {
      if (change.ref.name === ref.name) told.push(change.resourceVersion);
    });
    await apply(CONFIG.replace('mark', ref.name));
    await connection.sendRequest(requests.objectObserve, { ref, observe: true });
    for (const name of ['default', 'second']) await connection.sendRequest(clusterRequests.choose, { name });
    await connection.sendRequest(requests.objectObserve, { ref, observe: false });
    assert.equal(told.length, 2);
    assert.equal(told[0], undefined);
    assert.match(told[1] ?? '', /^\d+$/);
  });

  it('are what kubectl works on, each while it is shown', async () => {
    const { kubeconfig } = await connection.sendRequest(requests.clusterConnect, { folder });
    const rest = createTransport(() => readKubeconfig([kubeconfig]).only('kubepad') ?? {});
    const path = '/api/v1/namespaces/default/configmaps/only-here';
    await apply(CONFIG.replace('mark', 'only-here'));
    const codes: (number | undefined)[] = [];
    const ask = async (): Promise<void> => {
      // While it changes over nobody answers.
      codes.push(
        await rest.request({ method: 'GET', path }).then(
          ({ code }) => code,
          () => undefined,
        ),
      );
    };
    const answers = async (code: number): Promise<void> => {
      for (let turn = 0; codes.at(-1) !== code && turn < 200; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        await ask();
      }
      assert.equal(codes.at(-1), code);
    };
    await answers(200);
    await connection.sendRequest(clusterRequests.choose, { name: 'default' });
    await answers(404);
    await connection.sendRequest(clusterRequests.choose, { name: 'second' });
    await answers(200);
  });

  it('are reset one by one', async () => {
    await connection.sendRequest(requests.clusterReset, {});
    assert.equal(await nameShown(), 'second');
    assert.equal(await hasMark(), false);
    await connection.sendRequest(clusterRequests.choose, { name: 'default' });
    assert.equal(await hasMark(), true);
  });

  it('are there again after a restart, the chosen one first', async () => {
    await connection.sendRequest(clusterRequests.choose, { name: 'second' });
    await apply(CONFIG);
    await stop();
    start('second');
    assert.deepEqual(await list(), ['default', 'second *']);
    assert.equal(await hasMark(), true);
    await stop();
    start('gone');
    assert.deepEqual(await list(), ['default *', 'second']);
  });

  it('are made of forks, which then have their own way', async () => {
    const fork = await connection.sendRequest(timelineRequests.fork, {});
    const answer = await connection.sendRequest(clusterRequests.keepFork, { fork, name: 'what-if' });
    assert.ok('info' in answer);
    assert.equal(answer.info.name, 'what-if');
    assert.equal(await hasMark(), true);
    await connection.sendRequest(requests.objectDelete, {
      ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'mark' },
      gracePeriodSeconds: undefined,
      propagationPolicy: undefined,
    });
    await connection.sendRequest(clusterRequests.choose, { name: 'default' });
    assert.equal(await hasMark(), true);
    assert.match(String(errorOf(await connection.sendRequest(clusterRequests.keepFork, { fork: 'none', name: 'x' }))), /not there/);
    await connection.sendRequest(clusterRequests.remove, { name: 'what-if' });
  });

  it('are thrown away with their files', async () => {
    await connection.sendRequest(clusterRequests.choose, { name: 'second' });
    const file = join(folder, 'clusters', 'second.sqlite');
    assert.equal(existsSync(file), true);
    const answer = await connection.sendRequest(clusterRequests.remove, { name: 'second' });
    assert.ok('info' in answer);
    assert.equal(answer.info.name, 'default');
    assert.equal(existsSync(file), false);
    assert.deepEqual(await list(), ['default *']);
  });

  describe('of a snapshot', () => {
    let served: Served;
    before(async () => {
      served = await serve();
      await served.apply(WEB);
    });
    after(() => served.close());
    const take = (name: string, context: string, text?: string): Promise<ImportAnswer> =>
      connection.sendRequest(clusterRequests.importSnapshot, {
        name,
        context,
        kubeconfig: served.kubeconfig,
        files: text === undefined ? [] : [{ uri: 'file:///list.json', text }],
      });

    it('have the objects of the real cluster, also while that is shown', async () => {
      await connection.sendRequest(targetRequests.connect, { kubeconfig: served.kubeconfig, context: 'production' });
      const answer = await take('rehearsal', 'production');
      assert.ok('info' in answer, String(errorOf(answer)));
      assert.ok(answer.objects > 5);
      const found = await connection.sendRequest(requests.objectList, {
        apiVersion: 'v1',
        kind: 'Node',
        namespace: undefined,
        labelSelector: '',
      });
      assert.equal(found.ok && found.value.length, 3);
      assert.equal(await nameShown(), 'rehearsal');
      await apply(CONFIG);
      assert.equal(served.cluster.api.store.get('configmaps', 'default/mark'), undefined);
    });

    it('are not there if nothing could be read', async () => {
      assert.match(String(errorOf(await take('empty', '', '{"kind": "List", "items": []}'))), /no object/);
      assert.match(String(errorOf(await take('lost', 'elsewhere'))), /no context elsewhere/);
      assert.match(String(errorOf(await take('rehearsal', 'production'))), /taken/);
      assert.deepEqual(await list(), ['default', 'rehearsal *']);
      assert.equal(existsSync(join(folder, 'clusters', 'empty.sqlite')), false);
    });
  });
});
