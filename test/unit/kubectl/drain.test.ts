import assert from 'node:assert/strict';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { drainRound } from '../../../src/kubectl/drain.ts';
import { answerOf } from '../../../src/kubectl/inProcess.ts';
import type { Rest } from '../../../src/kubectl/rest.ts';

const SECOND = 1_000;

describe('a drain', () => {
  let cluster: Cluster;
  let rest: Rest;
  const wait = (seconds: number): void => void cluster.simulation.advance(cluster.simulation.now() + seconds * SECOND);
  const create = (path: string, object: object): void => {
    const answer = answerOf(cluster.api, { method: 'POST', path, contentType: 'application/json', body: JSON.stringify(object) });
    assert.equal(answer.code, 201, JSON.stringify(answer.body));
  };
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.29' }] } };
  const selector = { matchLabels: { app: 'web' } };
  const round = async (node: string, force = false) => {
    const answer = await drainRound(rest, node, force);
    assert.ok(answer.ok);
    return answer.value;
  };
  const cordon = (node: string): void => {
    const body = JSON.stringify({ spec: { unschedulable: true } });
    answerOf(cluster.api, { method: 'PATCH', path: `/api/v1/nodes/${node}`, contentType: 'application/merge-patch+json', body });
  };

  beforeEach(() => {
    cluster = Cluster.create({ seed: 'drain', startTime: Date.UTC(2026, 0, 5), preset: 'default', nodes: 2, freeze: true });
    rest = { request: async (request) => answerOf(cluster.api, request) };
    wait(5);
  });

  it('evicts what a budget allows, says what it refuses, and is done when nothing is left', async () => {
    create('/apis/apps/v1/namespaces/default/deployments', { metadata: { name: 'web' }, spec: { replicas: 4, selector, template } });
    create('/apis/policy/v1/namespaces/default/poddisruptionbudgets', { metadata: { name: 'web' }, spec: { minAvailable: 3, selector } });
    wait(20);
    cordon('worker-1');
    const first = await round('worker-1');
    assert.equal(first.left.length, 2);
    assert.match(first.refusal, /^Cannot evict pod as it would violate the pod's disruption budget\. .*needs 3 healthy pods/);
    for (let at = 0; at < 10 && (await round('worker-1')).left.length > 0; at++) wait(20);
    assert.deepEqual(await round('worker-1'), { left: [], refusal: '', bare: [] });
  });

  it('leaves what DaemonSets run', async () => {
    create('/apis/apps/v1/namespaces/default/daemonsets', { metadata: { name: 'agent' }, spec: { selector, template } });
    wait(20);
    assert.deepEqual(await round('worker-1'), { left: [], refusal: '', bare: [] });
  });

  it('evicts nobody while a Pod is there that nothing makes again, unless that is wanted', async () => {
    create('/apis/apps/v1/namespaces/default/deployments', { metadata: { name: 'web' }, spec: { replicas: 2, selector, template } });
    create('/api/v1/namespaces/default/pods', { metadata: { name: 'lonely' }, spec: { ...template.spec, nodeName: 'worker-1' } });
    wait(20);
    cordon('worker-1');
    assert.deepEqual((await round('worker-1')).bare, ['default/lonely']);
    wait(60);
    assert.equal((await round('worker-1')).left.length, 2);
    await round('worker-1', true);
    wait(60);
    assert.deepEqual(await round('worker-1'), { left: [], refusal: '', bare: [] });
  });
});
