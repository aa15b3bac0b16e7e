import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { IMAGES, type Image } from '../../../../src/api/kubepad/image/types.ts';
import { EVENTS } from '../../../../src/api/schema/resources.ts';
import type { Client } from '../../../../src/client/client.ts';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { build, type BuildOutcome } from '../../../../src/host/images/builder.ts';
import { readBuildFiles } from '../../../../src/host/images/context.ts';
import { layerCache, pushImage } from '../../../../src/host/images/imageStore.ts';
import { knownImages } from '../../../../src/host/images/known.ts';
import { imageUsers } from '../../../../src/host/images/users.ts';
import type { LayerCache } from '../../../../src/image/build/build.ts';
import { createPod, getPod, readyCluster, run, summary } from '../../kubelet/support.ts';

const DOCKERFILE = 'FROM alpine:3.22\nWORKDIR /app\nCOPY . .\nCMD ["./start"]\n';

describe('building into a cluster', () => {
  let folder: string;
  let client: Client;
  let cache: LayerCache;

  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  const built = async (...names: readonly string[]): Promise<BuildOutcome> => {
    const outcome = await build(
      { dockerfile: join(folder, 'Dockerfile'), context: folder, names },
      () => client,
      cache,
      () => Promise.resolve(true),
    );
    assert.ok(outcome !== 'cancelled');
    return outcome;
  };
  /** `repository:tags pushed`, sorted. */
  const images = (): readonly string[] =>
    client
      .list(IMAGES)
      .map(({ spec }) => `${spec?.repository ?? ''}:${spec?.tags?.join(',') ?? ''}${spec?.pushed === false ? '' : ' pushed'}`)
      .toSorted();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubepad-build-'));
    client = Cluster.create({ seed: 'b', startTime: 0, preset: 'empty' }).admin();
    cache = layerCache(() => client);
    write({
      Dockerfile: DOCKERFILE,
      start: 'one',
      '.dockerignore': 'Dockerfile\n.dockerignore\nnode_modules\n',
      'node_modules/a/index.js': 'x',
    });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads the files that .dockerignore leaves, and none from outside', () => {
    symlinkSync('/etc/hostname', join(folder, 'outside'));
    const big = 'x'.repeat(2_500_000);
    write({ 'big.bin': big });
    const { name, files } = readBuildFiles(join(folder, 'Dockerfile'), folder);
    assert.equal(name, 'Dockerfile');
    assert.deepEqual(
      files.map(({ path, size, text }) => [path, size, text?.length]),
      [
        ['big.bin', 2_500_000, undefined],
        ['start', 3, 3],
      ],
    );
    assert.equal(files[0]?.digest, createHash('sha256').update(big).digest('hex'));
  });

  it('makes one Image for each repository, of which only the builder knows', async () => {
    await built('web:1', 'localhost:5000/web:1');
    assert.deepEqual(images(), ['localhost:5000/web:1', 'web:1']);
    const [one, two] = client.list(IMAGES);
    assert.equal(one?.status?.digest, two?.status?.digest);
  });

  it('gives a further name to the same content, and moves the names of another', async () => {
    await built('web:1');
    await built('web:latest');
    assert.deepEqual(images(), ['web:1,latest']);
    write({ start: 'two' });
    await built('web:latest');
    assert.deepEqual(images(), ['web:1', 'web:latest']);
    write({ start: 'three' });
    await built('web:latest');
    assert.deepEqual(images(), ['web:1', 'web:latest'], 'an image without a name is of no use');
  });

  it('takes layers of earlier images from the cluster, whoever built them', async () => {
    await built('web:1');
    cache = layerCache(() => client);
    const { result } = await built('web:2');
    assert.deepEqual(
      result.steps.map(({ cached }) => cached),
      [true, true, true],
    );
  });

  it('makes nothing of a build that fails or is called off', async () => {
    write({ Dockerfile: 'FROM alpine\nCOPY nothing /\n' });
    const { result } = await built('web:1');
    assert.equal(result.problem?.line, 2);
    write({ Dockerfile: DOCKERFILE });
    const order = { dockerfile: join(folder, 'Dockerfile'), context: folder, names: ['web:1'] };
    assert.equal(
      await build(
        order,
        () => client,
        cache,
        () => Promise.resolve(false),
      ),
      'cancelled',
    );
    await assert.rejects(
      build(
        { ...order, names: ['Web'] },
        () => client,
        cache,
        () => Promise.resolve(true),
      ),
      /invalid tag "Web"/,
    );
    assert.deepEqual(images(), []);
  });

  it('builds on what was built', async () => {
    await built('team/base:1');
    write({ Dockerfile: 'FROM team/base:1\nRUN echo x > /x\n' });
    const { result, images: made } = await built('team/web:1');
    assert.equal(result.problem, undefined);
    assert.deepEqual(made[0]?.spec?.config?.cmd, ['./start']);
    write({ Dockerfile: 'FROM team/base:2\n' });
    assert.match((await built('team/web:2')).result.problem?.message ?? '', /team\/base:2: not found$/);
  });

  it('pushes: new layers once, and the tag is taken from the image that had it', async () => {
    await built('localhost:5000/web:1');
    const first = pushImage(client, 'localhost:5000/web:1');
    assert.deepEqual([first.ok, first.lines[0]], [true, 'The push refers to repository [localhost:5000/web]']);
    assert.deepEqual(
      first.lines.slice(1, -1).map((line) => line.slice(14)),
      ['Pushed', 'Pushed', 'Pushed'],
    );
    write({ start: 'two' });
    await built('localhost:5000/web:1');
    assert.deepEqual(images(), ['localhost:5000/web:1', 'localhost:5000/web:1 pushed']);
    const second = pushImage(client, 'localhost:5000/web:1');
    assert.deepEqual(
      second.lines.slice(1, -1).map((line) => line.slice(14)),
      ['Pushed', 'Layer already exists', 'Layer already exists'],
    );
    assert.deepEqual(images(), ['localhost:5000/web:1 pushed']);
    assert.match(second.lines.at(-1) ?? '', /^1: digest: sha256:\w{64} size: \d+$/);
  });

  it('pushes one name of several', async () => {
    await built('localhost:5000/web:1', 'localhost:5000/web:2');
    pushImage(client, 'localhost:5000/web:2');
    assert.deepEqual(images(), ['localhost:5000/web:1', 'localhost:5000/web:2 pushed']);
    pushImage(client, 'localhost:5000/web:1');
    assert.deepEqual(images(), ['localhost:5000/web:2,1 pushed']);
  });

  it('tells what is known of names: built, pushed, and where', async () => {
    const order = {
      dockerfile: join(folder, 'Dockerfile'),
      context: folder,
      names: ['localhost:5000/web:1'],
      source: { dockerfile: 'file:///w/Dockerfile' },
    };
    await build(
      order,
      () => client,
      cache,
      () => Promise.resolve(true),
    );
    const known = () => knownImages(client, ['localhost:5000/web:1', 'localhost:5000/web:2', 'nginx', 'A']);
    const dockerfile = 'file:///w/Dockerfile';
    assert.deepEqual(known(), [{ built: true, pushed: false, dockerfile }, { built: false, pushed: false, dockerfile }, null, null]);
    pushImage(client, 'localhost:5000/web:1');
    assert.equal(known()[0]?.pushed, true);
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['localhost:5000/other:1', /An image does not exist locally with the tag: localhost:5000\/other$/],
    ['web:1', /^denied: requested access to the resource is denied$/],
    ['A', /^invalid reference format$/],
  ];
  for (const [name, expected] of refused) {
    it(`does not push ${name}`, async () => {
      await built('web:1');
      const { ok, lines } = pushImage(client, name);
      assert.equal(ok, false);
      assert.match(lines.at(-1) ?? '', expected);
    });
  }

  it('is what Pods run when it is pushed, with its files and settings', async () => {
    const cluster = readyCluster();
    client = cluster.admin();
    write({ Dockerfile: `${DOCKERFILE}ENV GREETING=hello\n` });
    await built('localhost:5000/web:1');
    createPod(cluster, 'early', undefined, { containers: [{ name: 'app', image: 'localhost:5000/web:1' }] });
    run(cluster, 5);
    assert.equal(getPod(cluster, 'early')?.status?.containerStatuses?.[0]?.state?.waiting?.reason, 'ErrImagePull');
    pushImage(client, 'localhost:5000/web:1');
    createPod(cluster, 'late', undefined, { containers: [{ name: 'app', image: 'localhost:5000/web:1' }] });
    run(cluster, 60);
    const [image] = client.list(IMAGES) as readonly [Image];
    for (const name of ['early', 'late'])
      assert.equal(getPod(cluster, name)?.status?.containerStatuses?.[0]?.imageID, `localhost:5000/web@${image.status?.digest ?? ''}`);
    assert.deepEqual(client.get(IMAGES, '', image.metadata.name ?? '')?.status?.nodes, ['worker-1']);
    assert.deepEqual(
      imageUsers(client, ['localhost:5000/web']).map(({ ref }) => `${ref.kind}/${ref.name}`),
      ['Pod/early', 'Pod/late'],
    );
    assert.deepEqual(imageUsers(client, ['localhost:5000/other']), []);
  });
});

