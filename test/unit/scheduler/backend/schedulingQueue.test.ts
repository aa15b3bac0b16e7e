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
    failed(queue, 'd/b', 1_500);
    queue.add('d/other', 'd/other', 0, 1_500, undefined);
    assert.equal(queue.nextUnschedulableFlush(), 300_000);
    assert.equal(queue.requeue('d/a', 1_600, undefined), 2_000);
    assert.equal(queue.requeue('d/b', 1_600, undefined), 3_000, 'to the end of the second');
    assert.deepEqual([queue.nextBackoffFlush(), queue.nextUnschedulableFlush()], [2_000, undefined]);
    queue.flush(2_000);
    assert.equal(queue.nextBackoffFlush(), 3_000);
    const restored = new SchedulingQueue();
    restored.restore(queue.checkpoint());
    assert.equal(restored.nextBackoffFlush(), 3_000);
    restored.delete('d/b');
    assert.deepEqual([restored.nextBackoffFlush(), drain(restored)], [undefined, ['d/a', 'd/other']], 'a failed before the other came');
  });

  it('tries a Pod before its back-off ends when nothing is active', () => {
    const queue = new SchedulingQueue();
    failed(queue, 'd/a', 0);
    assert.equal(queue.requeue('d/a', 200, undefined), 2_000);
    assert.equal(queue.nextBackoffFlush(), 10, 'as soon as may be');
    queue.flush(200);
    assert.deepEqual(drain(queue), ['d/a']);
    assert.equal(queue.has('d/a'), false);
  });

  it('takes those first whose back-off ends in an earlier second, then the most important, one after the other', () => {
    const queue = new SchedulingQueue();
    for (const [name, priority, atMs] of [
      ['late', 9, 1_000],
      ['low', 1, 100],
      ['high', 2, 900],
    ] as const) {
      queue.add(name, name, priority, atMs, undefined);
      queue.addUnschedulable(queue.pop()!, ['Fit'], atMs);
      queue.requeue(name, atMs, undefined);
    }
    const order: (string | undefined)[] = [];
    for (const nowMs of [1_100, 1_104, 1_105, 1_110]) {
      queue.flush(nowMs);
      order.push(...drain(queue));
    }
    assert.deepEqual(order, ['high', 'low', 'late']);
  });

  it('does so ever later with a Pod that its own failures bring back', () => {
    const queue = new SchedulingQueue();
    queue.add('d/a', 'd/a', 0, 0, undefined);
    let nowMs = 0;
    for (let attempt = 1; attempt <= 2_000; attempt++) {
      queue.addUnschedulable(queue.pop()!, ['Fit'], nowMs);
      queue.requeue('d/a', nowMs, undefined);
      while (queue.activeSize === 0) {
        nowMs = queue.nextBackoffFlush() ?? Number.NaN;
        queue.flush(nowMs);
      }
    }
    assert.ok(nowMs > 10_000_000, `two thousand attempts take hours, not ${nowMs} ms`);
  });

  it('does not do so after an error, whose back-off counts errors in a row', () => {
    const queue = new SchedulingQueue();
    failed(queue, 'd/a', 0);
    queue.requeue('d/a', 5_000, undefined);
    queue.addFailed(queue.pop()!, 5_000);
    assert.equal(queue.nextBackoffFlush(), 7_000);
    queue.flush(6_999);
    assert.equal(queue.activeSize, 0);
    queue.flush(7_000);
    queue.addFailed(queue.pop()!, 7_000);
    assert.equal(queue.nextBackoffFlush(), 10_000);
    queue.flush(10_000);
    const pod = queue.pop()!;
    assert.deepEqual([pod.attempts, pod.errors], [3, 2]);
    queue.addUnschedulable(pod, ['Fit'], 10_000);
    assert.equal(queue.unschedulablePod('d/a')?.errors, undefined);
  });

  it('tries again after five minutes whatever happens', () => {
    const queue = new SchedulingQueue();
    failed(queue, 'd/a', 0);
    failed(queue, 'd/b', 1);
    queue.flush(300_000);
    assert.deepEqual(drain(queue), ['d/a']);
  });
});
