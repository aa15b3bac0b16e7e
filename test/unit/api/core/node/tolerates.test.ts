import assert from 'node:assert/strict';
import type { Toleration } from '../../../../../src/api/schema/types/core/v1.ts';
import { tolerates, toleratesAny } from '../../../../../src/api/core/node/tolerates.ts';

const TAINT = { key: 'dedicated', value: 'db', effect: 'NoSchedule' };

describe('a toleration of the taint dedicated=db:NoSchedule', () => {
  const cases: readonly [toleration: Toleration, covers: boolean][] = [
    [{ key: 'dedicated', operator: 'Equal', value: 'db', effect: 'NoSchedule' }, true],
    [{ key: 'dedicated', value: 'db' }, true],
    [{ key: 'dedicated', value: 'web' }, false],
    [{ key: 'dedicated' }, false],
    [{ key: 'dedicated', operator: 'Exists' }, true],
    [{ key: 'other', operator: 'Exists' }, false],
    [{ operator: 'Exists' }, true],
    [{ operator: 'Exists', effect: 'NoExecute' }, false],
    [{ key: 'dedicated', operator: 'Gt', value: '1' }, false],
  ];
  for (const [toleration, covers] of cases) {
    it(`${JSON.stringify(toleration)} ${covers ? 'covers it' : 'does not'}`, () => assert.equal(tolerates(toleration, TAINT), covers));
  }

  it('is one of several, or none', () => {
    assert.equal(toleratesAny(undefined, TAINT), false);
    assert.equal(toleratesAny([{ key: 'other', operator: 'Exists' }, { operator: 'Exists' }], TAINT), true);
  });
});
