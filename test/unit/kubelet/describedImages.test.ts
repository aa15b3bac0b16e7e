import assert from 'node:assert/strict';
import type { Draft } from '../../../src/base/json.ts';
import { IMAGES, type Image, type ImageSpec } from '../../../src/api/kubepad/image/types.ts';
import { EVENTS, PODS } from '../../../src/api/schema/resources.ts';
import type { PodSpec } from '../../../src/api/schema/types/core/v1.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { createPod, getPod, readyCluster, run, summary } from './support.ts';

type Policy = NonNullable<PodSpec['containers'][number]['imagePullPolicy']>;
const MEGA = 1_000_000;
const BASE = { digest: `sha256:${'a'.repeat(64)}`, size: 160 * MEGA };

const createImage = (cluster: Cluster, name: string, spec: Partial<Draft<ImageSpec>> = {}): Image =>
  cluster.admin().create(IMAGES, { metadata: { name }, spec: { repository: 'localhost:5000/web', ...spec } });
const image = (cluster: Cluster, name: string): Image | undefined => cluster.admin().get(IMAGES, '', name);
const pod = (cluster: Cluster, name: string, ref: string, spec: Partial<Draft<PodSpec>> = {}, policy?: Policy): void =>
  createPod(cluster, name, undefined, {
    containers: [{ name: 'app', image: ref, ...(policy === undefined ? {} : { imagePullPolicy: policy }) }],
    ...spec,
  });
const messages = (cluster: Cluster, name: string, reason: string): readonly string[] =>
  cluster
    .admin()
    .list(EVENTS, 'default')
    .filter((event) => event.involvedObject.name === name && event.reason === reason)
    .map(({ message = '' }) => message);
