import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkFiles } from '../../../../src/host/cli/validateShare.ts';
import { Kustomizations } from '../../../../src/host/rendering/kustomizations.ts';

const FILES = {
  'base/kustomization.yaml': 'resources: [web.yaml]\n',
  'base/web.yaml': 'kind: Pod\n',
  'parts/kustomization.yaml': 'kind: Component\npatches: [{path: part.yaml}]\n',
  'parts/part.yaml': 'kind: Pod\n',
  'prod/kustomization.yaml': 'resources: [../base, gone.yaml]\ncomponents: [../parts]\npatches: [{path: more.yaml}]\n',
  'prod/more.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {hostNetwork: true}\n',
  'test/kustomization.yaml': 'resources: [../base]\n',
} as const;

describe('the kustomizations of a workspace', () => {
  let folder: string;
  const known = new Kustomizations();
  const uriOf = (path: string): string => pathToFileURL(join(folder, path)).href;
  const names = (paths: Iterable<string>): readonly string[] =>
    [...paths].map((path) => `${basename(dirname(path))}/${basename(path)}`).toSorted();
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubepad-kustomizations-'));
    for (const [path, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
      known.change(uriOf(path), text);
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [path, tops] of [
    ['base/web.yaml', ['prod/kustomization.yaml', 'test/kustomization.yaml']],
    ['base/kustomization.yaml', ['prod/kustomization.yaml', 'test/kustomization.yaml']],
    ['parts/part.yaml', ['prod/kustomization.yaml']],
    ['prod/more.yaml', ['prod/kustomization.yaml']],
    ['prod/kustomization.yaml', ['prod/kustomization.yaml']],
    ['elsewhere.yaml', []],
  ] as const)
    it(`render ${path} as a part of ${tops.join(' and ') || 'nothing'}`, () => assert.deepEqual(names(known.tops(uriOf(path))), tops));

  it('have patches', () => {
    assert.ok(known.isPatch(uriOf('prod/more.yaml')) && known.isPatch(uriOf('parts/part.yaml')));
    assert.ok(!known.isPatch(uriOf('base/web.yaml')) && !known.isPatch('untitled:more.yaml'));
  });

  it('tell which files are patches no more', () => {
    const own = new Kustomizations();
    assert.deepEqual(names(own.change(uriOf('prod/kustomization.yaml'), FILES['prod/kustomization.yaml'])), ['prod/more.yaml']);
    assert.deepEqual(names(own.change(uriOf('prod/kustomization.yaml'), 'patches: [{path: less.yaml}]\n')), [
      'prod/less.yaml',
      'prod/more.yaml',
    ]);
    assert.deepEqual(names(own.change(uriOf('prod/kustomization.yaml'), '')), ['prod/less.yaml']);
    assert.equal(own.diagnostics(uriOf('prod/kustomization.yaml')), undefined);
  });

  it('have links to files and to the kustomizations of folders, and say what is not there', () => {
    const uri = uriOf('prod/kustomization.yaml');
    assert.deepEqual(names(known.links(uri).map(({ target }) => target.uri)), [
      'base/kustomization.yaml',
      'parts/kustomization.yaml',
      'prod/more.yaml',
    ]);
    assert.deepEqual(
      known.diagnostics(uri)?.map(({ message }) => message),
      ['gone.yaml: no such file or directory'],
    );
  });

  it('keep `validate` from taking patches for objects', async () => {
    const files = ['prod/kustomization.yaml', 'prod/more.yaml'].map((path) => join(folder, path));
    const found = (await checkFiles(files, 1)).map(({ file, diagnostic }) => `${basename(file)} ${diagnostic.message}`);
    assert.deepEqual(found, ['kustomization.yaml gone.yaml: no such file or directory']);
    assert.equal((await checkFiles(files.slice(1), 1)).length, 1);
  });
});
