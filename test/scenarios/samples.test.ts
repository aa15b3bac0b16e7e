// The samples do what their README promises, on the default cluster.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ADMIN } from '../../src/apiserver/authentication/users.ts';
import { handleRequest } from '../../src/apiserver/endpoints/handle.ts';
import { strategyForKind } from '../../src/api/register.ts';
import { Cluster } from '../../src/cluster/cluster.ts';

const samples = join(import.meta.dirname, '../../samples');

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const documentsOf = (pattern: string): readonly Manifest[] =>
  globSync(pattern, { cwd: samples })
    .toSorted()
    .flatMap((file) => parseAllDocuments(readFileSync(join(samples, file), 'utf8')).map((document) => document.toJS() as Manifest))
    .toSorted((a, b) => Number(b.kind === 'Namespace') - Number(a.kind === 'Namespace'));

/** Creates objects, or replaces their spec, and answers with the codes. */
function send(cluster: Cluster, manifest: Manifest, method: 'POST' | 'PATCH'): number {
  const resource = strategyForKind(manifest.apiVersion, manifest.kind)?.resource;
  assert.ok(resource, manifest.kind);
  const base = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const namespace = resource.namespaced ? `/namespaces/${manifest.metadata.namespace ?? 'default'}` : '';
  const answer = handleRequest(cluster.api, {
    method,
    path: `${base}${namespace}/${resource.plural}${method === 'PATCH' ? `/${manifest.metadata.name}` : ''}`,
    query: new URLSearchParams(),
    headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
    body: JSON.stringify(manifest),
    user: ADMIN,
  });
  return answer.kind === 'response' ? answer.code : 0;
}

/** `NAME READY STATUS RESTARTS` of all Pods, without the generated ends of names. */
function podLines(cluster: Cluster): readonly string[] {
  const answer = handleRequest(cluster.api, {
    method: 'GET',
    path: '/api/v1/pods',
    query: new URLSearchParams(),
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    body: '',
    user: ADMIN,
  });
  assert.ok(answer.kind === 'response');
  const table = JSON.parse(String(answer.body)) as { readonly rows: readonly { readonly cells: readonly unknown[] }[] };
  return table.rows
    .map(({ cells: [name, ready, status] }) => `${String(name).replace(/-[0-9a-z]+-[0-9a-z]{5}$/, '')} ${String(ready)} ${String(status)}`)
    .toSorted();
}

function newCluster(): Cluster {
  const cluster = Cluster.create({ seed: 'samples', startTime: Date.UTC(2026, 0, 5), preset: 'default', freeze: true });
  wait(cluster, 10);
  return cluster;
}

function wait(cluster: Cluster, seconds: number): void {
  cluster.simulation.advance(cluster.simulation.now() + seconds * 1000);
}

const times = (count: number, line: string): readonly string[] => Array.from({ length: count }, () => line);

const table: readonly { readonly sample: string; readonly seconds: number; readonly pods: readonly string[] }[] = [
  { sample: 'bare-pod-and-deployment/*.yaml', seconds: 30, pods: [...times(3, 'cared-for 1/1 Running'), 'lonely 1/1 Running'] },
  {
    sample: 'shop/*.yaml',
    seconds: 60,
    pods: [...times(2, 'api 1/1 Running'), 'db 1/1 Running', ...times(3, 'web 1/1 Running')],
  },
  { sample: 'fits-nowhere/*.yaml', seconds: 30, pods: ['too-big 0/1 Pending', 'too-choosy 0/1 Pending'] },
  { sample: 'dockerfile/*.yaml', seconds: 30, pods: times(2, 'hello 1/1 Running') },
  { sample: 'crash-loop/*.yaml', seconds: 60, pods: ['stumbling 1/2 Error'] },
];

describe('samples', () => {
  for (const { sample, seconds, pods } of table) {
    it(`${sample} is accepted and comes to its end`, () => {
      const cluster = newCluster();
      for (const manifest of documentsOf(sample)) assert.equal(send(cluster, manifest, 'POST'), 201, JSON.stringify(manifest));
      wait(cluster, seconds);
      assert.deepEqual(podLines(cluster), pods);
    });
  }

  it('stuck-rollout keeps three old Pods and gives up after a minute', () => {
    const cluster = newCluster();
    for (const manifest of documentsOf('stuck-rollout/1-works.yaml')) assert.equal(send(cluster, manifest, 'POST'), 201);
    wait(cluster, 30);
    for (const manifest of documentsOf('stuck-rollout/2-stuck.yaml')) assert.equal(send(cluster, manifest, 'PATCH'), 200);
    wait(cluster, 120);
    const lines = podLines(cluster);
    assert.equal(lines.filter((line) => line === 'greeter 1/1 Running').length, 3);
    assert.equal(lines.filter((line) => /^greeter 0\/1 (ErrImagePull|ImagePullBackOff)$/.test(line)).length, 2);
  });

  it('gpu lets four Pods have two of eight cards each, and the others when those have ended', () => {
    const cluster = newCluster();
    const states = (): readonly string[] =>
      podLines(cluster)
        .map((line) => line.split(' ').at(-1) ?? '')
        .toSorted();
    for (const manifest of documentsOf('gpu/*.yaml')) assert.equal(send(cluster, manifest, 'POST'), 201, JSON.stringify(manifest));
    wait(cluster, 50);
    assert.deepEqual(states(), [...times(2, 'Pending'), ...times(4, 'Running')]);
    wait(cluster, 180);
    assert.deepEqual(states(), times(6, 'Completed'));
  });

  it('invalid is refused, document by document', () => {
    const cluster = newCluster();
    const codes = documentsOf('invalid/*.yaml').map((manifest) => send(cluster, manifest, 'POST'));
    // An unknown field is only a warning unless the client asks for strictness, as kubectl does.
    assert.deepEqual(codes, [422, 422, 201]);
  });
});
