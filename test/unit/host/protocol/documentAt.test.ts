import assert from 'node:assert/strict';
import { documentAt, onlyDocument } from '../../../../src/host/protocol/documentAt.ts';
import { createApiJudge } from '../../../../src/manifest/apiJudge.ts';
import { Documents } from '../../../../src/manifest/documents.ts';

const TEXT =
  '# head\n---\nkind: A\napiVersion: v1\n---\n# about B\nkind: B\napiVersion: v1\ndata:\n  a: |\n    x\n---\nkind: C\napiVersion: v1\n';

describe('one document of a file', () => {
  const documents = new Documents(createApiJudge());
  documents.change('file:///a.yaml', TEXT);
  const outline = documents.outline('file:///a.yaml');

  for (const [line, kind] of [
    [0, 'A'],
    [3, 'A'],
    [6, 'B'],
    [10, 'B'],
    [12, 'C'],
    [99, 'C'],
  ] as const) {
    it(`at line ${line} is ${kind}`, () => assert.equal(documentAt(outline, line)?.kind, kind));
  }

  it('stays at its lines', () => {
    const found = documentAt(outline, 6);
    assert.ok(found);
    const lines = onlyDocument(TEXT, found).split('\n');
    assert.deepEqual(
      lines.flatMap((line, index) => (line === '' ? [] : [[index, line]])),
      [
        [6, 'kind: B'],
        [7, 'apiVersion: v1'],
        [8, 'data:'],
        [9, '  a: |'],
        [10, '    x'],
      ],
    );
  });

  it('keeps the blanks of a block text at its end', () => {
    const text = 'kind: A\napiVersion: v1\ndata:\n  a: |\n    x  \n';
    documents.change('file:///b.yaml', text);
    const [found] = documents.outline('file:///b.yaml');
    assert.ok(found);
    assert.equal(onlyDocument(text, found), text);
  });

  it('is a JSON object between others in the same line, too', () => {
    const [a, b, c] = ['A', 'B', 'C'].map((kind) => JSON.stringify({ kind, apiVersion: 'v1' }, null, 1)) as [string, string, string];
    documents.change('file:///c.json', `${a}${b} ${c}\n`);
    const found = documents.outline('file:///c.json').find(({ kind }) => kind === 'B');
    assert.ok(found);
    assert.deepEqual(onlyDocument(`${a}${b} ${c}\n`, found).split('\n'), [
      '',
      '',
      '',
      ' {',
      ' "kind": "B",',
      ' "apiVersion": "v1"',
      '}',
      '',
      '',
      '',
      '',
    ]);
  });
});
