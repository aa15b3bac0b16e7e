// The list of what esbuild makes of the sources: the only place that names a file of dist/.
// Invariant: nothing outside dist/, media/ and samples/ is needed to run the packaged extension.

import type { BuildOptions, Plugin } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './support/process.ts';

export interface Bundle {
  readonly name: string;
  readonly entry: string;
  readonly options: BuildOptions;
}

/** Large tables as texts: `JSON.parse` reads them faster than JavaScript's own parser, and only a text is kept compiled. */
const jsonTexts: Plugin = {
  name: 'json-texts',
  setup: (build) => {
    build.onLoad({ filter: /\.json$/ }, async ({ path }) => {
      const text = JSON.stringify(JSON.parse(await readFile(path, 'utf8')));
      return { contents: `export default JSON.parse(${JSON.stringify(text)});`, loader: 'js' };
    });
  },
};

const node: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // CommonJS has no import.meta; sources that look for files beside themselves use its url.
  define: { 'import.meta.url': '__importMetaUrl', 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  plugins: [jsonTexts],
  // Optional native accelerators of ws: it works without them.
  external: ['vscode', 'bufferutil', 'utf-8-validate'],
  logLevel: 'warning',
  legalComments: 'none',
};

const browser: BuildOptions = {
  bundle: true,
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  loader: { '.ttf': 'file', '.svg': 'text' },
  assetNames: '[name]',
  logLevel: 'warning',
  legalComments: 'none',
};

const programs: readonly Bundle[] = [
  { name: 'extension', entry: 'src/extension.ts', options: { ...node, outfile: 'dist/extension.cjs' } },
  { name: 'worker', entry: 'src/host/worker/start.ts', options: { ...node, outfile: 'dist/worker.cjs' } },
  { name: 'workerProgram', entry: 'src/host/worker/main.ts', options: { ...node, outfile: 'dist/workerProgram.cjs' } },
  { name: 'dockerfile', entry: 'src/host/dockerfile/service.ts', options: { ...node, outfile: 'dist/dockerfile.cjs' } },
  { name: 'kubepad', entry: 'src/host/cli/main.ts', options: { ...node, outfile: 'dist/kubepad.cjs' } },
  { name: 'kubepadProgram', entry: 'src/host/cli/program.ts', options: { ...node, outfile: 'dist/kubepadProgram.cjs' } },
  { name: 'kubepadValidate', entry: 'src/host/cli/validateProgram.ts', options: { ...node, outfile: 'dist/kubepadValidate.cjs' } },
  { name: 'kubepadLsp', entry: 'src/host/cli/lspProgram.ts', options: { ...node, outfile: 'dist/kubepadLsp.cjs' } },
  { name: 'kubepadJudge', entry: 'src/host/cli/judge.ts', options: { ...node, outfile: 'dist/kubepadJudge.cjs' } },
];

/** All bundles whose entry exists, and the entries that do not exist yet. */
export function listBundles(): { readonly bundles: readonly Bundle[]; readonly missing: readonly string[] } {
  const folder = join(root, 'src/webview');
  const surfaces = (existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [])
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'main.ts')))
    .map((entry): Bundle => {
      const name = entry.name;
      return { name: `webview/${name}`, entry: `src/webview/${name}/main.ts`, options: { ...browser, outfile: `dist/webview/${name}.js` } };
    });
  const missing = programs.filter((bundle) => !existsSync(join(root, bundle.entry))).map((bundle) => bundle.entry);
  if (surfaces.length === 0) missing.push('src/webview/<surface>/main.ts');
  return { bundles: [...programs.filter((bundle) => existsSync(join(root, bundle.entry))), ...surfaces], missing };
}
