import assert from 'node:assert/strict';
import type { Moment } from '../../../src/host/panels/timeline/model.ts';
import { latestOnly } from '../../../src/extension/timeline/latestOnly.ts';

/** Moments as they were shown; each is done when `done` is called. */
function slow(): { readonly shown: Moment[]; readonly show: (moment: Moment) => Promise<void>; readonly done: () => Promise<void> } {
  const shown: Moment[] = [];
  const ends: (() => void)[] = [];
  const show = (moment: Moment): Promise<void> => {
    shown.push(moment);
    return new Promise((resolve) => ends.push(resolve));
  };
  const done = async (): Promise<void> => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { shown, show, done };
}

const at = (moment: number): Moment => ({ to: 'time', at: moment });

describe('moments that are gone to', () => {
  it('are left out while another one is being shown, but for the last', async () => {
    const { shown, show, done } = slow();
    const go = latestOnly(show);
    for (const moment of [1, 2, 3, 4]) void go(at(moment));
    assert.deepEqual(shown, [at(1)]);
    await done();
    assert.deepEqual(shown, [at(1), at(4)]);
    await done();
    void go(at(5));
    assert.deepEqual(shown, [at(1), at(4), at(5)]);
  });

  it('are none that waits any more once somebody goes back to now, and steps count all', async () => {
    const { shown, show, done } = slow();
    const go = latestOnly(show);
    void go(at(1));
    void go(at(2));
    void go({ to: 'now' });
    await done();
    await done();
    assert.deepEqual(shown, [at(1), { to: 'now' }]);
    void go({ to: 'act', by: -1 });
    void go({ to: 'act', by: -1 });
    assert.equal(shown.length, 4);
  });
});