describe('the sample with a Dockerfile', () => {
  const sample = join(import.meta.dirname, '../../../../samples/dockerfile');

  it('is built, pushed and run; a changed file rebuilds one layer, of which nodes fetch only that', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubepad-sample-'));
    cpSync(sample, folder, { recursive: true });
    const cluster = readyCluster();
    const client = cluster.admin();
    const cache = layerCache(() => client);
    const make = async (name: string): Promise<readonly boolean[]> => {
      const order = { dockerfile: join(folder, 'Dockerfile'), context: folder, names: [name] };
      const outcome = await build(
        order,
        () => client,
        cache,
        () => Promise.resolve(true),
      );
      assert.ok(outcome !== 'cancelled' && outcome.result.problem === undefined && pushImage(client, name).ok);
      return outcome.result.steps.map(({ cached }) => cached);
    };
    const start = (name: string, image: string): string => {
      createPod(cluster, name, undefined, { containers: [{ name: 'app', image, readinessProbe: { httpGet: { path: '/', port: 8080 } } }] });
      run(cluster, 20);
      const { message = '' } =
        client.list(EVENTS, 'default').find((event) => event.involvedObject.name === name && event.reason === 'Pulled') ?? {};
      return / in (\S+) \(/.exec(message)?.[1] ?? message;
    };
    await make('localhost:5000/hello:1.0.0');
    assert.equal(start('one', 'localhost:5000/hello:1.0.0'), '2.425s');
    const server = join(folder, 'server.js');
    writeFileSync(server, readFileSync(server, 'utf8').replace('// words', 'words'));
    assert.deepEqual(await make('localhost:5000/hello:1.0.1'), [true, true, true, true, false]);
    assert.equal(start('two', 'localhost:5000/hello:1.0.1'), '400ms');
    assert.deepEqual(
      ['one', 'two'].map((name) => summary(cluster, name)),
      ['Running rc=0 ready', 'Running rc=0 ready'],
    );
    rmSync(folder, { recursive: true });
  });
});
