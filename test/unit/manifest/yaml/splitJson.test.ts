import assert from 'node:assert/strict';
import { readManifests } from '../../../../src/host/worker/manifestDocuments.ts';
import { createApiJudge } from '../../../../src/manifest/apiJudge.ts';
import { Documents } from '../../../../src/manifest/documents.ts';
import { splitDocuments } from '../../../../src/manifest/yaml/split.ts';

const URI = 'file:///objects.json';

describe('JSON objects in a row', () => {
  // Where each begins, and its text; the texts are those of the file with blanks in place of what stands before on the line.
  const table: readonly (readonly [text: string, chunks: readonly (readonly [line: number, column: number, text: string])[]])[] = [
    ['{"a": 1}\n', [[0, 0, '{"a": 1}\n']]],
    [
      '{"a": 1}\n{"b": 2}\n',
      [
        [0, 0, '{"a": 1}\n'],
        [1, 0, '{"b": 2}\n'],
      ],
    ],
    [
      '\r\n{"a": 1}\r\n\r\n  {"b": 2}',
      [
        [0, 0, '\r\n{"a": 1}\r\n\r\n'],
        [3, 0, '  {"b": 2}'],
      ],
    ],
    [
      '{\n}{"b": 2}{}',
      [
        [0, 0, '{\n}'],
        [1, 1, ' {"b": 2}'],
        [1, 9, '         {}'],
      ],
    ],
    [
      '{"a": {"b": [{}, {}]}} {"c": {}}',
      [
        [0, 0, '{"a": {"b": [{}, {}]}} '],
        [0, 23, `${' '.repeat(23)}{"c": {}}`],
      ],
    ],
    // Braces and quotes within strings are none.
    [
      '{"a": "}{", "b": "\\\\"}\n{"c": "\\"} {"}',
      [
        [0, 0, '{"a": "}{", "b": "\\\\"}\n'],
        [1, 0, '{"c": "\\"} {"}'],
      ],
    ],
    // The last takes what follows, whatever it is.
    [
      '{"a": 1}\n{"b": 2}\n[3]',
      [
        [0, 0, '{"a": 1}\n'],
        [1, 0, '{"b": 2}\n[3]'],
      ],
    ],
    [
      '{"a": 1}\n{"b": \n{"c": 3}',
      [
        [0, 0, '{"a": 1}\n'],
        [1, 0, '{"b": \n{"c": 3}'],
      ],
    ],
    // kubectl reads on only behind JSON, and reads objects in a row only where a file begins with one.
    ['{a: 1}\n{b: 2}', [[0, 0, '{a: 1}\n{b: 2}']]],
    ['{"a": "x}\n{"b": 2}', [[0, 0, '{"a": "x}\n{"b": 2}']]],
    ['---\n{"a": 1}\n{"b": 2}', [[0, 0, '---\n{"a": 1}\n{"b": 2}']]],
    [
      '{"a": 1}{"b": 2}\n---\nc: 3\n',
      [
        [0, 0, '{"a": 1}'],
        [0, 8, '        {"b": 2}\n'],
        [1, 0, '---\nc: 3\n'],
      ],
    ],
  ];
  for (const [text, chunks] of table)
    it(JSON.stringify(text), () => {
      const found = splitDocuments(text);
      assert.deepEqual(
        found.map((each) => [each.line, each.column, each.text]),
        chunks,
      );
      assert.equal(found.map((each) => each.text.slice(each.column)).join(''), text);
    });

  const object = (name: string, more = ''): string => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"}${more}}`;

  it('are applied one after the other', () => {
    const text = `${object('one')}${object('two')}\n${object('three')}\n`;
    assert.deepEqual(
      readManifests([{ uri: URI, text }], 'default').map(({ subject, range, reason }) => [subject, range.start, reason]),
      [
        ['configmap/one', { line: 0, character: 0 }, ''],
        ['configmap/two', { line: 0, character: object('one').length }, ''],
        ['configmap/three', { line: 1, character: 0 }, ''],
      ],
    );
  });

  it('are judged, each at its own place, and only those that changed anew', () => {
    const documents = new Documents(createApiJudge());
    const first = object('one');
    const text = (field: string): string => `${first}${object('two', `,"${field}":{}`)}\n${object('three', ',"wrong":{}')}`;
    documents.change(URI, text('odd'));
    const places = (): unknown => documents.diagnostics(URI)?.diagnostics.map(({ code, range }) => [code, range.start]);
    const at = (line: number, character: number) => ['UnknownField', { line, character }];
    assert.deepEqual(places(), [at(0, first.length + object('two').length), at(1, object('three').length)]);
    documents.change(URI, text('data'));
    assert.deepEqual(places(), [at(1, object('three').length)]);
    assert.deepEqual(documents.diagnostics(URI)?.judged, 1);
  });

  it('are told apart on one line by the column', () => {
    const documents = new Documents(createApiJudge());
    documents.change(URI, `${object('one')}${object('two')}`);
    const name = (character: number): string | undefined =>
      /one|two/.exec(documents.at(URI, { line: 0, character })?.entry.text ?? '')?.[0];
    const second = object('one').length;
    assert.deepEqual([name(0), name(second - 1), name(second), name(second + 40)], ['one', 'one', 'two', 'two']);
  });
});
