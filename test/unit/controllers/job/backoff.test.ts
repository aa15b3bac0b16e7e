import assert from 'node:assert/strict';
import type { Pod } from '../../../../src/api/schema/types/core/v1.ts';
import { finishedAt } from '../../../../src/controllers/job/pods.ts';
import { BackoffStore, remainingBackoffMs } from '../../../../src/controllers/job/backoff.ts';

const NOW = Date.parse('2026-01-05T10:00:00Z');

function endedPod(secondsAgo: number): Pod {
  const finishedAt = new Date(NOW - secondsAgo * 1000).toISOString();
  const terminated = { exitCode: 1, finishedAt };
  return {
    metadata: {},
    status: { containerStatuses: [{ name: 'c', image: '', imageID: '', ready: false, restartCount: 0, state: { terminated } }] },
  };
}

describe('the back-off of a Job', () => {
  it('doubles with each failure up to ten minutes', () => {
    const waits = [0, 1, 2, 3, 6, 7, 50].map((failures) => remainingBackoffMs(failures, NOW, NOW) / 1000);
    assert.deepEqual(waits, [0, 10, 20, 40, 320, 600, 600]);
  });

  it('counts from the last failure and starts anew after a success', () => {
    const store = new BackoffStore();
    store.record('n/j', [], [endedPod(5)]);
    assert.equal(store.remainingMs('n/j', NOW), 5_000);
    store.record('n/j', [], [endedPod(0)]);
    assert.equal(store.remainingMs('n/j', NOW), 20_000);
    store.record('n/j', [endedPod(1)], [endedPod(3)]);
    assert.equal(store.remainingMs('n/j', NOW), 0);
    store.record('n/j', [endedPod(3)], [endedPod(4), endedPod(2)]);
    assert.equal(store.remainingMs('n/j', NOW), 8_000);
  });

  const at = (secondsAgo: number): string => new Date(NOW - secondsAgo * 1000).toISOString();
  const running = { name: 'c', image: '', imageID: '', ready: false, restartCount: 0, state: {} };
  const ends: readonly [what: string, pod: Pod, secondsAgo: number][] = [
    ['the end of its containers', endedPod(7), 7],
    [
      'when it became unready',
      {
        metadata: {},
        status: { containerStatuses: [running], conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: at(3) }] },
      },
      3,
    ],
    ['when its deletion was asked for', { metadata: { deletionTimestamp: at(-20), deletionGracePeriodSeconds: 30 } }, 10],
    ['when it was made', { metadata: { creationTimestamp: at(40) } }, 40],
  ];
  for (const [what, pod, secondsAgo] of ends) {
    it(`takes as the end of a Pod ${what}`, () => {
      assert.equal(NOW - finishedAt(pod), secondsAgo * 1000);
    });
  }

  it('survives a checkpoint', () => {
    const store = new BackoffStore();
    store.record('n/j', [], [endedPod(0)]);
    const other = new BackoffStore();
    other.restore(store.checkpoint());
    assert.equal(other.remainingMs('n/j', NOW), 10_000);
  });
});
