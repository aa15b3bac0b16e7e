// The samples do what their README promises, on the default cluster.

import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
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

/** As `kubectl apply`: an object that is there is changed. */
function apply(cluster: Cluster, manifest: Manifest): void {
  const code = send(cluster, manifest, 'POST');
  assert.ok(code === 201 || (code === 409 && send(cluster, manifest, 'PATCH') === 200), JSON.stringify(manifest));
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
    .map(
      ({ cells: [name, ready, status] }) =>
        `${String(name).replace(/(-[0-9a-z]+)?-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '')} ${String(ready)} ${String(status)}`,
    )
    .toSorted();
}

function newCluster(): Cluster {
  const cluster = Cluster.create({
    seed: 'samples',
    startTime: Date.UTC(2026, 0, 5),
    preset: 'default',
    defaultStorageClass: 'standard',
    freeze: true,
  });
  wait(cluster, 10);
  return cluster;
}

function wait(cluster: Cluster, seconds: number): void {
  cluster.simulation.advance(cluster.simulation.now() + seconds * 1000);
}

const times = (count: number, line: string): readonly string[] => Array.from({ length: count }, () => line);

interface Act {
  readonly files: string;
  readonly seconds: number;
  readonly pods: readonly string[];
}

/** What one applies and then sees, file by file where the README says so. */
const table: Readonly<Record<string, readonly Act[]>> = {
  'bare-pod-and-deployment': [{ files: '*.yaml', seconds: 30, pods: [...times(3, 'cared-for 1/1 Running'), 'lonely 1/1 Running'] }],
  shop: [{ files: '*.yaml', seconds: 60, pods: [...times(2, 'api 1/1 Running'), 'db 1/1 Running', ...times(3, 'web 1/1 Running')] }],
  'fits-nowhere': [{ files: '*.yaml', seconds: 30, pods: ['too-big 0/1 Pending', 'too-choosy 0/1 Pending'] }],
  // Nobody has built its image: test/unit/host/images does.
  dockerfile: [{ files: '*.yaml', seconds: 25, pods: times(2, 'hello 0/1 ImagePullBackOff') }],
  'crash-loop': [{ files: '*.yaml', seconds: 60, pods: ['stumbling 1/2 Error'] }],
  'rolling-update': [
    { files: '1-*.yaml', seconds: 30, pods: times(4, 'front 1/1 Running') },
    { files: '2-*.yaml', seconds: 60, pods: times(4, 'front 1/1 Running') },
  ],
  stateful: [{ files: '*.yaml', seconds: 60, pods: ['db-0 1/1 Running', 'db-1 1/1 Running', 'db-2 1/1 Running'] }],
  'one-per-node': [{ files: '*.yaml', seconds: 30, pods: [...times(3, 'agent 1/1 Running'), ...times(4, 'everywhere 1/1 Running')] }],
  jobs: [
    {
      files: '*.yaml',
      seconds: 55,
      pods: ['hopeless 0/1 Error', ...times(3, 'import 0/1 Completed'), ...times(6, 'parts 0/1 Error'), 'report 1/1 Running'],
    },
  ],
  'more-nodes': [
    { files: '1-*.yaml', seconds: 30, pods: [...times(4, 'wide 0/1 Pending'), ...times(6, 'wide 1/1 Running')] },
    { files: '2-*.yaml', seconds: 30, pods: times(10, 'wide 1/1 Running') },
  ],
  'growing-pool': [
    { files: '1-*.yaml', seconds: 30, pods: [] },
    { files: '2-*.yaml', seconds: 30, pods: [...times(4, 'web 0/1 Pending'), ...times(2, 'web 1/1 Running')] },
    { files: '2-*.yaml', seconds: 120, pods: times(6, 'web 1/1 Running') },
  ],
  'lost-node': [
    {
      files: '1-*.yaml',
      seconds: 60,
      pods: [
        'ordered-0 1/1 Running',
        'ordered-1 1/1 Running',
        'ordered-2 1/1 Running',
        'single 1/1 Running',
        ...times(3, 'spread 1/1 Running'),
        ...times(3, 'watcher 1/1 Running'),
      ],
    },
    {
      files: '2-power-loss.yaml',
      seconds: 420,
      pods: [
        'ordered-0 1/1 Running',
        'ordered-1 1/1 Running',
        'ordered-2 1/1 Terminating',
        'single 1/1 Terminating',
        ...times(3, 'spread 1/1 Running'),
        'spread 1/1 Terminating',
        ...times(3, 'watcher 1/1 Running'),
      ],
    },
  ],
  drain: [{ files: '*.yaml', seconds: 60, pods: times(4, 'guarded 1/1 Running') }],
  placement: [
    {
      files: '*.yaml',
      seconds: 30,
      pods: [
        'alone 0/1 Pending',
        ...times(3, 'alone 1/1 Running'),
        ...times(5, 'by-zone 1/1 Running'),
        ...times(2, 'companion 1/1 Running'),
        'picky 0/1 Pending',
        'privileged-place 1/1 Running',
      ],
    },
  ],
  priority: [
    { files: '1-*.yaml', seconds: 30, pods: times(6, 'cheap 1/1 Running') },
    {
      files: '2-*.yaml',
      seconds: 30,
      pods: ['cheap 0/1 Pending', ...times(5, 'cheap 1/1 Running'), 'polite 0/1 Pending', 'urgent 1/1 Running'],
    },
  ],
  autoscaler: [{ files: '*.yaml', seconds: 120, pods: times(8, 'worker 1/1 Running') }],
  load: [
    { files: '1-*.yaml', seconds: 60, pods: times(2, 'busy 1/1 Running') },
    { files: '2-*.yaml', seconds: 900, pods: [...times(2, 'busy 0/1 Pending'), ...times(24, 'busy 1/1 Running')] },
    { files: '3-*.yaml', seconds: 90, pods: times(26, 'busy 1/1 Running') },
  ],
  'life-of-a-pod': [{ files: '*.yaml', seconds: 30, pods: ['deaf 1/1 Running', 'sick 0/1 Running', 'steps 2/2 Running'] }],
  'shared-pod': [{ files: '*.yaml', seconds: 30, pods: ['pair 2/2 Running'] }],
  memory: [
    { files: '*.yaml', seconds: 20, pods: ['besteffort', 'burstable', 'greedy', 'guaranteed'].map((name) => `${name} 1/1 Running`) },
  ],
  configuration: [
    { files: '1-*.yaml', seconds: 10, pods: ['painter 0/1 CreateContainerConfigError'] },
    { files: '2-*.yaml', seconds: 30, pods: ['painter 1/1 Running'] },
  ],
  storage: [{ files: '*.yaml', seconds: 30, pods: ['reader 1/1 Running'] }],
  services: [{ files: '*.yaml', seconds: 30, pods: times(3, 'hello 1/1 Running') }],
};

describe('samples', () => {
  for (const [sample, acts] of Object.entries(table)) {
    it(`${sample} is accepted and comes to its end`, () => {
      const cluster = newCluster();
      for (const { files, seconds, pods } of acts) {
        for (const manifest of documentsOf(`${sample}/${files}`)) apply(cluster, manifest);
        wait(cluster, seconds);
        assert.deepEqual(podLines(cluster), pods);
      }
    });
  }

  it('all have a few lines of their own, and one in the list', () => {
    const list = readFileSync(join(samples, 'README.md'), 'utf8');
    for (const folder of readdirSync(samples, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
      assert.ok(existsSync(join(samples, folder.name, 'README.md')), `${folder.name} has no README.md`);
      assert.ok(list.includes(`| [${folder.name}](${folder.name}) |`), `${folder.name} is not in the list`);
    }
  });

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
