import assert from 'node:assert/strict';
import { kustomizationDiagnostics, type Found } from '../../../../../src/manifest/rendered/kustomize/diagnostics.ts';
import { isKustomization, readKustomization } from '../../../../../src/manifest/rendered/kustomize/kustomization.ts';

const there: Readonly<Record<string, Found>> = { 'a.yaml': 'file', base: 'kustomization', empty: 'folder', 'p.yaml': 'file' };
const found = (text: string): readonly string[] =>
  kustomizationDiagnostics(text, (path) => there[path]).map(
    ({ range, severity, message, fixes }) =>
      `${range.start.line + 1}:${range.start.character + 1} ${severity} ${message}${fixes.length === 0 ? '' : ` (${fixes[0]?.title ?? ''})`}`,
  );

describe('a kustomization', () => {
  for (const [text, expected] of [
    ['resources: [a.yaml, base]\npatches: [{path: p.yaml}]\nnamePrefix: x-\n', []],
    ['resorces: [a.yaml]\n', ['1:1 error unknown field "resorces" (Change to resources)']],
    ['patches:\n  - path: p.yaml\n    target: {kin: Pod}\n', ['3:14 error unknown field "patches[0].target.kin" (Change to kind)']],
    ['resources: [b.yaml]\n', ['1:13 error b.yaml: no such file or directory']],
    ['resources: [empty]\n', ["1:13 error empty: unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization'"]],
    ['components: [a.yaml]\n', ['1:14 error a.yaml: expected a directory with a kustomization']],
    ['patches: [{path: base}]\n', ['1:18 error base: expected a file, found a directory']],
    ['configMapGenerator: [{name: a, files: [k=b.txt, a.yaml], literals: [a=b]}]\n', ['1:40 error b.txt: no such file or directory']],
    ['resources:\n  - https://github.com/x/y?ref=v1\n  - github.com/x/y//z\n  - git@github.com:x/y\n', []],
    ['resources: [a.yaml]\nresources: [base]\n', ['2:1 error duplicate field "resources"']],
    [
      'bases: [base]\n',
      [
        "1:1 warning 'bases' is deprecated. Please use 'resources' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
      ],
    ],
    ['patchesStrategicMerge: ["kind: Pod\\nmetadata: {name: a}\\n"]\ncommonLabels: {a: b}\n', 2],
    ['resources: [', 1],
    ['', []],
    ['- a\n', []],
  ] as const)
    it(JSON.stringify(text), () => {
      if (typeof expected === 'number') assert.equal(found(text).length, expected);
      else assert.deepEqual(found(text), expected);
    });

  it('is told by its name', () => {
    for (const uri of ['file:///a/kustomization.yaml', 'a/kustomization.yml', '/Kustomization']) assert.ok(isKustomization(uri), uri);
    for (const uri of ['file:///a/my-kustomization.yaml', 'a/kustomization.json']) assert.ok(!isKustomization(uri), uri);
  });

  it('names its patches', () => {
    const { patches, needsMore } = readKustomization(
      'patches:\n  - path: a.yaml\n    target: {kind: Pod}\n  - patch: |-\n      - op: add\npatchesStrategicMerge:\n  - b.yaml\nhelmCharts: []\n',
    );
    assert.deepEqual(
      patches.map(({ path, inline, target }) => path ?? `${inline?.text ?? ''} ${JSON.stringify(target)}`),
      ['a.yaml', '- op: add undefined', 'b.yaml'],
    );
    assert.ok(needsMore);
  });
});
