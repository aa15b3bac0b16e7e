import assert from 'node:assert/strict';
import { SchedulingQueue } from '../../../../src/scheduler/backend/queue/schedulingQueue.ts';

function failed(queue: SchedulingQueue, key: string, nowMs: number, group?: string): void {
  queue.add(key, key, 0, nowMs, undefined);
  const pod = queue.pop();
  assert.equal(pod?.key, key);
  queue.addUnschedulable(pod!, ['Fit'], nowMs, group);
}

function drain(queue: SchedulingQueue): readonly (string | undefined)[] {
  return Array.from({ length: queue.activeSize }, () => queue.pop()?.key);
}

describe('SchedulingQueue', () => {
  it('asks about one Pod of a group and gives all of them in the order in which they failed', () => {
    const queue = new SchedulingQueue();
    failed(queue, 'd/a', 0, 'g');
    failed(queue, 'd/b', 1);
    failed(queue, 'd/c', 2, 'g');
    assert.deepEqual(
      [...queue.unschedulableGroups()].map(({ key }) => key),
      ['d/a', 'd/b'],
    );
    assert.deepEqual(
      queue.unschedulableOf(new Set(['=d/b', 'g'])).map(({ key }) => key),
      ['d/a', 'd/b', 'd/c'],
    );
    queue.delete('d/a');
    assert.deepEqual(
      [...queue.unschedulableGroups()].map(({ key }) => key),
      ['d/c', 'd/b'],
    );
    queue.regroup('d/c', undefined);
    assert.deepEqual(queue.unschedulableOf(new Set(['g'])), []);
    assert.deepEqual(
      [...queue.unschedulableGroups()].map(({ key }) => key),
      ['d/b', 'd/c'],
    );
  });

  it('knows the first back-off end, also after Pods left and after a restore', () => {
    const queue = new SchedulingQueue();
    failed(queue, 'd/a', 0);
    failed(queue, 'd/b', 500);
    assert.equal(queue.nextUnschedulableFlush(), 300_000);
    assert.equal(queue.requeue('d/a', 600, undefined), 1_000);
    assert.equal(queue.requeue('d/b', 600, undefined), 1_500);
    assert.deepEqual([queue.nextBackoffEnd(), queue.nextUnschedulableFlush()], [1_000, undefined]);
    queue.flush(1_000);
    assert.deepEqual([drain(queue), queue.nextBackoffEnd()], [['d/a'], 1_500]);
    const restored = new SchedulingQueue();
    restored.restore(queue.checkpoint());
    assert.equal(restored.nextBackoffEnd(), 1_500);
    restored.delete('d/b');
    assert.equal(restored.nextBackoffEnd(), undefined);
  });

  it('tries again after five minutes whatever happens', () => {
    const queue = new SchedulingQueue();
    failed(queue, 'd/a', 0);
    failed(queue, 'd/b', 1);
    queue.flush(300_000);
    assert.deepEqual(drain(queue), ['d/a']);
  });
});
