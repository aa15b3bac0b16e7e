import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Import, readSources, root, type Source, sourceOf } from './support/sources.ts';

const base = ['base'];
const sim = [...base, 'sim'];
const apimachinery = [...sim, 'apimachinery'];
const api = [...apimachinery, 'api'];
const apiserver = [...api, 'apiserver'];
const client = [...apiserver, 'client'];

/** Room ▸ the rooms it may import besides itself: the table of docs/architecture.md. */
const table: Readonly<Record<string, readonly string[]>> = {
  base: [],
  sim: base,
  apimachinery: sim,
  api: apimachinery,
  apiserver: api,
  client: apiserver,
  controllers: client,
  scheduler: client,
  cloud: [...client, 'scheduler'],
  kubectl: client,
  image: api,
  runtime: [...api, 'image'],
  kubelet: [...client, 'runtime', 'image'],
  network: [...client, 'runtime'],
  manifest: apiserver,
  cluster: [...client, 'controllers', 'scheduler', 'kubelet', 'network', 'cloud', 'kubectl', 'runtime', 'image', 'manifest'],
  scenario: [...client, 'kubectl', 'manifest', 'cluster'],
  host: [...client, 'kubectl', 'manifest', 'image', 'cluster', 'scenario'],
  extension: base,
  webview: base,
};

/** Single files of a room that another room may import although the table does not name the room. */
const contracts: readonly { readonly from: string; readonly to: RegExp; readonly typeOnly: boolean }[] = [
  {
    from: 'extension',
    to: /^src\/host\/protocol\/\w+\.ts$/,
    typeOnly: false,
  },
  { from: 'webview', to: /^src\/host\/protocol\/view\.ts$/, typeOnly: true },
  { from: 'webview', to: /^src\/host\/panels\/(\w+\/)?model\.ts$/, typeOnly: true },
  { from: 'extension', to: /^src\/host\/panels\/(\w+\/)?model\.ts$/, typeOnly: true },
  // The panel of a container shows what the kubelet's own API knows of it: files, processes, who leads to it.
  { from: 'host', to: /^src\/kubelet\/server\/(inspector|started)\.ts$/, typeOnly: true },
  { from: 'host', to: /^src\/runtime\/files\/(bytes|fileSystem)\.ts$/, typeOnly: false },
  { from: 'host', to: /^src\/network\/indexes\.ts$/, typeOnly: false },
  // The editor reads scripted programs with the reader of the runtime.
  { from: 'manifest', to: /^src\/runtime\/programs\/grammar\.ts$/, typeOnly: false },
  { from: 'extension', to: /^src\/webview\/\w+\/protocol\.ts$/, typeOnly: false },
  { from: 'extension', to: /^src\/webview\/shared\/html\.ts$/, typeOnly: false },
  { from: 'extension', to: /^src\/manifest\//, typeOnly: true },
  { from: 'extension', to: /^src\/host\/protocol\/view\.ts$/, typeOnly: true },
  { from: 'webview', to: /^src\/host\/protocol\/view\.ts$/, typeOnly: true },
];

const roomOf = (path: string): string => (path === 'src/extension.ts' ? 'extension' : (path.split('/')[1] ?? ''));

function violationsOf(source: Source): readonly string[] {
  const room = roomOf(source.path);
  const allowed = table[room];
  if (allowed === undefined) return [`${source.path}: the room ${room} is not in the table`];
  return source.imports
    .filter((imported) => !isAllowed(room, allowed, imported))
    .map(({ line, specifier }) => `${source.path}:${line} imports ${specifier}`);
}

function isAllowed(room: string, allowed: readonly string[], imported: Import): boolean {
  const { path } = imported;
  // Packages and Node's modules are the business of the purity test.
  if (path === undefined) return true;
  if (!path.startsWith('src/')) return false;
  const target = roomOf(path);
  if (target === room || allowed.includes(target)) return true;
  return contracts.some(({ from, to, typeOnly }) => from === room && to.test(path) && (!typeOnly || imported.typeOnly));
}

describe('layers', () => {
  it('has a line of the table for every folder of src', () => {
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(
      folders.map((folder) => folder.name).filter((name) => table[name] === undefined),
      [],
    );
  });

  it('imports only what the table allows', () => {
    assert.deepEqual(readSources('src').flatMap(violationsOf), []);
  });

  it('finds what it looks for', () => {
    const check = (path: string, text: string): number => violationsOf(sourceOf(path, text)).length;
    assert.equal(check('src/scheduler/a.ts', "import { x } from '../controllers/y.ts';"), 1);
    assert.equal(check('src/scheduler/a.ts', "import {\n  type X,\n  y,\n} from '../client/y.ts';"), 0);
    assert.equal(check('src/api/a.ts', "export * from '../apiserver/y.ts';"), 1);
    assert.equal(check('src/extension/a/b.ts', "import { x } from '../../manifest/types.ts';"), 1);
    assert.equal(check('src/extension/a/b.ts', "import type { X } from '../../manifest/types.ts';"), 0);
    assert.equal(check('src/extension/a/b.ts', "import type { X } from '../../webview/cluster/protocol.ts';"), 0);
    assert.equal(check('src/extension/a/b.ts', "import { X } from '../../webview/cluster/tree.ts';"), 1);
    assert.equal(check('src/base/a.ts', "const x = await import('../sim/y.ts');"), 1);
    assert.equal(check('src/elsewhere/a.ts', ''), 1);
  });
});
