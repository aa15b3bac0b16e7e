import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countIndexes, formatIndexes, hasIndex, parseIndexes, withIndexes } from '../../../../src/controllers/job/indexes.ts';

describe('completion indexes', () => {
  const cases: readonly [text: string, completions: number, read: string][] = [
    ['', 5, ''],
    ['0', 5, '0'],
    ['0,1', 5, '0,1'],
    ['0-2', 5, '0-2'],
    ['1,3-5,7', 10, '1,3-5,7'],
    ['1,3-5,7', 5, '1,3,4'],
    ['0-9', 3, '0-2'],
    ['0,1,2', 5, '0-2'],
    ['7', 5, ''],
    ['x,2', 5, '2'],
  ];
  for (const [text, completions, read] of cases) {
    it(`reads "${text}" of ${completions} as "${read}"`, () => assert.equal(formatIndexes(parseIndexes(text, completions)), read));
  }

  it('is the set of what was added, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40)), fc.array(fc.nat(40)), (first, second) => {
        const set = withIndexes(withIndexes([], first), second);
        const expected = new Set([...first, ...second]);
        assert.equal(countIndexes(set), expected.size);
        for (let index = 0; index <= 41; index++) assert.equal(hasIndex(set, index), expected.has(index));
        assert.deepEqual(parseIndexes(formatIndexes(set), 41), set);
      }),
    );
  });
});
