import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadAll } from 'js-yaml';
import { Documents } from '../../../../src/manifest/documents.ts';
import { formatEdits, type FormatOptions } from '../../../../src/manifest/format/format.ts';
import { judge, replace } from '../check.ts';

function format(text: string, options: FormatOptions = { indent: 2 }): string {
  const documents = new Documents(judge);
  documents.change('file:///a.yaml', text);
  return formatEdits(documents.entries('file:///a.yaml'), options)
    .toReversed()
    .reduce((result, { range, newText }) => replace(result, range, newText), text);
}

const samples = globSync(join(import.meta.dirname, '../../../../samples/**/*.yaml'))
  .map((file) => readFileSync(file, 'utf8'))
  .filter((text) => !text.includes('{{'));
const comments = (text: string): readonly string[] => text.split('\n').flatMap((line) => /(?:^|\s)#.*$/.exec(line)?.[0].trim() ?? []);

describe('formatting', () => {
  const table: readonly (readonly [what: string, before: string, after: string])[] = [
    ['indents by two, blanks after colons', 'kind:   Pod\nspec:\n    a:\n        b: 1\n', 'kind: Pod\nspec:\n  a:\n    b: 1\n'],
    [
      'keeps comments where they are',
      'kind: Pod\nspec:\n    # one\n    a:  1   # two\n    # three\n',
      'kind: Pod\nspec:\n  # one\n  a: 1 # two\n  # three\n',
    ],
    ['lets lists stand as most of them do', 'kind: Pod\na:\n- x:   1\n  y: 2\nb:\n- z\n', 'kind: Pod\na:\n- x: 1\n  y: 2\nb:\n- z\n'],
    [
      'keeps words as they are written',
      `kind: Pod\na:  0017\nb: 1.10\nc: "1"\nd: 'x'\ne: yes\nf:\ng: ~\n`,
      `kind: Pod\na: 0017\nb: 1.10\nc: "1"\nd: 'x'\ne: yes\nf:\ng: ~\n`,
    ],
    ['keeps what stands between brackets', 'kind: Pod\na:   { b: 1,c: [ x ] }\n', 'kind: Pod\na: { b: 1,c: [ x ] }\n'],
    [
      'moves brackets of many lines as a whole',
      'kind: Pod\na:\n    b: [\n      x,\n      y\n    ]\n',
      'kind: Pod\na:\n  b: [\n    x,\n    y\n  ]\n',
    ],
    ['moves block texts', 'kind: Pod\na:\n    b: |-\n        one\n          two\n', 'kind: Pod\na:\n  b: |-\n    one\n      two\n'],
    [
      'keeps long texts on their line',
      `kind: Pod\na:\n    b: ${'word '.repeat(40)}end\n`,
      `kind: Pod\na:\n  b: ${'word '.repeat(40)}end\n`,
    ],
    ['keeps anchors, aliases and merge keys', 'kind: Pod\na: &x\n    b: 1\nc:\n    <<: *x\n', 'kind: Pod\na: &x\n  b: 1\nc:\n  <<: *x\n'],
    ['makes one empty line of many', 'kind: Pod\n\n\n\na: 1\n', 'kind: Pod\n\na: 1\n'],
    ['ends the file with a line', 'kind: Pod\na:  1', 'kind: Pod\na: 1\n'],
    ['formats each document', 'kind:  Pod\n---\nkind:  Pod\n', 'kind: Pod\n---\nkind: Pod\n'],
    ['keeps the ends of lines of Windows', 'kind:  Pod\r\na:\r\n    b: 1\r\n', 'kind: Pod\r\na:\r\n  b: 1\r\n'],
    ['leaves what does not read', 'kind:   Pod\na: [\n', 'kind:   Pod\na: [\n'],
    ['leaves templates', 'kind:   {{ .Values.kind }}\n', 'kind:   {{ .Values.kind }}\n'],
    ['leaves JSON', '{"kind":   "Pod"}\n', '{"kind":   "Pod"}\n'],
  ];
  for (const [what, before, after] of table) it(what, () => assert.equal(format(before), after));

  it('touches only documents of the range', () => {
    const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 1 } };
    assert.equal(format('kind:  Pod\n---\nkind:  Pod\na:  1\n', { indent: 2, range }), 'kind:  Pod\n---\nkind:  Pod\na: 1\n');
  });
  it('does not move a part of a map away from the rest', () => {
    const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 1 } };
    const text = 'kind: Pod\na:\n    b: 1\n    c: 1\n';
    assert.equal(format(text, { indent: 2, range }), text);
  });
  it('leaves the samples of the repository as they are', () => {
    for (const text of samples) assert.equal(format(text), text);
  });
  it('keeps value and comments of disturbed samples, and has nothing to add to its own work', () => {
    const disturbed = fc.tuple(fc.constantFrom(...samples), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 1000 }));
    fc.assert(
      fc.property(disturbed, ([text, factor, seed]) => {
        const item = (_: string, blanks: string): string => `${' '.repeat(blanks.length * factor)}-${' '.repeat(2 * factor - 1)}`;
        const wide = /[|>]/.test(text)
          ? text
          : text.replaceAll(/^ +(?![ -])/gm, (blanks) => ' '.repeat(blanks.length * factor)).replaceAll(/^( *)- /gm, item);
        const odd = wide
          .split('\n')
          .map((line, at) => ((at * 7 + seed) % 5 === 0 && /^ *[\w.]+: [\w./]+$/.test(line) ? `${line.replace(': ', ':   ')}  ` : line));
        const before = odd.join('\n');
        const after = format(before);
        assert.deepEqual(loadAll(after), loadAll(before));
        assert.deepEqual(comments(after), comments(before));
        assert.equal(format(after), after);
      }),
      { numRuns: 60 },
    );
  });
});
