// A VS Code workbench in a headless browser, with Kubepad as the extension under development and a copy of the samples as its folder.
// Tests act with mouse and keyboard only and read what is on the screen.

import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from '../../../scripts/browser.ts';
import { root } from '../../../scripts/support/process.ts';
import { freshFolders, testSettings } from '../../../scripts/support/workspace.ts';
import { startVscodeServer, type VscodeServer } from '../../../scripts/vscodeServer.ts';

export type Theme = 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';

const themeNames = {
  dark: 'Dark 2026',
  light: 'Light 2026',
  'high-contrast': 'Dark High Contrast',
  'high-contrast-light': 'Light High Contrast',
} as const satisfies Readonly<Record<Theme, string>>;

/** In which surfaces are looked at; the dark one comes last and is left. */
export const THEMES = ['light', 'high-contrast', 'high-contrast-light', 'dark'] as const satisfies readonly Theme[];

export interface Workbench {
  readonly page: Page;
  /** Absolute path of the opened folder. */
  readonly workspace: string;
  /** Saves out/screenshots/<name>.png. */
  screenshot(name: string): Promise<void>;
  setTheme(theme: Theme): Promise<void>;
  /** Drags the border of the sidebar. */
  setSidebarWidth(pixels: number): Promise<void>;
  /** Opens the palette, types the title of a command and runs the first hit. */
  runCommand(title: string): Promise<void>;
  /** The innermost frame of a webview in which the selector is visible. Waits. */
  webview(selector: string): Promise<Frame>;
  /** Reloads the window: the same server, workspace and extension storage. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

export interface WorkbenchOptions {
  /** Name of the folders of this run under .cache/. */
  readonly name: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Manifests of other extensions that are installed beside Kubepad; they have no code. */
  readonly neighbours?: readonly Neighbour[];
}

export interface Neighbour {
  readonly publisher: string;
  readonly name: string;
  readonly contributes: unknown;
}

/** Starts a server and a browser and waits until the workbench is usable. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const folders = freshFolders(options.name);
  for (const neighbour of options.neighbours ?? []) install(neighbour, folders.data);
  const server = await startVscodeServer({
    dataDir: folders.data,
    settings: { ...testSettings, ...options.settings },
  });
  const { browser } = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(server.pageUrl({ folder: folders.workspace }));
  await untilReady(page);
  const workbench = workbenchOf(page, browser, server, folders.workspace);
  // The browser's workbench does not take its first theme from the settings file.
  await workbench.setTheme('dark');
  return workbench;
}

function install({ publisher, name, contributes }: Neighbour, dataDir: string): void {
  const folder = join(dataDir, 'extensions', `${publisher}.${name}-1.0.0`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ publisher, name, version: '1.0.0', engines: { vscode: '*' }, contributes }));
}

function workbenchOf(page: Page, browser: Browser, server: VscodeServer, workspace: string): Workbench {
  const runCommand = async (title: string): Promise<void> => {
    const input = page.locator('.quick-input-widget input').first();
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    // A key that comes while a webview takes the focus is lost, and a list that is just closing cannot be typed in: each try is short.
    const find = async (): Promise<boolean> => {
      await page.keyboard.press('F1');
      await input.fill(`>${title}`, { timeout: 3_000 });
      await row.waitFor({ timeout: 5_000 });
      return true;
    };
    let found = false;
    for (let attempt = 0; attempt < 10 && !found; attempt++) {
      if (attempt > 0) await page.keyboard.press('Escape');
      found = await find().catch(() => false);
    }
    await row.click();
  };
  return {
    page,
    workspace,
    runCommand,
    async screenshot(name) {
      mkdirSync(join(root, 'out/screenshots'), { recursive: true });
      await page.screenshot({ path: join(root, 'out/screenshots', `${name}.png`), animations: 'disabled' });
    },
    async setTheme(theme) {
      await runCommand('Preferences: Color Theme');
      const row = page.locator('.quick-input-list .monaco-list-row', { hasText: themeNames[theme] }).first();
      await page.locator('.quick-input-widget input').first().fill(themeNames[theme]);
      await row.click();
      const kind = { dark: '.vs-dark', light: '.vs', 'high-contrast': '.hc-black', 'high-contrast-light': '.hc-light' }[theme];
      await page.locator(`.monaco-workbench${kind}`).waitFor();
    },
    async setSidebarWidth(pixels) {
      const box = await page.locator('.part.sidebar').boundingBox();
      if (box === null) throw new Error('There is no sidebar.');
      await page.mouse.move(box.x + box.width + 1, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + pixels, box.y + box.height / 2, { steps: 5 });
      await page.mouse.up();
    },
    async webview(selector) {
      return frameWith(page, selector);
    },
    async reload() {
      await page.reload();
      await untilReady(page);
    },
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}

async function untilReady(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .part.activitybar').waitFor({ timeout: 60_000 });
  await page.locator('.part.sidebar .composite.title').first().waitFor({ timeout: 60_000 });
  // The extension under development is there once its contributions are.
  await activityBarItem(page, 'Kubepad').waitFor({ timeout: 60_000 });
}

/** The icon of a view container in the activity bar. */
export function activityBarItem(page: Page, title: string): Locator {
  return page.locator('.activitybar .action-item', { has: page.locator(`a[aria-label^="${title}"]`) }).first();
}

async function frameWith(page: Page, selector: string): Promise<Frame> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    for (const frame of page.frames()) {
      if (frame === page.mainFrame()) continue;
      const visible = await frame
        .locator(selector)
        .first()
        .isVisible()
        .catch(() => false);
      if (visible) return frame;
    }
    if (Date.now() > deadline) throw new Error(`No webview shows ${selector}.`);
    await page.waitForTimeout(100);
  }
}
