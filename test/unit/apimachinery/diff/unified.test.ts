import assert from 'node:assert/strict';
import { matchingBlocks } from '../../../../src/apimachinery/diff/sequence.ts';
import { unifiedDiff } from '../../../../src/apimachinery/diff/unified.ts';

describe('the difference of two values', () => {
  it('is empty for equal ones', () => assert.equal(unifiedDiff({ a: 1 }, { a: 1 }), ''));
  it('shows a change with three lines around it', () => {
    const value = { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9 };
    assert.equal(
      unifiedDiff(value, { ...value, e: 0 }),
      '@@ -3,7 +3,7 @@\n  "b": 2,\n  "c": 3,\n  "d": 4,\n- "e": 5,\n+ "e": 0,\n  "f": 6,\n  "g": 7,\n  "h": 8,\n',
    );
  });
  it('makes two hunks of changes that are far apart', () => {
    const value = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`k${index}`, index]));
    const diff = unifiedDiff(value, { ...value, k2: -1, k25: -1 });
    assert.deepEqual(diff.match(/^@@.*@@$/gm), ['@@ -1,7 +1,7 @@', '@@ -24,7 +24,7 @@']);
  });
  it('takes the longest common stretch first', () => {
    assert.deepEqual(matchingBlocks([...'qabxcd'], [...'abycdf']), [
      { left: 1, right: 0, size: 2 },
      { left: 4, right: 3, size: 2 },
    ]);
  });
  it('does not start a stretch with a frequent line of a long list', () => {
    const lines = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? '},' : `line ${index}`));
    const blocks = matchingBlocks(['},', 'new', '},'], lines);
    assert.equal(blocks[0]?.size, 1);
    assert.equal(blocks[0]?.left, 0);
  });
});
