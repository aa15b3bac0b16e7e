// A page of a webview in a browser, without VS Code: the real bundle and the real page, under the real security policy.

import { build, type OutputFile } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { listBundles } from '../../../../scripts/bundles.ts';
import { root } from '../../../../scripts/support/process.ts';
import { pageHtml } from '../../../../src/webview/shared/html.ts';
import { themeCss, type Theme } from './themes.ts';

export const ORIGIN = 'http://webview.test';

/** Everything the page may load; anything else is refused. */
export async function serve(page: Page, surface: string, theme: Theme): Promise<void> {
  const codicons = join(root, 'node_modules/@vscode/codicons/dist');
  const files = await bundle(surface);
  const html = pageHtml({
    title: surface,
    lang: 'en',
    cspSource: ORIGIN,
    nonce: 'abc123',
    scriptUri: `${ORIGIN}/${surface}.js`,
    styleUris: ['theme', 'codicon', surface].map((name) => `${ORIGIN}/${name}.css`),
  });
  const kind = {
    dark: 'vscode-dark',
    light: 'vscode-light',
    'high-contrast': 'vscode-high-contrast',
    // VS Code gives its body both.
    'high-contrast-light': 'vscode-high-contrast vscode-high-contrast-light',
  }[theme];
  const bodies = new Map<string, { readonly contentType: string; readonly body: string | Buffer }>([
    ['/', { contentType: 'text/html', body: html.replace('<body>', `<body class="${kind}">`) }],
    ['/theme.css', { contentType: 'text/css', body: themeCss(theme) }],
    ['/codicon.css', { contentType: 'text/css', body: readFileSync(join(codicons, 'codicon.css')) }],
    ['/codicon.ttf', { contentType: 'font/ttf', body: readFileSync(join(codicons, 'codicon.ttf')) }],
    [`/${surface}.js`, { contentType: 'text/javascript', body: textOf(files, '.js') }],
    [`/${surface}.css`, { contentType: 'text/css', body: textOf(files, '.css') }],
  ]);
  await page.route('**/*', async (route) => {
    const found = bodies.get(new URL(route.request().url()).pathname);
    await (found === undefined ? route.fulfill({ status: 204 }) : route.fulfill(found));
  });
}

async function bundle(surface: string): Promise<readonly OutputFile[]> {
  const found = listBundles().find(({ name }) => name === `webview/${surface}`);
  if (found === undefined) throw new Error(`there is no bundle of ${surface}`);
  const { outputFiles } = await build({
    ...found.options,
    absWorkingDir: root,
    outdir: 'dist',
    entryPoints: { ...found.entries },
    write: false,
    logLevel: 'silent',
  });
  return outputFiles;
}

function textOf(files: readonly OutputFile[], ending: string): string {
  return files.find(({ path }) => path.endsWith(ending))?.text ?? '';
}
