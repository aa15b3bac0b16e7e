import assert from 'node:assert/strict';
import { PODS } from '../../../src/api/schema/resources.ts';
import { podBlock } from '../../../src/kubelet/node/keeper.ts';
import { getPod, readyCluster, run } from './support.ts';

describe('the end of a Pod with a sidecar', () => {
  /** Seconds from the deletion to the end of each container: [main, sidecar]. */
  function ends(mainProgram: string, sidecarProgram: string, preStopSeconds: number): readonly number[] {
    const cluster = readyCluster();
    cluster.admin().create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'p',
        namespace: 'default',
        finalizers: ['kubepad.dev/hold'],
        annotations: { 'kubepad.dev/program.app': mainProgram, 'kubepad.dev/program.side': sidecarProgram },
      },
      spec: {
        nodeName: 'worker-1',
        terminationGracePeriodSeconds: 10,
        initContainers: [{ name: 'side', image: 'registry.test/app:1', restartPolicy: 'Always' }],
        containers: [
          {
            name: 'app',
            image: 'registry.test/app:1',
            ...(preStopSeconds === 0 ? {} : { lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } } }),
          },
        ],
      },
    });
    run(cluster, 5);
    const deletedAt = cluster.simulation.now();
    cluster.admin().delete(PODS, 'default', 'p');
    run(cluster, 60);
    const { containerStatuses, initContainerStatuses } = getPod(cluster, 'p')?.status ?? {};
    return [containerStatuses, initContainerStatuses].map((statuses) =>
      Math.round((Date.parse(statuses?.[0]?.state?.terminated?.finishedAt ?? '') - deletedAt) / 1000),
    );
  }

  it('stops the sidecar when the main container has ended', () => {
    assert.deepEqual(ends('image present; on-term exit 0 after 4s; run', 'image present; on-term exit 0 after 1s; run', 0), [4, 5]);
  });

  it('lets the sidecar wait for its turn no longer than the grace period', () => {
    // preStop takes all of the grace; the main container still gets two seconds, for which the sidecar does not wait.
    assert.deepEqual(ends('image present; on-term ignore; run', 'image present; on-term exit 0 after 1s; run', 10), [12, 11]);
  });
});

describe('podBlock', () => {
  it('gives every machine of a large cluster a range of its own, none among the Services', () => {
    const blocks = Array.from({ length: 27_648 }, (_, index) => podBlock(index));
    assert.equal(new Set(blocks).size, blocks.length);
    assert.deepEqual(
      [blocks[0], blocks[3_071], blocks[3_072], blocks.at(-1)],
      ['10.244.0.0/24', '10.255.255.0/24', '10.0.0.0/24', '10.95.255.0/24'],
    );
  });
});
