import assert from 'node:assert/strict';
import { Documents } from '../../../src/manifest/documents.ts';
import { fixAll } from '../../../src/manifest/fixAll.ts';
import type { Diagnostic } from '../../../src/manifest/model.ts';
import { judge } from './check.ts';

function diagnostic(preferred: boolean, ...places: readonly (readonly [from: number, to: number])[]): Diagnostic {
  const edits = places.map(([from, to]) => ({
    range: { start: { line: 0, character: from }, end: { line: 0, character: to } },
    newText: 'x',
  }));
  return {
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
    severity: 'error',
    message: '',
    code: '',
    path: '',
    fixes: [{ title: '', edits, preferred }],
  };
}

describe('fix all', () => {
  const table: readonly (readonly [what: string, found: readonly Diagnostic[], expected: readonly number[]])[] = [
    ['takes fixes that lie apart', [diagnostic(true, [0, 2]), diagnostic(true, [4, 6])], [0, 4]],
    ['takes the first of two that overlap, whole', [diagnostic(true, [0, 3]), diagnostic(true, [2, 5], [8, 9])], [0]],
    ['leaves alone what is one of several ways', [diagnostic(false, [0, 2])], []],
  ];
  for (const [what, found, expected] of table)
    it(what, () =>
      assert.deepEqual(
        fixAll(found).map(({ range }) => range.start.character),
        expected,
      ),
    );
  it('does not add a field that another fix brings by renaming one', () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      imge: b:1\n    - name: c\n';
    const documents = new Documents(judge);
    documents.change('a.yaml', text);
    const edits = fixAll(documents.diagnostics('a.yaml')?.diagnostics ?? []);
    assert.deepEqual(
      edits.map(({ newText }) => newText),
      ['image', '\n      image: ""'],
    );
    assert.equal(edits[1]?.range.start.line, 8);
  });
});
