import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readChartFolder } from '../../../../src/host/rendering/chartFolder.ts';
import { readKustomizeFiles } from '../../../../src/host/rendering/kustomize.ts';

const LARGE = 40 * 1024 * 1024;

describe('what is rendered', () => {
  let folder: string;
  const none = (): undefined => undefined;
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kubepad-inputs-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('of a chart follows links to folders, as helm does, but not in a circle', async () => {
    write('chart/Chart.yaml', 'name: a\n');
    write('common/templates/x.yaml', 'a: b\n');
    mkdirSync(join(folder, 'chart/charts'));
    symlinkSync(join(folder, 'common'), join(folder, 'chart/charts/common'));
    symlinkSync(join(folder, 'chart'), join(folder, 'chart/charts/self'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'chart/gone.yaml'));
    const { files } = await readChartFolder(join(folder, 'chart'), none);
    assert.deepEqual([...files.keys()], ['Chart.yaml', 'charts/common/templates/x.yaml']);
  });

  it('of a chart is bounded before it is read', async () => {
    write('Chart.yaml', 'name: a\n');
    truncateSync(write('files/large.bin', ''), LARGE);
    await assert.rejects(readChartFolder(folder, none), /larger than 3000 files or 32 MiB/);
  });

  const kustomizations: readonly (readonly [title: string, text: string, needs: RegExp])[] = [
    ['files', 'resources: [a.yaml]\n', /^$/],
    ['a file that is too large', 'configMapGenerator: [{name: a, files: [large.bin]}]\n', /larger than 2000 files or 32 MiB/],
    ['what is no file', 'resources: [a.yaml]\ncrds: [/dev/zero]\n', /^$/],
    ['an address', 'resources: ["https://example.com/a.yaml"]\n', /would be fetched/],
    ['a plugin that needs nothing', 'transformers: [labels.yaml]\n', /^$/],
    ['a plugin that names a file', 'transformers: [patch.yaml]\n', /names files of its own/],
    [
      'a plugin in place that names a file',
      'transformers:\n  - |-\n    apiVersion: builtin\n    kind: PatchTransformer\n    path: x.yaml\n',
      /plugins/,
    ],
    ['charts', 'helmCharts: [{name: a}]\n', /makes charts/],
  ];
  for (const [title, text, needs] of kustomizations)
    it(`of a kustomization may need more than there is: ${title}`, async () => {
      write('a.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n');
      write(
        'labels.yaml',
        'apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: a}\nlabels: {a: b}\nfieldSpecs:\n  - path: metadata/labels\n',
      );
      write('patch.yaml', 'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: a}\npath: https://example.com/x.yaml\n');
      truncateSync(write('large.bin', ''), LARGE);
      const found = await readKustomizeFiles(write('kustomization.yaml', text), none);
      assert.match(found.needs, needs);
    });
});
