import assert from 'node:assert/strict';
import { WorkQueue } from '../../../../src/controllers/runtime/workQueue.ts';

function fakeTimers() {
  const set: { key: string; at: number; cancelled: boolean }[] = [];
  return {
    set,
    timers: {
      set: (key: string, at: number) => set.push({ key, at, cancelled: false }) - 1,
      cancel: (id: number) => {
        set[id]!.cancelled = true;
      },
    },
  };
}

describe('WorkQueue', () => {
  it('holds a key once, with its first cause, in the order of arrival', () => {
    const queue = new WorkQueue(fakeTimers().timers);
    queue.add('b', 1);
    queue.add('a', 2);
    queue.add('b', 3);
    assert.deepEqual([queue.take(), queue.take(), queue.take()], [{ key: 'b', cause: 1 }, { key: 'a', cause: 2 }, undefined]);
  });

  it('takes a key again that was added while it was worked on', () => {
    const queue = new WorkQueue(fakeTimers().timers);
    queue.add('a', 1);
    queue.take();
    queue.add('a', 2);
    assert.deepEqual(queue.take(), { key: 'a', cause: 2 });
  });

  it('doubles the wait with each failure, up to 1000 s, and begins anew when told to forget', () => {
    const { set, timers } = fakeTimers();
    const queue = new WorkQueue(timers);
    for (let count = 0; count < 20; count++) {
      queue.retry('a', 0);
      queue.due('a', undefined);
    }
    assert.deepEqual(
      set.map(({ at }) => at),
      [...Array.from({ length: 18 }, (_, index) => 5 * 2 ** index), 1_000_000, 1_000_000],
    );
    queue.forget('a');
    queue.retry('a', 0);
    assert.equal(set.at(-1)?.at, 5);
  });

  it('keeps the earliest of several delays of a key', () => {
    const { set, timers } = fakeTimers();
    const queue = new WorkQueue(timers);
    queue.addAt('a', 100, false);
    queue.addAt('a', 200, false);
    queue.addAt('a', 50, false);
    assert.deepEqual(set, [
      { key: 'a', at: 100, cancelled: true },
      { key: 'a', at: 50, cancelled: false },
    ]);
  });

  it('is the same after a checkpoint', () => {
    const queue = new WorkQueue(fakeTimers().timers);
    queue.add('a', 1);
    queue.add('b', undefined);
    queue.retry('c', 0);
    const copy = new WorkQueue(fakeTimers().timers);
    copy.restore(JSON.parse(JSON.stringify(queue.checkpoint())));
    assert.deepEqual(copy.checkpoint(), queue.checkpoint());
  });
});
