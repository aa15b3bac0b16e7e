// A view of the sidebar in a browser, without VS Code: the real bundle, the real page, the real projection; only the
// messages between them are carried by the test instead of the extension.

import { build, type OutputFile } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { listBundles } from '../../../../scripts/bundles.ts';
import { root } from '../../../../scripts/support/process.ts';
import { Views } from '../../../../src/host/projection/views.ts';
import type { ClockState, ViewQuery } from '../../../../src/host/protocol/view.ts';
import type { Store } from '../../../../src/apiserver/storage/store.ts';
import { pageHtml } from '../../../../src/webview/shared/html.ts';
import { NOW, START } from './sampleCluster.ts';
import { themeCss, type Theme } from './themes.ts';

export type Surface = 'cluster' | 'events';

export interface SidebarPage {
  readonly page: Page;
  /** What the page sent, apart from `ready` and `query`. */
  readonly sent: readonly { readonly type: string }[];
  /** Errors of the page, violations of its security policy among them. */
  readonly errors: readonly string[];
  post(message: object): Promise<void>;
}

export interface SidebarOptions {
  readonly theme: Theme;
  readonly width: number;
  readonly height?: number;
}

const ORIGIN = 'http://sidebar.test';
const clock: ClockState = { now: NOW, start: START, paused: true, speed: 10, running: false, stable: false };

export async function openSidebar(browser: Browser, surface: Surface, store: Store, options: SidebarOptions): Promise<SidebarPage> {
  const page = await browser.newPage({ viewport: { width: options.width, height: options.height ?? 640 } });
  const sent: { type: string }[] = [];
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  const post = (message: object): Promise<void> => page.evaluate(`postMessage(${JSON.stringify(message)}, '*')`);
  const views = new Views({
    source: store,
    send: (_, diff) => void post({ type: 'diff', diff }),
    schedule: () => queueMicrotask(() => views.flush()),
  });
  store.onRevision((entry) => views.revision(entry));
  const receive = (message: { type: string; query?: ViewQuery; key?: string; prefix?: string; after?: number }): void => {
    if (message.type === 'ready') {
      views.close('v');
      if (surface === 'cluster') void post({ type: 'cluster', name: 'default', version: 'v1.36.3' });
      void post({ type: 'clock', clock });
    } else if (message.type === 'query' && message.query !== undefined) views.query('v', message.query);
    else if (message.type === 'locate') void post({ type: 'located', key: message.key, index: views.locate('v', message.key ?? '') });
    else if (message.type === 'find') void post({ type: 'located', key: '', ...views.find('v', message.prefix ?? '', message.after ?? 0) });
    else sent.push(message);
  };
  await page.exposeFunction('toExtension', receive);
  await page.addInitScript('globalThis.acquireVsCodeApi = () => ({ postMessage: toExtension, getState() {}, setState() {} })');
  await serve(page, surface, options.theme);
  await page.goto(`${ORIGIN}/`);
  await page.locator('[data-index], .footer-part p').first().waitFor();
  return { page, sent, errors, post };
}

/** Everything the page may load; anything else is refused. */
async function serve(page: Page, surface: Surface, theme: Theme): Promise<void> {
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
  const kind = { dark: 'vscode-dark', light: 'vscode-light', 'high-contrast': 'vscode-high-contrast' }[theme];
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

async function bundle(surface: Surface): Promise<readonly OutputFile[]> {
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
