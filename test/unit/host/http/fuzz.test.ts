import assert from 'node:assert/strict';
import { fuzz } from '../../../fuzz/run.ts';

/** A small share of what `npm run fuzz` sends. */
describe('random requests', () => {
  it('are all answered, and never with a failure of the server', () => {
    const { codes, problems } = fuzz({ requests: 3000, seed: 4711 });
    assert.deepEqual(problems, []);
    // The requests are not all nonsense.
    assert((codes.get(201) ?? 0) > 30 && (codes.get(200) ?? 0) > 100 && (codes.get(422) ?? 0) > 100, JSON.stringify([...codes]));
  });
});
