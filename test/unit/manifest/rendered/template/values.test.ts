import assert from 'node:assert/strict';
import { scanTemplate } from '../../../../../src/manifest/rendered/template/scan.ts';
import { valuesOf } from '../../../../../src/manifest/rendered/template/values.ts';

const paths = (text: string): readonly string[] => valuesOf(scanTemplate(text)).map(({ path }) => path.join('.'));

describe('the values that a template names', () => {
  for (const [text, expected] of [
    ['{{ .Values.a.b }} {{ $.Values.c }}', ['a.b', 'c']],
    ['{{ .Release.Name }} {{ .Chart.Version }} {{ .Capabilities.KubeVersion }}', []],
    ['{{ if .Values.a }}{{ .Values.b | default .Values.c | quote }}{{ end }}', ['a', 'b', 'c']],
    ['{{ with .Values.a }}{{ .b }}{{ $.Values.c }}{{ else }}{{ .Values.d }}{{ end }}{{ .Values.e }}', ['a', 'a.b', 'c', 'd', 'e']],
    ['{{ with .Values.a }}{{ toYaml . }}{{ end }}', ['a', 'a']],
    ['{{ range .Values.list }}{{ .name }}{{ end }}', ['list', 'list.[].name']],
    ['{{ range $i, $x := .Values.list }}{{ $x.name }}{{ .port }}{{ $i }}{{ end }}', ['list', 'list.[].name', 'list.[].port']],
    ['{{ $x := .Values.a }}{{ $x.b }}', ['a', 'a.b']],
    ['{{ $x := default (dict) .Values.a }}{{ $x.b }}', ['a']],
    ['{{ index .Values "a-b" "c" }}', ['a-b.c']],
    ['{{ with (.Values.a | default dict) }}{{ .b }}{{ end }}', ['a', 'a.b']],
    ['{{ with .Values.a | default .Values.z }}{{ .b }}{{ end }}', ['a', 'z', 'a.b']],
    ['{{ range until 3 }}{{ .x }}{{ $.Values.y }}{{ end }}', ['y']],
    ['{{ define "x" }}{{ .Values.a }}{{ .root.Values.b }}{{ .c }}{{ end }}', ['a']],
    ['{{ "text .Values.no" }}{{ `.Values.no` }}', []],
    ['{{ printf "%s-%s" .Values.a (.Values.b | trunc 3) }}', ['a', 'b']],
    ['{{ .Values }}', ['']],
    ['{{ if .x }}{{ else with .Values.w }}{{ .v }}{{ end }}', ['w', 'w.v']],
  ] as const)
    it(text, () => assert.deepEqual(paths(text), expected));

  it('stand at their words', () => {
    const text = 'a: {{ quote .Values.x.y }}';
    assert.deepEqual(
      valuesOf(scanTemplate(text)).map(({ start, end }) => text.slice(start, end)),
      ['.Values.x.y'],
    );
  });
});
