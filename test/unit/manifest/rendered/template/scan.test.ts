import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nameOf, scanTemplate } from '../../../../../src/manifest/rendered/template/scan.ts';

const kinds = (text: string): readonly string[] =>
  scanTemplate(text).map((segment) =>
    segment.type === 'text' ? JSON.stringify(text.slice(segment.start, segment.end)) : `${segment.kind} ${segment.inner}`,
  );

describe('the scanner of templates', () => {
  for (const [text, expected] of [
    ['a: {{ .x }}\n', ['"a: "', 'output .x', '"\\n"']],
    ['{{- if .a -}} b {{- else if .c }} d {{ end }}', ['control if .a', '" b "', 'control else if .c', '" d "', 'control end']],
    ['{{/* }} no end */}}x', ['silent /* }} no end */', '"x"']],
    ['{{- /* a */ -}}', ['silent /* a */']],
    ['{{ $x := 1 }}{{ $x = 2 }}{{ $i, $x := f }}', ['silent $x := 1', 'silent $x = 2', 'silent $i, $x := f']],
    ['{{ "}}" }}{{ `}}` }}{{ \'}\' }}', ['output "}}"', 'output `}}`', "output '}'"]],
    ['{{ define "a" }}x{{ end }}{{ template "a" . }}', ['define define "a"', '"x"', 'control end', 'output template "a" .']],
    ['{{-3}}', ['output -3']],
    ['{{ .half\nb: c', ['output .half', '"\\nb: c"']],
    ['{{ .half {{ .x }}', ['output .half {{ .x }}']],
    ['{{ "half\n}}', ['output "half', '"\\n}}"']],
  ] as const)
    it(JSON.stringify(text), () => assert.deepEqual(kinds(text), expected));

  it('tells which definition a piece belongs to', () => {
    const segments = scanTemplate('a{{ define "x.y" }}b{{ if . }}c{{ end }}d{{ end }}e');
    assert.deepEqual(
      segments.filter(({ type }) => type === 'text').map(({ definition }) => definition),
      [undefined, 'x.y', 'x.y', 'x.y', undefined],
    );
  });

  it('reads names', () => {
    assert.equal(nameOf({ inner: 'include "a.b" . | nindent 4' }), 'a.b');
    assert.equal(nameOf({ inner: 'define `a`' }), 'a');
    assert.equal(nameOf({ inner: 'include .name .' }), undefined);
  });

  it('loses no character of any text', () => {
    const piece = fc.constantFrom('{{', '}}', '{{-', '-}}', '"', '`', "'", '/*', '*/', ' end ', ' if ', 'define "x"', '\n', ' ', 'a', '\\');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        assert.equal(
          scanTemplate(text)
            .map(({ start, end }) => text.slice(start, end))
            .join(''),
          text,
        );
      }),
    );
  });
});
