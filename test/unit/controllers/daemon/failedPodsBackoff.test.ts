import assert from 'node:assert/strict';
import { FailedPodsBackoff, FORGET } from '../../../../src/controllers/daemon/failedPodsBackoff.ts';
import type { ControllerContext } from '../../../../src/controllers/runtime/environment.ts';

interface Timer {
  readonly at: number;
  readonly type: string;
}

function make(): { backoff: FailedPodsBackoff; timers: Timer[]; at: (ms: number) => FailedPodsBackoff } {
  let now = 0;
  const timers: Timer[] = [];
  const context = { now: () => now, setTimer: (timer: Timer) => timers.push(timer) } as unknown as ControllerContext;
  const backoff = new FailedPodsBackoff(context);
  return { backoff, timers, at: (ms) => ((now = ms), backoff) };
}

describe('failedPodsBackoff', () => {
  it('lets the first failure pass and doubles from a second to a quarter of an hour', () => {
    const { at } = make();
    let now = 0;
    const waits: number[] = [];
    for (let i = 0; i < 13; i++) {
      assert.equal(at(now).attempt('node'), 0);
      const wait = at(now).attempt('node');
      assert.ok(wait === 1 || at(now + wait - 1).attempt('node') === 1);
      waits.push(wait / 1000);
      now += wait;
    }
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  it('begins again after half an hour without a failure', () => {
    const { at } = make();
    at(0).attempt('node');
    at(1_000).attempt('node');
    assert.equal(at(1_801_000).attempt('node'), 0);
    assert.equal(at(1_801_000).attempt('node'), 4_000);
    assert.equal(at(1_801_000 + 1_800_001).attempt('node'), 0);
    assert.equal(at(1_801_000 + 1_800_001).attempt('node'), 1_000);
  });

  it('forgets what is that old, with one timer at a time', () => {
    const { backoff, timers, at } = make();
    at(0).attempt('a');
    at(60_000).attempt('b');
    at(90_000).attempt('a');
    assert.deepEqual(timers, [{ at: 1_800_001, type: FORGET, key: '', background: true }]);
    at(1_800_001).forget();
    assert.deepEqual(backoff.checkpoint(), [
      ['b', 1_000, 60_000],
      ['a', 2_000, 90_000],
    ]);
    at(timers[1]!.at).forget();
    at(timers[2]!.at).forget();
    assert.deepEqual([backoff.checkpoint(), timers.length], [[], 3]);
  });
});
