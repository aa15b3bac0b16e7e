import assert from 'node:assert/strict';
import { computeState, Zones } from '../../../../src/controllers/nodelifecycle/zones.ts';

describe('zones', () => {
  const states: readonly [ready: number, notReady: number, state: string][] = [
    [3, 0, 'Normal'],
    [0, 1, 'FullDisruption'],
    [2, 2, 'Normal'],
    [1, 2, 'Normal'],
    [2, 3, 'PartialDisruption'],
    [3, 3, 'Normal'],
  ];
  for (const [ready, notReady, state] of states) {
    it(`with ${ready} ready and ${notReady} not are ${state}`, () => assert.equal(computeState(ready, notReady), state));
  }

  it('let one node be tainted at once and the next 10 s later', () => {
    const zones = new Zones();
    for (const name of ['a', 'b', 'c']) zones.add('', name, 0);
    assert.notEqual(zones.take('', 0), undefined);
    assert.equal(zones.take('', 9_999), undefined);
    assert.equal(zones.nextAt(5_000), 10_000);
    assert.notEqual(zones.take('', 10_000), undefined);
  });

  it('taint nobody in a small zone that is largely down', () => {
    const zones = new Zones();
    zones.add('', 'a', 0);
    zones.setState('', 'PartialDisruption', 5, 0);
    assert.equal(zones.take('', 3_600_000), undefined);
    assert.equal(zones.nextAt(0), undefined);
    zones.setState('', 'Normal', 5, 3_600_000);
    assert.equal(zones.take('', 3_600_000), 'a');
  });

  it('forget nothing in a checkpoint', () => {
    const zones = new Zones();
    zones.add('x', 'a', 0);
    zones.take('x', 5);
    zones.add('x', 'b', 7);
    const copy = new Zones();
    copy.restore(JSON.parse(JSON.stringify(zones.checkpoint())));
    assert.deepEqual(copy.checkpoint(), zones.checkpoint());
  });
});
