import assert from 'node:assert/strict';
import { createApi } from '../../../src/extension/api/createApi.ts';
import type { KubepadApi } from '../../../src/extension/api/kubepad.ts';
import type { WorkerHost } from '../../../src/extension/host/workerHost.ts';
import type { ToolCall } from '../../../src/host/protocol/tool.ts';
import { Caller, deployment } from '../host/tools/support.ts';

describe('the API for other extensions', () => {
  let api: KubepadApi;
  beforeEach(() => {
    const caller = new Caller();
    // The wire of the worker thread, which only carries plain data.
    const request = (_: unknown, params: unknown): Promise<unknown> => {
      const { tool, input } = structuredClone(params) as ToolCall;
      return caller.call(tool, input).then((answer) => structuredClone(answer));
    };
    api = createApi({ request } as unknown as Pick<WorkerHost, 'request'>, 1);
  });

  it('is of one version', () => {
    assert.equal(api.version, 1);
    assert.throws(() => createApi({ request: () => Promise.reject(new Error()) }, 2), /no API of version 2/);
  });

  it('judges, foresees and applies', async () => {
    const { valid, findings } = await api.main.validate('apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}\n');
    assert.deepEqual([valid, findings.map(({ line, path }) => [line, path])], [false, [[4, 'spec.containers']]]);
    const outlook = await api.main.forecast(deployment('web'), { namespace: 'default' });
    assert.deepEqual([outlook.ok, outlook.pods.length, outlook.documents[0]?.outlook], [true, 2, 'good']);
    const applied = await api.main.apply(deployment('web'));
    assert.deepEqual([applied.ok, applied.results[0]?.action, applied.results[0]?.ref?.kind], [true, 'created', 'Deployment']);
  });

  it('runs until a condition, reads and deletes', async () => {
    const { main } = api;
    await main.apply(deployment('web'));
    const ran = await main.runUntil({ until: 'object', kind: 'deploy', name: 'web', for: 'condition=Available', limit: '5m' });
    assert.equal(ran.end, 'done');
    assert.ok(ran.ranMs > 0);
    const pods = await main.list({ kind: 'Pod', namespace: 'default', labelSelector: 'app=web' });
    assert.deepEqual(
      pods.map(({ apiVersion, kind }) => [apiVersion, kind]),
      [
        ['v1', 'Pod'],
        ['v1', 'Pod'],
      ],
    );
    assert.ok((await main.list({ kind: 'nodes' })).length === 3);
    const pod = String(pods[0]?.metadata['name']);
    assert.equal(typeof (await main.logs({ pod })), 'string');
    const [event] = await main.events({ kind: 'Pod', name: pod });
    assert.equal(event?.reason, 'Scheduled');
    await main.delete({ kind: 'deploy', name: 'web' });
    assert.equal((await main.runUntil({ until: 'object', kind: 'pod', name: pod, for: 'delete' })).end, 'done');
    assert.equal(await main.get({ kind: 'deploy', name: 'web' }), undefined);
    assert.equal((await main.runUntil({ until: 'time', duration: '10s' })).ranMs, 10_000);
  });

  it('tries in forks, which end when they are disposed', async () => {
    const fork = await api.main.fork();
    await fork.apply(deployment('web'));
    assert.equal((await fork.get({ kind: 'deploy', name: 'web' }))?.kind, 'Deployment');
    assert.equal(await api.main.get({ kind: 'deploy', name: 'web' }), undefined);
    fork.dispose();
    await assert.rejects(fork.list({ kind: 'pods' }), /There is no cluster fork-1/);
  });

  it('rejects in the words of the API server', async () => {
    await assert.rejects(api.main.get({ kind: 'boats', name: 'anna' }), /the server doesn't have a resource type "boats"/);
    await assert.rejects(api.main.delete({ kind: 'pods', name: 'gone' }), { message: 'pods "gone" not found', reason: 'NotFound' });
    await assert.rejects(api.main.runUntil({ until: 'time', duration: 'soon' }), /soon is no duration/);
  });
});
