import assert from 'node:assert/strict';
import type { Pod, Service } from '../../../../src/api/schema/types/core/v1.ts';
import { setTriggerTime, TriggerTimes } from '../../../../src/controllers/util/triggerTime.ts';

const service = (second = 1): Service => ({ metadata: { name: 's', namespace: 'd', creationTimestamp: `2026-01-01T00:00:0${second}Z` } });
const pod = (name: string, second: number): Pod => ({
  metadata: { name },
  status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: `2026-01-01T00:00:0${second}Z` }] },
});

describe('the time of the change that addresses follow', () => {
  it('is the making of the Service the first time, the earliest news after that, and nothing without news', () => {
    const times = new TriggerTimes();
    assert.equal(times.compute(service(), [pod('a', 3)]), '2026-01-01T00:00:01Z');
    assert.equal(times.compute(service(), [pod('a', 3), pod('b', 7), pod('c', 5)]), '2026-01-01T00:00:05Z');
    assert.equal(times.compute(service(), [pod('a', 3), pod('b', 7)]), undefined);
    assert.equal(times.compute(service(), [pod('a', 8), { metadata: { name: 'never-ready' } }]), '2026-01-01T00:00:08Z');
    assert.equal(times.compute(service(9), [pod('a', 8)]), '2026-01-01T00:00:09Z', 'the Service was made anew');
    times.forget('d/s');
    assert.equal(times.compute(service(9), []), '2026-01-01T00:00:09Z');
  });

  it('is remembered by a checkpoint', () => {
    const times = new TriggerTimes();
    times.compute(service(), [pod('a', 3)]);
    const restored = new TriggerTimes();
    restored.restore(JSON.parse(JSON.stringify(times.checkpoint())));
    assert.equal(restored.compute(service(), [pod('a', 3)]), undefined);
  });

  it('is taken away where it is not known', () => {
    const metadata: { annotations?: Record<string, string> } = {};
    setTriggerTime(metadata, '2026-01-01T00:00:01Z');
    assert.deepEqual(metadata.annotations, { 'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:01Z' });
    setTriggerTime(metadata, undefined);
    assert.deepEqual(metadata, {});
  });
});
