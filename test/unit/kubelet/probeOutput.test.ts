import assert from 'node:assert/strict';
import { EVENTS } from '../../../src/api/schema/resources.ts';
import { createPod, readyCluster, run } from './support.ts';

describe('what an exec probe writes', () => {
  for (const [what, script] of [
    ['at once', 'seq 5000; exit 1'],
    ['when it has taken its time', 'seq 5000; sleep 0.5; exit 1'],
  ] as const)
    it(`is told up to 10 KiB of it, written ${what}`, () => {
      const cluster = readyCluster();
      createPod(cluster, 'p', undefined, {
        containers: [
          { name: 'app', image: 'busybox:1.37', command: ['sleep', '1000'], readinessProbe: { exec: { command: ['sh', '-c', script] } } },
        ],
      });
      run(cluster, 5);
      const [event] = cluster
        .admin()
        .list(EVENTS, 'default')
        .filter(({ reason }) => reason === 'Unhealthy');
      assert.equal(event?.message?.length, 'Readiness probe failed: '.length + 10_240);
    });
});
