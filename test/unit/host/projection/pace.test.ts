import assert from 'node:assert/strict';
import { Pace } from '../../../../src/host/projection/pace.ts';

describe('the pace of messages to the screen', () => {
  it('sends the first at once and the next with the next frame', () => {
    const pace = new Pace();
    assert.equal(pace.wait(1_000), 0);
    pace.begin(1_000);
    pace.sent(2_000, 1_000);
    assert.equal(pace.wait(1_004), 12);
    assert.equal(pace.wait(1_016), 0);
  });

  const rates: readonly (readonly [what: string, bytesPerFrame: number, bytesPerSecond: number])[] = [
    ['little', 500, 31_250],
    ['as much as a frame may be', 2_800, 175_000],
    ['more than the way takes', 5_000, 180_000],
    ['much more', 60_000, 180_000],
  ];
  for (const [what, bytes, limit] of rates) {
    it(`lets at most 200 KB a second through: ${what}`, () => {
      const pace = new Pace();
      let now = 1_000;
      let sent = 0;
      // The burst that goes at once is forgotten over a minute.
      while (now < 61_000) {
        now += pace.wait(now);
        pace.begin(now);
        pace.sent(bytes, now);
        sent += bytes;
      }
      assert.ok(sent / 60 <= limit * 1.02 && sent / 60 > limit * 0.9, `${Math.round(sent / 60)} bytes a second`);
    });
  }
});
