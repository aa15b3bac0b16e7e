// `npm run build [-- --production] [-- --metafile] [-- --watch]`: bundles the sources into dist/.
// --production leaves out source maps and makes the files small; --metafile prints what each bundle holds.

import { analyzeMetafile, build, context, type Metafile } from 'esbuild';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Bundle, listBundles } from './bundles.ts';
import { root } from './support/process.ts';

export interface BuildRequest {
  readonly production: boolean;
}

/** Builds everything there is; returns what went into it. Throws with esbuild's messages if a source does not compile. */
export async function buildAll(request: BuildRequest): Promise<ReadonlyMap<string, Metafile>> {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  copyCodicons();
  const metafiles = new Map<string, Metafile>();
  for (const bundle of listBundles()) {
    const result = await build({ ...optionsOf(bundle, request), metafile: true });
    metafiles.set(bundle.name, result.metafile);
  }
  const program = join(root, 'dist/kubepad.mjs');
  if (existsSync(program)) chmodSync(program, 0o755);
  return metafiles;
}

function optionsOf(bundle: Bundle, request: BuildRequest) {
  return {
    ...bundle.options,
    absWorkingDir: root,
    outdir: 'dist',
    entryPoints: { ...bundle.entries },
    minify: request.production,
    sourcemap: !request.production,
    define: { ...bundle.options.define, 'process.env.NODE_ENV': request.production ? '"production"' : '"development"' },
  };
}

/** Webviews load the icon font as a file: the style sheet and its font lie side by side. */
function copyCodicons(): void {
  const from = join(root, 'node_modules/@vscode/codicons/dist');
  const to = join(root, 'dist/webview');
  mkdirSync(to, { recursive: true });
  for (const file of ['codicon.css', 'codicon.ttf']) copyFileSync(join(from, file), join(to, file));
}

async function watchAll(): Promise<void> {
  copyCodicons();
  for (const bundle of listBundles()) {
    const watching = await context({ ...optionsOf(bundle, { production: false }), logLevel: 'info' });
    await watching.watch();
  }
}

if (import.meta.main) {
  if (process.argv.includes('--watch')) {
    await watchAll();
  } else {
    const metafiles = await buildAll({ production: process.argv.includes('--production') });
    for (const [name, metafile] of metafiles) {
      const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
      console.log(`${name.padEnd(20)} ${(bytes / 1024).toFixed(0).padStart(7)} KiB`);
      if (process.argv.includes('--metafile')) console.log(await analyzeMetafile(metafile));
    }
  }
}
