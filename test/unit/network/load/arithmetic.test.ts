import assert from 'node:assert/strict';
import type { LoadRate } from '../../../../src/api/kubepad/load/types.ts';
import { addLatency, emptyHistogram, latencyText, percentile } from '../../../../src/network/load/latency.ts';
import { giveUp, newQueue, randomWaitMs, SPREAD, work, type PodQueue } from '../../../../src/network/load/podQueue.ts';
import { rateAt, requestsBetween } from '../../../../src/network/load/rate.ts';

describe('Rates of a Load', () => {
  const MINUTE = 60_000;
  const rows: readonly (readonly [rate: LoadRate, minutes: number, expected: number])[] = [
    [{ requestsPerSecond: 5 }, 3, 5],
    [{ shape: 'Ramp', requestsPerSecond: 10, peak: 20 }, 0, 10],
    [{ shape: 'Ramp', requestsPerSecond: 10, peak: 20 }, 2.5, 15],
    [{ shape: 'Ramp', requestsPerSecond: 10, peak: 20 }, 9, 20],
    [{ shape: 'Ramp', requestsPerSecond: 20, peak: 10, period: '1m' }, 0.5, 15],
    [{ shape: 'Spike', requestsPerSecond: 1, peak: 9 }, 0.9, 1],
    [{ shape: 'Spike', requestsPerSecond: 1, peak: 9 }, 1, 9],
    [{ shape: 'Spike', requestsPerSecond: 1, peak: 9 }, 2, 1],
    [{ shape: 'Spike', requestsPerSecond: 1, peak: 9, after: '5m', length: '2m' }, 6.5, 9],
    [{ shape: 'Wave', requestsPerSecond: 100, peak: 300 }, 0, 100],
    [{ shape: 'Wave', requestsPerSecond: 100, peak: 300 }, 2.5, 200],
    [{ shape: 'Wave', requestsPerSecond: 100, peak: 300 }, 5, 300],
    [{ shape: 'Wave', requestsPerSecond: 100, peak: 300 }, 10, 100],
  ];
  for (const [rate, minutes, expected] of rows) {
    it(`${JSON.stringify(rate)} after ${minutes} minutes: ${expected}`, () => assert.equal(rateAt(rate, minutes * MINUTE), expected));
  }

  it('add up to the requests of a time', () => {
    assert.equal(requestsBetween({ requestsPerSecond: 40 }, 0, 250), 10);
    assert.equal(requestsBetween({ shape: 'Ramp', requestsPerSecond: 0, peak: 60, period: '1m' }, 0, MINUTE), 1_800);
  });
});

describe('The queue of a Pod', () => {
  const queue = (): PodQueue => newQueue({ id: 'a', container: 'main', namespace: 'default', pod: 'web', port: 80 });

  it('answers at once what there is CPU for', () => {
    const pod = queue();
    assert.deepEqual(work(pod, [{ load: 'l', count: 40, costMs: 10 }], 500, 1000).answered, { l: 40 });
    assert.deepEqual([pod.workMs, pod.waitMs, pod.usedMs, pod.utilization, pod.waiting], [0, 0, 400, 0.8, {}]);
  });

  it('lets the rest wait: 80 a second at 50 a second for two seconds are 60, or 1.2 s', () => {
    const pod = queue();
    for (let second = 0; second < 2; second++) work(pod, [{ load: 'l', count: 80, costMs: 10 }], 500, 1000);
    assert.deepEqual([pod.workMs, pod.waitMs, Math.round(pod.waiting['l']!)], [600, 1_200, 60]);
  });

  it('is fair to the Loads that share it', () => {
    const pod = queue();
    const { answered } = work(
      pod,
      [
        { load: 'a', count: 60, costMs: 10 },
        { load: 'b', count: 20, costMs: 20 },
      ],
      500,
      1000,
    );
    assert.deepEqual(answered, { a: 30, b: 10 });
    assert.deepEqual(pod.waiting, { a: 30, b: 10 });
  });

  it('gives up what nobody waits for', () => {
    const pod = queue();
    work(pod, [{ load: 'l', count: 200, costMs: 10 }], 500, 1000);
    assert.equal(Math.round(giveUp(pod, 500, 1000, 2_000)['l']!), 50);
    assert.deepEqual([pod.workMs, Math.round(pod.waiting['l']!), pod.waitMs], [1_000, 100, 2_000]);
    assert.deepEqual(giveUp(pod, 500, 1000, 2_000), {});
  });

  it('waits more the busier it is', () => {
    assert.deepEqual(
      [0, 0.5, 0.9].map((utilization) => Math.round(randomWaitMs(utilization, 10) * 10) / 10),
      [0, 5, 45],
    );
    assert.ok(Math.abs(SPREAD.reduce((sum, [share]) => sum + share, 0) - 1) < 1e-9);
    assert.ok(Math.abs(SPREAD.reduce((sum, [share, times]) => sum + share * times, 0) - 1) < 0.1);
  });
});

describe('Latencies', () => {
  it('have percentiles between the bounds, and a short text', () => {
    const histogram = emptyHistogram();
    assert.equal(percentile(histogram, 0.5), undefined);
    addLatency(histogram, 9, 90);
    addLatency(histogram, 450, 9);
    addLatency(histogram, 90_000, 1);
    assert.ok(percentile(histogram, 0.5)! > 8 && percentile(histogram, 0.5)! <= 10);
    assert.equal(percentile(histogram, 0.99), 500);
    assert.equal(percentile(histogram, 1), 60_000);
    assert.deepEqual([0.2, 12.4, 999, 1_234, 60_000].map(latencyText), ['1ms', '12ms', '999ms', '1.23s', '60s']);
  });
});
