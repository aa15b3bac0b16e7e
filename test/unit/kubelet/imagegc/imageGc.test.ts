import assert from 'node:assert/strict';
import { NODEPOOLS } from '../../../../src/api/kubepad/types.ts';
import { EVENTS, NODES } from '../../../../src/api/schema/resources.ts';
import type { Cluster } from '../../../../src/cluster/cluster.ts';
import { addFault, dropFault } from '../../cluster/faults/support.ts';
import { createPod, readyCluster, run } from '../support.ts';

const GIB = 1024 ** 3;

const told = (cluster: Cluster, reason: string): readonly string[] =>
  cluster
    .admin()
    .list(EVENTS, 'default')
    .filter((event) => event.reason === reason && event.involvedObject.name === 'worker-1')
    .map(({ message, count }) => `${count}: ${message}`);

const images = (cluster: Cluster): readonly string[] =>
  (cluster.admin().get(NODES, '', 'worker-1')?.status?.images ?? []).flatMap(({ names }) => names?.slice(1) ?? []).toSorted();

describe('the collection of images', () => {
  it('says that it cannot free enough, and from the second round in a row on that it fails', () => {
    const cluster = readyCluster();
    addFault(cluster, 'full', { type: 'DiskPressure', target: { node: 'worker-1' }, available: '15.5%' });
    run(cluster, 310);
    // Above what evicts, as each of its looks would be an event, too.
    const text = `Failed to garbage collect required amount of images. Attempted to free ${4.5 * GIB} bytes, but only found 0 bytes eligible to free.`;
    assert.deepEqual([told(cluster, 'FreeDiskSpaceFailed'), told(cluster, 'ImageGCFailed')], [[`1: ${text}`], []]);
    run(cluster, 600);
    assert.deepEqual([told(cluster, 'FreeDiskSpaceFailed'), told(cluster, 'ImageGCFailed')], [[`3: ${text}`], [`2: ${text}`]]);
    assert.equal(cluster.simulation.runUntil('stable').reason, 'Done');
    dropFault(cluster, 'full');
    run(cluster, 1_200);
    assert.deepEqual(told(cluster, 'FreeDiskSpaceFailed'), [`3: ${text}`]);
  });

  it('looks at no node whose disk has room', () => {
    const cluster = readyCluster();
    createPod(cluster, 'small', 'image size 1000000000; exit 0', { restartPolicy: 'Never' });
    run(cluster, 900);
    assert.deepEqual(images(cluster), ['registry.test/app:1']);
  });

  it('deletes what was used longest ago, down to 80 %, and nothing that came within two minutes or is used', () => {
    const cluster = readyCluster();
    const load = (name: string, gib: number, ending: string): void =>
      createPod(cluster, name, `image size ${gib * GIB}; ${ending}`, {
        restartPolicy: 'Never',
        containers: [{ name: 'app', image: `registry.test/${name}:1` }],
      });
    for (const [name, ending] of [
      ['old', 'exit 0'],
      ['kept', 'run'],
      ['later', 'exit 0'],
    ] as const) {
      load(name, 26, ending);
      run(cluster, 10);
    }
    // Below what evicts at once (15 % left), but above what the collection bears.
    run(cluster, 150);
    load('last', 6.5, 'exit 0');
    run(cluster, 400);
    assert.deepEqual(told(cluster, 'FreeDiskSpaceFailed'), []);
    assert.deepEqual(images(cluster), ['registry.test/kept:1', 'registry.test/last:1', 'registry.test/later:1']);
  });

  it('begins and ends at what the pool says', () => {
    const cluster = readyCluster({ preset: 'empty' });
    const kubeletConfiguration = { imageGCHighThresholdPercent: 40, imageGCLowThresholdPercent: 20, imageMinimumGCAge: '10s' };
    cluster.admin().create(NODEPOOLS, {
      apiVersion: 'kubepad.dev/v1',
      kind: 'NodePool',
      metadata: { name: 'pool' },
      spec: { count: 1, kubeletConfiguration },
    });
    run(cluster, 60);
    const load = (name: string, gib: number): void =>
      createPod(cluster, name, `image size ${gib * GIB}; exit 0`, {
        restartPolicy: 'Never',
        nodeName: 'pool-1',
        containers: [{ name: 'app', image: `registry.test/${name}:1` }],
      });
    const left = (): readonly string[] =>
      (cluster.admin().get(NODES, '', 'pool-1')?.status?.images ?? []).flatMap(({ names }) => names?.slice(1) ?? []).toSorted();
    load('old', 25);
    run(cluster, 400);
    assert.deepEqual(left(), ['registry.test/old:1'], 'a quarter of the disk is below 40 %');
    load('new', 18);
    run(cluster, 700);
    assert.deepEqual(left(), ['registry.test/new:1'], 'without the older one it is below 20 %');
  });

  it('deletes what nobody has used for longer than the pool bears, though there is room', () => {
    const cluster = readyCluster({ preset: 'empty' });
    cluster.admin().create(NODEPOOLS, {
      apiVersion: 'kubepad.dev/v1',
      kind: 'NodePool',
      metadata: { name: 'pool' },
      spec: { count: 1, kubeletConfiguration: { imageMaximumGCAge: '30m' } },
    });
    run(cluster, 60);
    const load = (name: string, ending: string): void =>
      createPod(cluster, name, ending, {
        restartPolicy: 'Never',
        nodeName: 'pool-1',
        containers: [{ name: 'app', image: `registry.test/${name}:1` }],
      });
    const left = (): readonly string[] =>
      (cluster.admin().get(NODES, '', 'pool-1')?.status?.images ?? []).flatMap(({ names }) => names?.slice(1) ?? []).toSorted();
    load('short', 'exit 0');
    load('long', 'sleep 1200; exit 0');
    load('kept', 'run');
    run(cluster, 1_900);
    assert.deepEqual(left(), ['registry.test/kept:1', 'registry.test/long:1', 'registry.test/short:1']);
    run(cluster, 300);
    assert.deepEqual(left(), ['registry.test/kept:1', 'registry.test/long:1'], 'what ended later was used longer');
    run(cluster, 1_200);
    assert.deepEqual(left(), ['registry.test/kept:1']);
    assert.equal(cluster.simulation.runUntil('stable').reason, 'Done');
  });
});