const pulledIn = (cluster: Cluster, name: string): string => / in (\S+) \(/.exec(messages(cluster, name, 'Pulled')[0] ?? '')?.[1] ?? '';
const digestOf = (cluster: Cluster, name: string): string =>
  getPod(cluster, name)?.status?.containerStatuses?.[0]?.imageID?.split('@')[1] ?? '';
const waiting = (cluster: Cluster, name: string): string => {
  const { reason = '', message = '' } = getPod(cluster, name)?.status?.containerStatuses?.[0]?.state?.waiting ?? {};
  return `${reason}: ${message}`;
};

describe('pulling what an Image describes', () => {
  it('takes as long as its layers need, and those that the node has need nothing', () => {
    const cluster = readyCluster();
    createImage(cluster, 'one', { tags: ['1'], layers: [BASE, { size: 8 * MEGA }] });
    createImage(cluster, 'two', { tags: ['2'], layers: [BASE, { size: 16 * MEGA }] });
    pod(cluster, 'first', 'localhost:5000/web:1');
    run(cluster, 10);
    pod(cluster, 'second', 'localhost:5000/web:2');
    run(cluster, 10);
    assert.deepEqual([pulledIn(cluster, 'first'), pulledIn(cluster, 'second')], ['2.5s', '600ms']);
    assert.match(messages(cluster, 'second', 'Pulled')[0] ?? '', /Image size: 176000000 bytes\.$/);
    assert.equal(digestOf(cluster, 'first'), image(cluster, 'one')?.status?.digest);
    assert.deepEqual(image(cluster, 'one')?.status?.nodes, ['worker-1']);
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['a registry of the workspace that has nothing', 'localhost:5001/web:1', /^ErrImagePull: rpc error: code = NotFound .*: not found$/],
    ['a private one of Amazon', '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1', /^ErrImagePull: rpc error: code = NotFound/],
    ['a tag that was not pushed', 'localhost:5000/web:2', /^ErrImagePull: rpc error: code = NotFound/],
    ['what is only built', 'team/app:1', /^ErrImagePull: .*pull access denied, repository does not exist/],
  ];
  for (const [title, ref, expected] of refused) {
    it(`is refused by ${title}`, () => {
      const cluster = readyCluster();
      createImage(cluster, 'web', { tags: ['1'] });
      createImage(cluster, 'app', { repository: 'team/app', tags: ['1'], pushed: false });
      pod(cluster, 'p', ref);
      run(cluster, 4);
      assert.match(waiting(cluster, 'p'), expected);
    });
  }

  it('leaves the registries of the world alone, and official images beside those that were built', () => {
    const cluster = readyCluster();
    createImage(cluster, 'mine', { repository: 'nginx', tags: ['mine'] });
    for (const [name, ref] of Object.entries({ a: 'nginx:1.29', b: 'ghcr.io/team/app:1', c: 'nginx:mine' })) pod(cluster, name, ref);
    run(cluster, 20);
    assert.deepEqual(
      ['a', 'b', 'c'].map((name) => summary(cluster, name)),
      Array(3).fill('Running rc=0 ready'),
    );
    assert.equal(digestOf(cluster, 'c'), image(cluster, 'mine')?.status?.digest);
    assert.notEqual(digestOf(cluster, 'a'), image(cluster, 'mine')?.status?.digest);
  });

  it('goes by digest, too', () => {
    const cluster = readyCluster();
    const { status } = createImage(cluster, 'web', { tags: ['1'] });
    pod(cluster, 'p', `localhost:5000/web@${status?.digest ?? ''}`);
    pod(cluster, 'q', `localhost:5000/web@sha256:${'0'.repeat(64)}`);
    run(cluster, 10);
    assert.equal(summary(cluster, 'p'), 'Running rc=0 ready');
    assert.match(waiting(cluster, 'q'), /not found$/);
  });
});

describe('a tag that moves', () => {
  /** Pod `old` got tag 1 of the first content; then the tag means the second. */
  const moved = (): Cluster => {
    const cluster = readyCluster();
    createImage(cluster, 'first', { tags: ['1'], config: { cmd: ['a'] } });
    pod(cluster, 'old', 'localhost:5000/web:1');
    run(cluster, 10);
    cluster
      .admin()
      .modify(IMAGES, '', 'first', (copy) => void (copy.spec = { repository: 'localhost:5000/web', tags: ['0'], config: { cmd: ['a'] } }));
    createImage(cluster, 'second', { tags: ['1'], config: { cmd: ['b'] } });
    return cluster;
  };
  const cases: readonly (readonly [Policy, string, string])[] = [
    ['IfNotPresent', 'worker-1', 'first'],
    ['Always', 'worker-1', 'second'],
    ['IfNotPresent', 'worker-2', 'second'],
  ];
  for (const [policy, nodeName, expected] of cases) {
    it(`${policy} on ${nodeName} runs the ${expected}`, () => {
      const cluster = moved();
      pod(cluster, 'new', 'localhost:5000/web:1', { nodeName }, policy);
      run(cluster, 10);
      assert.equal(digestOf(cluster, 'new'), image(cluster, expected)?.status?.digest);
      assert.equal(digestOf(cluster, 'old'), image(cluster, 'first')?.status?.digest);
    });
  }

  it('is told by the status of both', () => {
    const cluster = moved();
    pod(cluster, 'new', 'localhost:5000/web:1', {}, 'Always');
    run(cluster, 10);
    assert.deepEqual(
      ['first', 'second'].map((name) => image(cluster, name)?.status?.nodeCount),
      [0, 1],
    );
  });
});

describe('an Image that is deleted', () => {
  it('stays on the nodes that have it', () => {
    const cluster = readyCluster();
    const { status } = createImage(cluster, 'web', { tags: ['1'], layers: [BASE], program: { exitAfter: '1h' } });
    pod(cluster, 'before', 'localhost:5000/web:1');
    run(cluster, 10);
    cluster.admin().delete(IMAGES, '', 'web');
    pod(cluster, 'after', 'localhost:5000/web:1');
    pod(cluster, 'elsewhere', 'localhost:5000/web:1', { nodeName: 'worker-2' });
    const copy = cluster.fork();
    for (const each of [cluster, copy]) {
      run(each, 10);
      assert.equal(digestOf(each, 'after'), status?.digest);
      assert.match(waiting(each, 'elsewhere'), /not found$/);
    }
    run(cluster, 3600);
    assert.equal(summary(cluster, 'after'), 'Running rc=1 ready');
  });
});

describe('a described program', () => {
  const started = (program: Draft<ImageSpec>['program'], spec: Partial<Draft<PodSpec['containers'][number]>> = {}): Cluster => {
    const cluster = readyCluster();
    createImage(cluster, 'web', { tags: ['1'], config: { ports: ['8080/tcp'] }, program: program ?? {} });
    createPod(cluster, 'p', undefined, { containers: [{ name: 'app', image: 'localhost:5000/web:1', ...spec }] });
    return cluster;
  };

  it('answers when it has started up', () => {
    const cluster = started({ startTime: '20s' }, { readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } });
    run(cluster, 15);
    assert.equal(summary(cluster, 'p'), 'Running rc=0 unready');
    run(cluster, 15);
    assert.equal(summary(cluster, 'p'), 'Running rc=0 ready');
  });

  it('ends when it says so, with its code', () => {
    const cluster = started({ exitAfter: '5s', exitCode: 3 });
    run(cluster, 9);
    assert.equal(getPod(cluster, 'p')?.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 3);
  });

  it('fails at a path from a time on', () => {
    const cluster = started(
      { failingPaths: [{ path: '/healthz', after: '20s', code: 503 }] },
      {
        livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 2 },
        readinessProbe: { httpGet: { path: '/', port: 8080 } },
      },
    );
    run(cluster, 15);
    assert.equal(summary(cluster, 'p'), 'Running rc=0 ready');
    run(cluster, 20);
    assert.match(messages(cluster, 'p', 'Unhealthy')[0] ?? '', /statuscode: 503$/);
  });

  it('does what the command of its configuration says, unless the Pod says another', () => {
    const cluster = readyCluster();
    createImage(cluster, 'web', { tags: ['1'], config: { entrypoint: ['sh', '-c'], cmd: ['sleep 2; exit 4'] } });
    const spec = (args: readonly string[] | undefined): Partial<Draft<PodSpec>> => ({
      restartPolicy: 'Never',
      containers: [{ name: 'app', image: 'localhost:5000/web:1', ...(args === undefined ? {} : { args: [...args] }) }],
    });
    createPod(cluster, 'own', undefined, spec(undefined));
    createPod(cluster, 'other', undefined, spec(['exit 5']));
    run(cluster, 10);
    const code = (name: string): number | undefined =>
      cluster.admin().get(PODS, 'default', name)?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
    assert.deepEqual([code('own'), code('other')], [4, 5]);
  });

  it('takes memory as it says, and is killed beyond its limit', () => {
    const memory = [{ amount: '64Mi' }, { after: '1m', amount: '256Mi' }];
    const cluster = started({ memory }, { resources: { limits: { memory: '128Mi' } } });
    run(cluster, 15);
    const { startedAt = '' } = getPod(cluster, 'p')?.status?.containerStatuses?.[0]?.state?.running ?? {};
    run(cluster, 20);
    const { reason, exitCode, finishedAt = '' } = getPod(cluster, 'p')?.status?.containerStatuses?.[0]?.lastState?.terminated ?? {};
    assert.deepEqual([reason, exitCode, Date.parse(finishedAt) - Date.parse(startedAt)], ['OOMKilled', 137, 20_000]);
  });

  it('goes before a program that nobody knows, whose base prepares it', () => {
    const cluster = readyCluster();
    const config = { entrypoint: ['docker-entrypoint.sh'], cmd: ['node', 'server.js'] };
    createImage(cluster, 'web', { tags: ['1'], base: 'node:24-alpine', config });
    createImage(cluster, 'ending', { tags: ['2'], base: 'node:24-alpine', config, program: { exitAfter: '2s', exitCode: 3 } });
    for (const tag of ['1', '2']) pod(cluster, `p${tag}`, `localhost:5000/web:${tag}`, { restartPolicy: 'Never' });
    run(cluster, 15);
    assert.equal(summary(cluster, 'p1'), 'Running rc=0 ready');
    assert.equal(getPod(cluster, 'p2')?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode, 3);
  });

  it('runs as the user of its configuration', () => {
    const cluster = readyCluster();
    createImage(cluster, 'web', { tags: ['1'], config: { user: 'node' } });
    createImage(cluster, 'numbered', { tags: ['2'], config: { user: '1000:1000' } });
    for (const tag of ['1', '2']) pod(cluster, `p${tag}`, `localhost:5000/web:${tag}`, { securityContext: { runAsNonRoot: true } });
    run(cluster, 10);
    assert.match(waiting(cluster, 'p1'), /^CreateContainerConfigError: container has runAsNonRoot and image has non-numeric user \(node\)/);
    assert.equal(summary(cluster, 'p2'), 'Running rc=0 ready');
  });
});
