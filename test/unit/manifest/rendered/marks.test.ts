import assert from 'node:assert/strict';
import { alignLines } from '../../../../src/manifest/rendered/align.ts';
import { Marks, originOf, readMarks } from '../../../../src/manifest/rendered/marks.ts';

const template = '{{- if .x -}}\nname: {{ .Values.name -}}\n  kind: web  \n{{ end }}';

describe('marks in templates', () => {
  it('vanish when they are read', () => {
    const marks = new Marks();
    const marked = marks.put('a: b\n c: {{ .x }}\n', 0, { definitions: true });
    assert.notEqual(marked, 'a: b\n c: {{ .x }}\n');
    assert.equal(readMarks(marked, marks.all).text, 'a: b\n c: {{ .x }}\n');
  });

  it('leave actions that trim what follows trimming it', () => {
    const marks = new Marks();
    const marked = marks.put(template, 0, { definitions: true });
    assert.match(readMarks(marked, marks.all).text, /\{\{ \.Values\.name \}\}\{\{ "" -\}\}\n {2}kind: web {2}\n/);
  });

  it('are put into definitions only where lines of YAML stand', () => {
    const text = '{{ define "a" }}just-a-name{{ end }}{{ define "b" }}\nkey: {{ .v }}\n{{ end }}';
    const texts = (definitions: boolean): readonly string[] => {
      const marks = new Marks();
      marks.put(text, 0, { definitions });
      return marks.all.map(({ start, end }) => text.slice(start, end));
    };
    assert.deepEqual(texts(true), ['key:', '{{ .v }}']);
    assert.deepEqual(texts(false), []);
  });

  it('tell for each character where it came from', () => {
    const marks = new Marks();
    const marked = marks.put('ports: {{ .p }} # x\n', 0, { definitions: true }).replace('{{ .p }}', '8080\n  more');
    const read = readMarks(marked, marks.all);
    assert.equal(read.text, 'ports: 8080\n  more # x\n');
    const origin = (offset: number) => originOf(read, offset, 0);
    assert.deepEqual(origin(2), { source: 0, kind: 'text', start: 0, end: 6, at: 2, via: undefined });
    assert.equal(origin(8)?.kind, 'action');
    assert.equal(origin(15)?.kind, 'action');
    assert.equal(origin(20)?.at, 17);
  });
});

describe('lines of two renderings', () => {
  for (const [a, b, expected] of [
    ['a b c', 'a b c', [0, 1, 2]],
    ['a x c', 'a y c', [0, 1, 2]],
    ['a b c d', 'a c d', [0, 1, 1, 2]],
    ['a c d', 'a b c d', [0, 2, 3]],
    ['p a q b r', 'a b', [0, 0, 1, 1, 1]],
    ['', 'a', [0]],
    ['a b', '', [0, 0]],
  ] as const)
    it(`${a} | ${b}`, () => assert.deepEqual(alignLines(a.split(' '), b.split(' ')), expected));
});
