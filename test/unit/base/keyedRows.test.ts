import assert from 'node:assert/strict';
import { fieldsThatDiffer, keyRuns, keysAfter, rowAfter, type KeyRun } from '../../../src/base/keyedRows.ts';
import type { NoteRow } from '../../../src/host/protocol/view.ts';

describe('the difference of two messages', () => {
  const cases: readonly (readonly [what: string, before: string, after: string, runs: readonly KeyRun[] | undefined])[] = [
    ['nothing new', 'a b c', 'a b c', undefined],
    ['one gone, one more at the end', 'a b c d', 'a c d e', [[0, 1], [2, 2], 'e']],
    ['one more at the beginning', 'a b c', 'x a b', ['x', [0, 2]]],
    ['all others', 'a b', 'c d', ['c', 'd']],
    [
      'another order',
      'a b c',
      'c a b',
      [
        [2, 1],
        [0, 2],
      ],
    ],
    ['fewer', 'a b c', 'a b', [[0, 2]]],
    ['none', 'a b', '', []],
  ];
  for (const [what, before, after, runs] of cases) {
    it(`names keys by where they were: ${what}`, () => {
      const [from, to] = [words(before), words(after)];
      assert.deepEqual(keyRuns(from, to), runs);
      assert.deepEqual(runs === undefined ? from : keysAfter(from, runs), to);
    });
  }

  it('names the fields that differ, and those that are no more', () => {
    const before: NoteRow = { type: 'note', key: 'k', level: 1, position: 1, siblings: 2, expanded: true, parent: 'p', text: 'old' };
    const after: NoteRow = { ...before, expanded: undefined, siblings: 3, text: 'new' };
    const fields = fieldsThatDiffer(before, after);
    assert.deepEqual(fields, { expanded: null, siblings: 3, text: 'new' });
    const { expanded, ...rest } = after;
    assert.equal(expanded, undefined);
    assert.deepEqual(rowAfter(before, fields!), rest);
    assert.equal(fieldsThatDiffer(after, rowAfter(before, fields!)), undefined);
  });
});

function words(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}
