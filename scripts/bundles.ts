// The list of what esbuild makes of the sources: the only place that names a file of dist/.
// Invariant: nothing outside dist/, media/, samples/ and the glossary is needed to run the packaged extension.

import type { BuildOptions, Plugin } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './support/process.ts';

export interface Bundle {
  readonly name: string;
  /** Sources by what they become under dist/, without the ending. */
  readonly entries: Readonly<Record<string, string>>;
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

/**
 * What is to be there at once is little: VS Code's API as it is, which esbuild copies name by name into each module that imports it
 * all, and of vscode-jsonrpc the names of messages. The rest of it is run when the worker starts.
 */
const quickStart: Plugin = {
  name: 'quick-start',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replace(/^import \* as vscode from 'vscode';$/m, `const vscode = require('vscode');`), loader: 'ts' };
    });
    const messages = join(dirname(fileURLToPath(import.meta.resolve('vscode-jsonrpc'))), 'messages.js');
    build.onResolve({ filter: /^vscode-jsonrpc$/ }, () => ({ path: messages }));
  },
};

const node: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  plugins: [jsonTexts],
  // Optional native accelerators of ws: it works without them.
  external: ['vscode', 'bufferutil', 'utf-8-validate'],
  logLevel: 'warning',
  legalComments: 'none',
};

/** VS Code loads an extension as CommonJS, which has no import.meta. */
const commonjs: BuildOptions = {
  ...node,
  plugins: [quickStart],
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.url': '__importMetaUrl', 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/** Modules that share what they have in common, each part in a file of its own that is read when it is needed. */
const modules: BuildOptions = {
  ...node,
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'part-[hash]',
  // Libraries that are CommonJS require what Node has built in.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
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
  { name: 'extension', entries: { extension: 'src/extension.ts' }, options: commonjs },
  {
    name: 'programs',
    entries: { worker: 'src/host/worker/start.ts', kubepad: 'src/host/cli/main.ts', dockerfile: 'src/host/dockerfile/service.ts' },
    options: modules,
  },
];

/** All bundles. */
export function listBundles(): readonly Bundle[] {
  const folder = join(root, 'src/webview');
  const surfaces = (existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [])
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'main.ts')))
    .map((entry): Bundle => {
      const name = entry.name;
      return { name: `webview/${name}`, entries: { [`webview/${name}`]: `src/webview/${name}/main.ts` }, options: browser };
    });
  return [...programs, ...surfaces];
}
