import assert from 'node:assert/strict';
import { answerOf } from '../../../src/kubectl/inProcess.ts';
import { applyObject } from '../../../src/kubectl/apply.ts';
import type { RestRequest } from '../../../src/kubectl/rest.ts';
import { createApiJudge } from '../../../src/manifest/apiJudge.ts';
import { ClusterBases } from '../../../src/scenario/bases.ts';
import { withScenarios } from '../../../src/scenario/judge.ts';
import { recordScenario } from '../../../src/scenario/record.ts';
import { runScenario } from '../../../src/scenario/run.ts';
import { readScenarios } from '../../../src/scenario/source.ts';

describe('a recorded scenario', () => {
  it('has what a person did, and passes when it is played', async () => {
    const bases = new ClusterBases();
    const cluster = bases.cluster({ preset: 'default' }, undefined);
    assert.equal(recordScenario(cluster), undefined);
    const { simulation } = cluster;
    const wait = (ms: number): unknown => simulation.advance(simulation.now() + ms);
    const request = (each: RestRequest) => Promise.resolve(answerOf(cluster.api, each));
    const merge = (path: string, body: object): unknown =>
      answerOf(cluster.api, { method: 'PATCH', path, contentType: 'application/merge-patch+json', body: JSON.stringify(body) });
    const containers = [{ name: 'web', image: 'nginx:1.29' }];
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers } };
    const spec = { replicas: 2, selector: { matchLabels: { app: 'web' } }, template };
    const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec };
    const fault = {
      apiVersion: 'kubepad.dev/v1',
      kind: 'Fault',
      metadata: { name: 'gone' },
      spec: { type: 'NodeDown', target: { node: 'worker-2' } },
    };
    await applyObject({ request }, manifest, { dryRun: false, namespace: 'default' });
    wait(30_000);
    merge('/apis/apps/v1/namespaces/default/deployments/web/scale', { spec: { replicas: 4 } });
    merge('/api/v1/nodes/worker-1', { spec: { unschedulable: true } });
    wait(10_000);
    await applyObject({ request }, fault, { dryRun: false, namespace: '' });
    wait(60_000);
    answerOf(cluster.api, { method: 'DELETE', path: '/apis/kubepad.dev/v1/faults/gone' });
    merge('/apis/apps/v1/namespaces/default/deployments/web', { metadata: { labels: { team: 'a' } } });
    wait(60_000);
    const text = recordScenario(cluster) ?? '';
    const [source] = readScenarios(withScenarios(createApiJudge()), text);
    assert.ok(source !== undefined);
    assert.deepEqual(source.problems, []);
    assert.deepEqual(
      source.steps.map(({ label }) => label),
      [
        'apply deployment/web',
        'wait 30s',
        'scale deployment/web to 4',
        'cordon worker-1',
        'wait 10s',
        'NodeDown gone',
        'wait 1m0s',
        'the fault gone ends',
        'patch deployment/web',
        'wait 1m0s',
      ],
    );
    assert.deepEqual(source.scenario.expect, [{ object: 'deployment/web', fields: { 'status.readyReplicas': 4 } }]);
    const outcome = await runScenario(source, { files: { read: () => ({ error: 'none' }) }, bases });
    assert.deepEqual(outcome.failures, []);
  });
});
