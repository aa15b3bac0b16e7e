import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEPLOYMENTS } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { build } from '../../../../src/host/images/builder.ts';
import { layerCache, pushImage } from '../../../../src/host/images/imageStore.ts';
import type { BuildModel, BuildQuery } from '../../../../src/host/panels/build/model.ts';
import { buildSource } from '../../../../src/host/panels/build/source.ts';
import { readyCluster, run } from '../../kubelet/support.ts';

describe('the panel of a build', () => {
  let folder: string;
  let cluster: Cluster;
  let version: number;
  let source: ReturnType<typeof buildSource>;
  let cache: ReturnType<typeof layerCache>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubepad-build-'));
    cluster = readyCluster({ nodes: 1 });
    version = 1;
    cache = layerCache(() => cluster.admin());
    source = buildSource(
      () => cluster,
      () => cache,
    );
    write('app.js', 'one');
    write('package.json', '{}');
    write(
      'Dockerfile',
      'FROM node:24-alpine\nWORKDIR /app\nCOPY package.json .\nRUN apk add curl\nCOPY app.js .\nCMD ["node", "app.js"]\n',
    );
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const query = (more: Partial<BuildQuery> = {}): BuildQuery => ({
    surface: 'build',
    dockerfile: { uri: 'file:///Dockerfile', path: join(folder, 'Dockerfile'), context: folder, version },
    repository: '',
    image: undefined,
    ...more,
  });
  const show = (more: Partial<BuildQuery> = {}): BuildModel => source.picture(query(more)) as BuildModel;
  const buildAs = async (name: string): Promise<void> => {
    const order = { dockerfile: join(folder, 'Dockerfile'), context: folder, names: [name], source: { dockerfile: 'file:///Dockerfile' } };
    const outcome = await build(
      order,
      () => cluster.admin(),
      cache,
      () => Promise.resolve(true),
    );
    assert.ok(outcome !== 'cancelled' && outcome.result.problem === undefined);
  };
  const whys = (): readonly string[] => show().steps.map(({ why }) => why);

  it('says what a build would do, and leaves no trace of having tried it', () => {
    const expected = ['its layers were not fetched yet', 'never built', 'never built', 'never built', 'never built'];
    assert.deepEqual(whys(), expected);
    version++;
    assert.deepEqual(whys(), expected);
    assert.deepEqual([show().images, show().layers], [[], []]);
  });

  it('says why a step does not come from the cache', async () => {
    await buildAs('localhost:5000/web:1');
    assert.deepEqual(whys(), ['', '', '', '', '']);
    write('app.js', 'two');
    version++;
    assert.deepEqual(whys(), ['', '', '', '', 'files that it copies have changed']);
    write('package.json', '{"name":"x"}');
    version++;
    const anew = 'a step before it is built anew';
    assert.deepEqual(whys(), ['', '', 'files that it copies have changed', anew, anew]);
    write('package.json', '{}');
    write('Dockerfile', 'FROM node:24-alpine\nWORKDIR /app\nCOPY package.json .\nRUN apk add curl bash\nCOPY app.js .\n');
    version++;
    assert.deepEqual(whys(), ['', '', '', 'the instruction is new or has changed', anew]);
  });

  it('shows the problem of a Dockerfile at its line', () => {
    write('Dockerfile', 'FROM node:24-alpine\nCOPY missing.js .\n');
    const { problem, steps } = show();
    assert.equal(problem?.line, 2);
    assert.match(problem?.message ?? '', /missing\.js.*not found/);
    assert.equal(steps.length, 1);
    rmSync(join(folder, 'Dockerfile'));
    version++;
    assert.match(show().problem?.message ?? '', /ENOENT/);
  });

  it('shows images, the layers of one of them, registries and who runs them', async () => {
    await buildAs('localhost:5000/web:1');
    pushImage(cluster.admin(), 'localhost:5000/web:1');
    run(cluster, 1);
    write('app.js', 'two');
    await buildAs('localhost:5000/web:2');
    cluster.admin().create(DEPLOYMENTS, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'localhost:5000/web:1' }] } },
      },
    } as never);
    run(cluster, 60);
    const { images, layers, registries, users, base } = show();
    assert.deepEqual(
      images.map(({ tags, pushed, nodes }) => [tags, pushed, nodes]),
      [
        [['2'], false, []],
        [['1'], true, ['worker-1']],
      ],
    );
    assert.equal(layers[0]?.createdBy, 'COPY app.js .');
    assert.deepEqual([layers[0]?.images, layers[1]?.images, base], [1, 2, 'node:24-alpine']);
    assert.deepEqual(registries, [
      {
        key: 'localhost:5000/web',
        registry: 'localhost:5000',
        kind: 'of this workspace',
        repository: 'localhost:5000/web',
        pushed: ['1'],
        local: ['2'],
      },
    ]);
    assert.deepEqual(
      users.map(({ key, image, state }) => [key, image, state]),
      [['Deployment default/web', 'localhost:5000/web:1', '1/1 ready, 1 node']],
    );
    const older = images[1]?.key;
    assert.notEqual(show({ image: older }).layers[0]?.digest, layers[0]?.digest);
  });

  it('shows of an image that nobody built here its known layers and the nodes that have it', () => {
    cluster.admin().create(
      { ...DEPLOYMENTS, group: '', version: 'v1', plural: 'pods', kind: 'Pod' } as never,
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'n', namespace: 'default' },
        spec: { nodeName: 'worker-1', containers: [{ name: 'n', image: 'nginx:1.27' }] },
      } as never,
    );
    run(cluster, 400);
    const { layers, users, holders, registries } = show({ dockerfile: undefined, repository: 'nginx' });
    assert.ok(layers.length > 0);
    assert.deepEqual(
      users.map(({ key }) => key),
      ['Pod default/n'],
    );
    assert.deepEqual(
      holders.map(({ key, images }) => [key, images.length]),
      [['worker-1', 1]],
    );
    assert.equal(registries[0]?.kind, 'Docker Hub');
  });
});
