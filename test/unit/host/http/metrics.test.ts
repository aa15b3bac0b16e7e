import assert from 'node:assert/strict';
import { ADMIN } from '../../../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../../../src/apiserver/endpoints/handle.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { createRestHost } from '../../../../src/host/http/restHost.ts';

const METRICS = '/apis/metrics.k8s.io/v1beta1';

describe('metrics.k8s.io', () => {
  const open = (metrics: boolean) => {
    const cluster = Cluster.create({ seed: 'metrics', startTime: Date.UTC(2026, 0, 2), preset: 'default', nodes: 1 });
    const { api, simulation } = cluster;
    const host = createRestHost({ api, adminToken: 'secret', kubelets: cluster.kubelets, metrics });
    const send = (method: string, url: string, body?: object): { readonly code: number; readonly body: ReturnType<typeof JSON.parse> } => {
      const { pathname, searchParams } = new URL(url, 'https://test');
      const text = body === undefined ? '' : JSON.stringify(body);
      const answer = handleRequest(api, { method, path: pathname, query: searchParams, headers: {}, body: text, user: ADMIN }, host);
      assert(answer.kind === 'response');
      return { code: answer.code, body: answer.body.startsWith('{') ? JSON.parse(answer.body) : answer.body };
    };
    const advance = (ms: number): void => void simulation.advance(simulation.now() + ms);
    advance(30_000);
    return { send, advance };
  };

  it('says what runs and nothing of what does not', () => {
    const { send, advance } = open(true);
    const pods = '/api/v1/namespaces/default/pods';
    send('POST', pods, { metadata: { name: 'a', labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } });
    send('POST', pods, { metadata: { name: 'waits' }, spec: { schedulerName: 'nobody', containers: [{ name: 'c', image: 'nginx' }] } });
    advance(30_000);
    const { items } = send('GET', `${METRICS}/pods`).body;
    assert.deepEqual(
      items.map((item: { metadata: { name: string } }) => item.metadata.name),
      ['a'],
    );
    assert.match(items[0].containers[0].usage.cpu, /^\d+n$/);
    assert.deepEqual(send('GET', `${METRICS}/namespaces/default/pods?labelSelector=app%3Db`).body.items, []);
    assert.equal(send('GET', `${METRICS}/nodes/worker-1`).body.kind, 'NodeMetrics');
    const missing = send('GET', `${METRICS}/namespaces/default/pods/waits`);
    assert.deepEqual([missing.code, missing.body.message], [404, 'pods.metrics.k8s.io "default/waits" not found']);
    assert.equal(send('DELETE', `${METRICS}/nodes/worker-1`).code, 405);
  });

  it('is not there when it is not wanted', () => {
    const { send } = open(false);
    assert.equal(send('GET', `${METRICS}/nodes`).code, 404);
    const groups: readonly { readonly name: string }[] = send('GET', '/apis').body.groups;
    assert(!groups.some(({ name }) => name === 'metrics.k8s.io'));
  });
});
