// What `kubepad lsp` finds in charts and kustomizations, rendered by the real helm and kubectl.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../scripts/support/process.ts';
import { Client, serverLink } from '../unit/host/lsp/client.ts';
import { findBinaries } from './support/binaries.ts';

const binaries = findBinaries();

describe('kubepad lsp with tools', function () {
  this.timeout(60_000);
  if (binaries === undefined) {
    it('cannot be tried here', () => undefined);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'kubepad-lsp-'));
  const client = new Client(serverLink());
  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
  const lines = (name: string): readonly string[] =>
    client.findings(uriOf(name)).map(({ range, message }) => `${range.start.line + 1}: ${message}`);
  before(async () => {
    cpSync(join(root, 'samples/charts/store'), join(folder, 'store'), { recursive: true });
    mkdirSync(join(folder, 'k'));
    writeFileSync(join(folder, 'k/kustomization.yaml'), 'resources: [web.yaml]\npatches: [{path: more.yaml}]\n');
    writeFileSync(
      join(folder, 'k/web.yaml'),
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: nginx}]}\n',
    );
    const more = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 3\n';
    writeFileSync(join(folder, 'k/more.yaml'), more);
    const rendering = { helm: binaries.helm, kubectl: binaries.kubectl };
    await client.start({ rootUri: pathToFileURL(folder).href, initializationOptions: { kubepad: { trusted: true, rendering } } });
  });
  after(async () => {
    await client.end();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells at the template what an unsaved value makes of it, until it is mended', async () => {
    const values = readFileSync(join(folder, 'store/values.yaml'), 'utf8');
    const line = values.split('\n').findIndex((each) => each.startsWith('replicas: 2'));
    await client.open(uriOf('store/values.yaml'), values);
    await client.edit(uriOf('store/values.yaml'), line, 10, 11, '-2');
    await client.until(() => lines('store/templates/store.yaml').some((each) => each.startsWith('24: spec.replicas: Invalid value: -2')));
    await client.edit(uriOf('store/values.yaml'), line, 10, 12, '2');
    await client.until(() => lines('store/templates/store.yaml').length === 0);
  });

  it('tells at the patch what it makes of an object', async () => {
    const uri = uriOf('k/more.yaml');
    await client.open(uri, readFileSync(join(folder, 'k/more.yaml'), 'utf8'));
    await client.edit(uri, 4, 12, 13, '-3');
    await client.until(() => lines('k/more.yaml').some((each) => each.startsWith('5: spec.replicas: Invalid value: -3')));
  });
});
