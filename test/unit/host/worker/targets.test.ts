import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createMessageConnection, type MessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import { marked, meantOf } from '../../../../src/host/protocol/changes.ts';
import { requests, tellExtension, tellWorker, type ManifestReport, type WorkerOptions } from '../../../../src/host/protocol/protocol.ts';
import { targetRequests } from '../../../../src/host/protocol/target.ts';
import { timelineRequests } from '../../../../src/host/protocol/timeline.ts';
import { toolRequests } from '../../../../src/host/protocol/tool.ts';
import type { RealTarget, Row } from '../../../../src/host/protocol/view.ts';
import { serve, until, type Served, WEB } from '../targets/support.ts';

const root = join(import.meta.dirname, '../../../..');
describe('targets of the worker', function () {
  this.timeout(20_000);
  let served: Served;
  let worker: Worker;
  let connection: MessageConnection;
  let rows = new Map<string, Row>();
  const told: (RealTarget | undefined)[] = [];
  const changed: (string | undefined)[] = [];
  before(async () => {
    served = await serve();
    const workerData: WorkerOptions = { dataFile: undefined, seed: 's', preset: 'default', nodes: 1, extensionPath: root };
    worker = new Worker(join(root, 'src/host/worker/main.ts'), { workerData });
    worker.on('error', (error) => console.error(error));
    connection = createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker));
    connection.onNotification(tellExtension.viewDiff, ({ diff }) => {
      if (diff.sequence === 1) rows = new Map();
      for (const row of diff.rows) rows.set(row.key, row);
    });
    connection.onNotification(tellExtension.clockChanged, ({ real }) => void told.push(real));
    connection.onNotification(tellExtension.objectChanged, ({ ref }) => void changed.push(ref.name));
    connection.listen();
    const query = {
      surface: 'cluster',
      groupBy: 'node',
      filter: '',
      groupsOpen: true,
      toggled: [],
      window: { first: 0, count: 100 },
    } as const;
    await connection.sendNotification(tellWorker.viewQuery, { view: 'tree', query });
  });
  after(async () => {
    connection.dispose();
    await worker.terminate();
    await served.close();
  });

  const names = (type: string): readonly string[] =>
    [...rows.values()].flatMap((row) => (row.type === type && 'name' in row ? [row.name] : []));
  const apply = (text: string, dryRun = false, context = 'production'): Promise<ManifestReport> => {
    const params = { files: [{ uri: 'file:///web.yaml', text }], dryRun, namespace: 'default', progress: undefined };
    return connection.sendRequest(requests.manifestApply, marked(requests.manifestApply, params, { target: context }));
  };
  const connect = (context: string) => connection.sendRequest(targetRequests.connect, { kubeconfig: served.kubeconfig, context });

  it('lists the contexts of a kubeconfig, without what is secret in it', async () => {
    const answer = await connection.sendRequest(targetRequests.contexts, { kubeconfig: served.kubeconfig });
    assert.deepEqual(answer.problems, []);
    assert.deepEqual(
      answer.contexts.map(({ name, server, current }) => ({ name, server, current })),
      [{ name: 'production', server: served.server.url, current: true }],
    );
    assert.equal(JSON.stringify(answer).includes(served.token), false);
  });

  it('goes on with the simulated cluster where a context leads nowhere', async () => {
    const answer = await connect('elsewhere');
    assert.match('error' in answer ? answer.error : '', /no context elsewhere/);
    assert.equal((await connection.sendRequest(requests.clusterInfo)).name, 'default');
  });

  it('shows the real cluster in the same lists', async () => {
    await until(
      'the simulated node',
      () => names('node'),
      (list) => list.includes('worker-1') && !list.includes('worker-2'),
    );
    const answer = await connect('production');
    assert.ok('target' in answer);
    assert.equal(answer.target.state, 'connected');
    await until(
      'the real nodes',
      () => names('node'),
      (list) => list.includes('worker-2'),
    );
    assert.equal((await connection.sendRequest(requests.clusterInfo)).name, 'production');
  });

  it('applies there and nowhere else', async () => {
    const dry = await apply(WEB, true);
    assert.deepEqual(
      dry.results.map(({ action }) => action),
      ['created'],
    );
    assert.equal(served.cluster.api.store.get('deployments.apps', 'default/web'), undefined);
    await apply(WEB);
    assert.notEqual(served.cluster.api.store.get('deployments.apps', 'default/web'), undefined);
    await until(
      'two Pods in the list',
      () => names('pod'),
      (list) => list.filter((name) => name.startsWith('web-')).length === 2,
    );
    const simulated = await connection.sendRequest(toolRequests.call, { tool: 'get', input: { kind: 'Deployment', allNamespaces: true } });
    assert.equal(simulated.text.includes('web'), false);
  });

  it('changes nothing that was meant for another cluster', async () => {
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
    const params = { ref, gracePeriodSeconds: undefined, propagationPolicy: undefined };
    await assert.rejects(connection.sendRequest(requests.objectDelete, params), /meant for the simulated cluster/);
    await assert.rejects(
      connection.sendRequest(requests.objectDelete, { ...params, ...meantOf({ context: 'staging' }) }),
      /meant for the real cluster “staging”, and the real cluster “production” is shown/,
    );
    await assert.rejects(apply(WEB.replace('web', 'other'), false, ''), /nothing was changed/);
    assert.notEqual(served.cluster.api.store.get('deployments.apps', 'default/web'), undefined);
    assert.equal(served.cluster.api.store.get('deployments.apps', 'default/other'), undefined);
  });

  it('describes, edits and observes objects of the real cluster', async () => {
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
    await connection.sendRequest(requests.objectObserve, { ref, observe: true });
    const text = await connection.sendRequest(requests.objectDescribe, ref);
    assert.match(text.ok ? text.value : '', /Replicas:\s+2 desired/);
    const yaml = await connection.sendRequest(requests.objectYaml, ref);
    assert.ok(yaml.ok);
    const params = { ref, text: yaml.value.replace('replicas: 2', 'replicas: 1') };
    const replaced = await connection.sendRequest(requests.objectReplace, { ...params, ...meantOf({ context: 'production' }) });
    assert.equal(replaced.ok, true);
    await until(
      'news of the object',
      () => changed,
      (list) => list.includes('web'),
    );
  });

  it('counts what goes wrong, for the badge', async () => {
    const problems = { pods: 0, nodes: 0 };
    connection.onNotification(tellExtension.clockChanged, (clock) => {
      told.push(clock.real);
      Object.assign(problems, clock.problems);
    });
    await served.apply(
      'apiVersion: v1\nkind: Pod\nmetadata: {name: broken}\nspec: {restartPolicy: Never, containers: [{name: a, image: "busybox:1.36", command: ["false"]}]}\n',
    );
    await until(
      'word of the Pod',
      () => problems.pods,
      (pods) => pods === 1,
    );
  });

  it('has no clock to set', async () => {
    await assert.rejects(connection.sendRequest(requests.clockControl, { paused: true }), /real cluster/);
  });

  it('keeps the timeline with the simulated cluster', async () => {
    assert.equal(await connection.sendRequest(timelineRequests.show, { to: 'now' }), null);
  });

  it('says when the connection is lost', async () => {
    await served.server.close();
    await until(
      'word of it',
      () => told.at(-1),
      (target) => target?.state === 'lost',
    );
  });

  it('comes back to the simulated cluster, which went on', async () => {
    await connection.sendRequest(targetRequests.leave, {});
    assert.equal(told.at(-1), undefined);
    await until(
      'the simulated node alone',
      () => names('node'),
      (list) => list.includes('worker-1') && !list.includes('worker-2'),
    );
    assert.equal((await connection.sendRequest(requests.clusterInfo)).name, 'default');
    await assert.rejects(apply(WEB), /meant for the real cluster “production”, and the simulated cluster is shown/);
  });
});
