import assert from 'node:assert/strict';
import { createPod, readyCluster, run } from '../support.ts';

describe('a shell that goes round and round', () => {
  /** Seconds until the cluster is stable with it, once it runs. */
  const restsAfter = (script: string): number => {
    const cluster = readyCluster();
    createPod(cluster, 'p', undefined, { containers: [{ name: 'app', image: 'busybox:1.37', command: ['sh', '-c', script] }] });
    run(cluster, 5);
    const from = cluster.simulation.now();
    assert.equal(cluster.simulation.runUntil('stable').reason, 'Done');
    return Math.round((cluster.simulation.now() - from) / 1000);
  };
  const cases: readonly (readonly [script: string, least: number, most: number])[] = [
    ['while true; do date; sleep 10; done', 0, 40],
    ['while :; do echo x | cat > /tmp/f; sleep 10; done', 0, 40],
    ['until false; do sleep 10; done', 0, 40],
    ['while true; do i=$((i+1)); [ $i -gt 20 ] && break; sleep 10; done; sleep infinity', 180, 220],
    ['look() { [ $i -lt 20 ] || sleep infinity; }; while true; do i=$((i+1)); look; sleep 10; done', 180, 220],
    ['while [ -z "$x" ]; do sleep 10; done', 590, 650],
    ['sleep 20; echo done; sleep infinity', 10, 25],
  ];
  for (const [script, least, most] of cases) {
    it(`keeps nobody waiting longer than it has to: ${script}`, () => {
      const seconds = restsAfter(script);
      assert.ok(seconds >= least && seconds <= most, String(seconds));
    });
  }
});
