import assert from 'node:assert/strict';
import type { PodSpec } from '../../../src/api/schema/types/core/v1.ts';
import type { Draft } from '../../../src/base/json.ts';
import type { Cluster } from '../../../src/cluster/cluster.ts';
import { nodeCondition } from '../cluster/faults/support.ts';
import { createPod, getPod, readyCluster, run } from './support.ts';

/** A Pod that writes into a volume in memory. */
const writer = (script: string, sizeLimit?: string, memory?: string): Partial<Draft<PodSpec>> => ({
  restartPolicy: 'Never',
  containers: [
    {
      name: 'app',
      image: 'busybox:1.37',
      command: ['sh', '-c', script],
      volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
      ...(memory === undefined ? {} : { resources: { limits: { memory } } }),
    },
  ],
  volumes: [{ name: 'cache', emptyDir: { medium: 'Memory', ...(sizeLimit === undefined ? {} : { sizeLimit }) } }],
});

const ending = (cluster: Cluster): string => {
  const { terminated } = getPod(cluster, 'p')?.status?.containerStatuses?.[0]?.state ?? {};
  return terminated === undefined ? 'running' : `${terminated.exitCode} ${terminated.reason}`;
};
const log = (cluster: Cluster): readonly string[] =>
  (cluster.kubelets.readLogs({ namespace: 'default', pod: 'p', container: 'app' }) ?? []).map(({ text }) => text);
const bytes = (cluster: Cluster): number => cluster.kubelets.usage(getPod(cluster, 'p')!)[0]?.memoryBytes ?? 0;

describe('a volume in memory', () => {
  it('counts for the memory of the container that writes into it', () => {
    const cluster = readyCluster();
    createPod(cluster, 'p', undefined, writer('sleep 5; fallocate -l 50M /cache/f; sleep 9999; true'));
    run(cluster, 5);
    const before = bytes(cluster);
    run(cluster, 5);
    assert.equal(bytes(cluster) - before, 50 * 1024 ** 2);
  });

  it('is as large as its limit says', () => {
    const cluster = readyCluster();
    createPod(
      cluster,
      'p',
      undefined,
      writer('dd if=/dev/zero of=/cache/f bs=1M count=20; echo $?; stat -c %s /cache/f; echo more > /cache/g; echo $?', '10Mi'),
    );
    run(cluster, 5);
    assert.deepEqual(log(cluster), [
      "dd: error writing '/cache/f': No space left on device",
      '1',
      String(10 * 1024 ** 2),
      'sh: write error: No space left on device',
      '1',
    ]);
    assert.equal(ending(cluster), '0 Completed');
  });

  it('has a container ended that fills it beyond the memory that it has', () => {
    const endingOf = (size: string): string => {
      const cluster = readyCluster();
      createPod(cluster, 'p', undefined, writer(`fallocate -l ${size} /cache/f; sleep 9999; true`, undefined, '64Mi'));
      run(cluster, 5);
      return ending(cluster);
    };
    assert.deepEqual(['50M', '70M'].map(endingOf), ['running', '137 OOMKilled']);
  });

  it('may bring its node into need, which it does not as a volume on the disk', () => {
    const pressures = (medium: 'Memory' | ''): readonly string[] => {
      const cluster = readyCluster();
      const spec = writer('fallocate -l 8100M /cache/f; sleep 9999');
      createPod(cluster, 'p', undefined, { ...spec, volumes: [{ name: 'cache', emptyDir: medium === '' ? {} : { medium } }] });
      run(cluster, 30);
      return [nodeCondition(cluster, 'worker-1', 'MemoryPressure').split(' ')[0] ?? '', getPod(cluster, 'p')?.status?.reason ?? ''];
    };
    assert.deepEqual(
      [pressures('Memory'), pressures('')],
      [
        ['True', 'Evicted'],
        ['False', ''],
      ],
    );
  });
});
