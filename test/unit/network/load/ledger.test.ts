import assert from 'node:assert/strict';
import { Ledger } from '../../../../src/network/load/ledger.ts';

/** Counts ten a second for each whole interval up to a moment. */
function count(ledger: Ledger, fromMs: number, toMs: number, failing = 0): void {
  for (let ms = fromMs; ms < toMs; ms += 250) {
    ledger.begin(ms, ms + 250);
    ledger.sent('load', 'default/a', 2.5);
    ledger.failed('load', 'default/a', 'Reset', 2.5 * failing);
  }
}

describe('the ledger of requests', () => {
  const START = 1_000_000;

  it('is right from the first interval on, and stays so', () => {
    const ledger = new Ledger(START);
    assert.deepEqual(ledger.rates(START), []);
    for (let ms = START; ms < START + 20_000; ms += 250) {
      count(ledger, ms, ms + 250, 0.2);
      for (const askedMs of [ms + 250, ms + 400]) {
        const [rate, ...more] = ledger.rates(askedMs);
        assert.deepEqual(more, []);
        assert.ok(Math.abs((rate?.perSecond ?? 0) - 10) < 1e-9, `${askedMs - START}: ${rate?.perSecond}`);
        assert.ok(Math.abs((rate?.failing.Reset ?? 0) - 2) < 1e-9);
      }
    }
  });

  it('forgets what is over: half of it after two seconds, all of it after four', () => {
    const ledger = new Ledger(START);
    count(ledger, START, START + 4_000);
    ledger.begin(START + 4_000, START + 4_250);
    assert.ok(Math.abs((ledger.rates(START + 6_000)[0]?.perSecond ?? 0) - 5) < 1e-9);
    assert.deepEqual(ledger.rates(START + 8_000), []);
    assert.deepEqual(ledger.rates(START + 80_000), []);
  });

  it('keeps Loads, Pods and causes apart', () => {
    const ledger = new Ledger(START);
    ledger.begin(START, START + 1_000);
    ledger.sent('a', '', 4);
    ledger.failed('a', '', 'DNS', 1);
    ledger.failed('a', '', 'Policy', 2);
    ledger.failed('a', '', 'Timeout', 0);
    ledger.sent('b', 'default/x', 3);
    assert.deepEqual(ledger.rates(START + 1_000), [
      { load: 'a', pod: '', perSecond: 4, failing: { DNS: 1, Policy: 2 } },
      { load: 'b', pod: 'default/x', perSecond: 3, failing: {} },
    ]);
  });
});
