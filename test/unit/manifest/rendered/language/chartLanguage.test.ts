import assert from 'node:assert/strict';
import { Lines } from '../../../../../src/manifest/yaml/lines.ts';
import type { Position } from '../../../../../src/manifest/model.ts';
import { ChartFiles } from '../../../../../src/manifest/rendered/chartFiles.ts';
import { ChartLanguage } from '../../../../../src/manifest/rendered/language/chartLanguage.ts';

const FILES: Readonly<Record<string, string>> = {
  'Chart.yaml': 'name: shop\n',
  'values.yaml': 'replicas: 2\nimage:\n  repository: web\n  tag: "1"\nboats:\n  - name: one\n    port: 80\ncache:\n  size: 64Mi\n',
  'values.schema.json':
    '{"properties": {"replicas": {"type": "integer", "description": "How many.", "minimum": 1}, "image": {"properties": {"tag": {"type": "string"}, "pull": {"enum": ["Always", "Never"]}}, "additionalProperties": false}}}',
  'templates/_helpers.tpl':
    '{{/* The name of everything. */}}\n{{- define "shop.name" -}}\n{{ .Release.Name }}-{{ .Values.image.tag }}\n{{- end }}\n',
  'templates/web.yaml':
    'name: {{ include "shop.name" . }}\nreplicas: {{ .Values.replicas }}\nimage: "{{ .Values.image.repository }}"\n{{- range .Values.boats }}\nport: {{ .port }}\n{{- end }}\nall: {{ toYaml .Values.image }}\n',
  'charts/cache/Chart.yaml': 'name: cache\n',
  'charts/cache/values.yaml': 'size: 32Mi\n',
  'charts/cache/templates/cache.yaml': 'memory: {{ .Values.size }}\n',
};

/** The language of the files, one of them with `|` where the cursor is. */
function at(path: string, marked: string): { readonly language: ChartLanguage; readonly position: Position } {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  return {
    language: new ChartLanguage(new ChartFiles(new Map(Object.entries({ ...FILES, [path]: text })))),
    position: new Lines(text).position(offset),
  };
}

/** The cursor within a text of the file. */
function inFile(path: string, word: string, within = 1): ReturnType<typeof at> {
  const text = FILES[path] ?? '';
  const offset = text.indexOf(word) + within;
  return at(path, `${text.slice(0, offset)}|${text.slice(offset)}`);
}

describe('hover in a chart', () => {
  for (const [what, path, word, within, expected] of [
    [
      'a value in values.yaml',
      'values.yaml',
      'replicas',
      1,
      /`\.Values\.replicas`[^]*How many\.[^]*Type: `integer`[^]*Used by:\n- `templates\/web\.yaml:2` `\.Values\.replicas`$/,
    ],
    [
      'a part of a map that is printed whole',
      'values.yaml',
      'tag',
      1,
      /_helpers\.tpl:3` `\.Values\.image\.tag`\n- `templates\/web\.yaml:7` `\.Values\.image`/,
    ],
    ['a value of an item', 'values.yaml', 'port', 1, /web\.yaml:5` `\.port`/],
    ['a value of a chart in the chart', 'values.yaml', 'size', 1, /charts\/cache\/templates\/cache\.yaml:1` `\.Values\.size`/],
    [
      'a value in a template',
      'templates/web.yaml',
      '.Values.image.repository',
      17,
      /`\.Values\.image\.repository`[^]*- `values\.yaml:3`: `web`/,
    ],
    [
      'a step of its path',
      'templates/web.yaml',
      '.Values.image.repository',
      10,
      /`\.Values\.image`[^]*- `values\.yaml:2`: `repository`, `tag`/,
    ],
    [
      'a value of an outer chart',
      'charts/cache/templates/cache.yaml',
      '.Values.size',
      9,
      /`values\.yaml:9`: `64Mi`\n- `charts\/cache\/values\.yaml:1`: `32Mi`/,
    ],
    [
      'a definition',
      'templates/web.yaml',
      'shop.name',
      2,
      /`shop\.name`[^]*templates\/_helpers\.tpl:2`[^]*The name of everything\.[^]*define "shop\.name"/,
    ],
    ['a built-in object', 'templates/_helpers.tpl', '.Release.Name', 9, /`\.Release\.Name`[^]*The name of the release\./],
  ] as const)
    it(`tells ${what}`, () => {
      const { language, position } = inFile(path, word, within);
      assert.match(language.hover(path, position)?.markdown ?? '', expected);
    });

  it('is silent elsewhere', () => {
    const { language, position } = inFile('templates/web.yaml', 'replicas:', 2);
    assert.equal(language.hover('templates/web.yaml', position), undefined);
  });
});

