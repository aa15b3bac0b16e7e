import assert from 'node:assert/strict';
import { readDocument } from '../../../../src/manifest/yaml/document.ts';
import { rewrite, withValue } from '../../../../src/manifest/rules/rewrite.ts';
import { replace } from '../check.ts';

function rewritten(text: string, after: unknown): string {
  return rewrite(readDocument(text), after)
    .toReversed()
    .toSorted((a, b) => b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character)
    .reduce((result, { range, newText }) => replace(result, range, newText), text);
}

describe('rewrite', () => {
  const table: readonly (readonly [what: string, before: string, after: unknown, expected: string])[] = [
    ['changes a text and keeps comments', 'a: 1 # one\nb: x # two\n', { a: 1, b: 'y' }, 'a: 1 # one\nb: "y" # two\n'],
    ['adds a field', 'a:\n  b: 1\nc: 2\n', { a: { b: 1, d: { e: 3 } }, c: 2 }, 'a:\n  b: 1\n  d:\n    e: 3\nc: 2\n'],
    ['puts the new in place of the old', 'a: 1\nold: x # c\nb: 2\n', { a: 1, new: { y: 1 }, b: 2 }, 'a: 1\nnew:\n  "y": 1 # c\nb: 2\n'],
    ['takes a field away', 'a: 1\nb:\n  c: 2\nd: 3\n', { a: 1, d: 3 }, 'a: 1\nd: 3\n'],
    ['takes the first field of an item away', '- a: 1\n  b: 2\n', [{ b: 2 }], '- b: 2\n'],
    ['changes a map on one line', 'a: {b: 1, c: 2}\n', { a: { b: 1 } }, 'a: { b: 1 }\n'],
    ['keeps JSON', '{"a": {"b": 1}}', { a: { b: 2 } }, '{"a":{"b":2}}'],
    ['fills what was empty', 'a:\n', { a: { b: 1 } }, 'a:\n  b: 1\n'],
    ['puts another list', 'a:\n  - 1\n  - 2\nb: 1\n', { a: [3], b: 1 }, 'a:\n  - 3\nb: 1\n'],
  ];
  for (const [what, before, after, expected] of table)
    it(what, () => {
      const text = rewritten(before, after);
      assert.equal(text, expected);
      assert.deepEqual(readDocument(text).value, after);
    });

  it('sets a value at a place', () => {
    assert.deepEqual(withValue({ a: [{ b: 1 }] }, ['a', 0, 'c', 'd'], 2), { a: [{ b: 1, c: { d: 2 } }] });
    assert.deepEqual(withValue({ a: 1, b: 2 }, ['a'], undefined), { b: 2 });
  });
});
