import assert from 'node:assert/strict';
import { Samples } from '../../../../../src/host/panels/timeline/samples.ts';

describe('counters that are told now and then', () => {
  const told = (...rows: readonly (readonly [at: number, count: number])[]): Samples => {
    const samples = new Samples(1);
    for (const [at, count] of rows) samples.add(at, [count]);
    return samples;
  };

  for (const [what, samples, at, expected] of [
    ['nothing was told', told(), 3, 0],
    ['long before the first', told([10, 50]), 2, 0],
    ['in the time of the first', told([10, 50]), 7, 20],
    ['at a telling', told([10, 50], [15, 100]), 15, 100],
    ['between two of them', told([10, 50], [15, 100]), 12, 70],
    ['a rest before a rise', told([10, 50], [100, 100]), 80, 50],
    ['the rise after a rest', told([10, 50], [100, 100]), 98, 80],
    ['a while after the last', told([10, 50], [15, 100]), 17, 120],
    ['long after the last', told([10, 50], [15, 100]), 60, 150],
  ] as const) {
    it(what, () => assert.deepEqual(samples.along(at, 5), [expected]));
  }

  it('make a steady rate of steady tellings', () => {
    const samples = told(...Array.from({ length: 20 }, (_, i) => [i * 5, i * 200] as const));
    for (let at = 1; at < 95; at++) assert.equal(samples.along(at, 5)[0]! - samples.along(at - 1, 5)[0]!, 40);
  });
});