describe('completion in a chart', () => {
  for (const [text, expected] of [
    ['a: {{ .Values.| }}', ['replicas', 'image', 'boats', 'cache']],
    ['a: {{ .Values.re|p }}', ['replicas', 'image', 'boats', 'cache']],
    ['a: {{ .Values.image.| }}', ['repository', 'tag', 'pull']],
    ['a: {{ if .x }}{{ quote $.Values.image.|', ['repository', 'tag', 'pull']],
    ['{{ with .Values.image }}{{ .| }}{{ end }}', ['repository', 'tag', 'pull']],
    ['{{ range .Values.boats }}{{ .| }}{{ end }}', ['name', 'port']],
    ['{{ .Release.| }}', ['Name', 'Namespace', 'Revision', 'IsInstall', 'IsUpgrade', 'Service']],
    ['{{ .| }}', ['Values', 'Release', 'Chart', 'Capabilities', 'Files', 'Template', 'Subcharts']],
    ['{{ include "|" . }}', ['shop.name']],
    ['a: .Values.|', []],
  ] as const)
    it(text, () => {
      const { language, position } = at('templates/x.yaml', text);
      assert.deepEqual(
        language.completion('templates/x.yaml', position).map(({ label }) => label),
        expected,
      );
    });

  it('knows the keys of the schema in values.yaml', () => {
    const { language, position } = at('values.yaml', 'replicas: 1\nimage:\n  tag: "1"\n  |');
    assert.deepEqual(
      language.completion('values.yaml', position).map(({ insertText }) => insertText),
      ['pull: '],
    );
  });
});

describe('navigation in a chart', () => {
  const show = (places: readonly { readonly path: string; readonly range: { readonly start: Position } }[]): readonly string[] =>
    places.map(({ path, range }) => `${path}:${range.start.line + 1}`);
  for (const [path, word, within, definitions, references] of [
    ['templates/web.yaml', '.Values.replicas', 9, ['values.yaml:1'], ['templates/web.yaml:2']],
    ['templates/web.yaml', '.port', 2, ['values.yaml:7'], ['templates/web.yaml:4', 'templates/web.yaml:5']],
    [
      'charts/cache/templates/cache.yaml',
      '.Values.size',
      9,
      ['values.yaml:9', 'charts/cache/values.yaml:1'],
      ['charts/cache/templates/cache.yaml:1'],
    ],
    ['templates/web.yaml', 'shop.name', 2, ['templates/_helpers.tpl:2'], ['templates/web.yaml:1']],
    ['values.yaml', 'replicas', 1, [], ['templates/web.yaml:2']],
  ] as const)
    it(`leads from ${word} of ${path}`, () => {
      const { language, position } = inFile(path, word, within);
      assert.deepEqual(show(language.definition(path, position)), definitions);
      assert.deepEqual(show(language.references(path, position)), references);
    });
});

describe('the schema of values', () => {
  for (const [text, expected] of [
    ['replicas: 2\n', []],
    ['replicas: two\n', ["1:11 at '/replicas': got string, want integer"]],
    ['replicas: 0\n', ["1:11 at '/replicas': minimum: got 0, want 1"]],
    ['image:\n  tag: 1\n', ["2:8 at '/image/tag': got number, want string"]],
    ['image:\n  pull: Sometimes\n', ["2:9 at '/image/pull': value must be one of 'Always', 'Never'"]],
    ['image:\n  pul: Always\n', ["2:3 at '/image/pul': additional properties 'pul' not allowed"]],
    ['image: [', []],
  ] as const)
    it(JSON.stringify(text), () => {
      const { language } = at('values.yaml', text);
      assert.deepEqual(
        language.diagnostics('values.yaml').map(({ range, message }) => `${range.start.line + 1}:${range.start.character + 1} ${message}`),
        expected,
      );
    });
});
