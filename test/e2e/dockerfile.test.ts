import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';
import { hoverText, squiggles } from './support/editor.ts';
import { chooseByMouse, chooseEntries, expandFolder, explorerRow, openFile, showExplorer } from './support/explorer.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** From a Dockerfile to running Pods and to their next version, with nothing but the mouse. */
describe('the sample with a Dockerfile', function () {
  this.bail(true);
  let workbench: Workbench;
  let page: Page;
  let view: Frame;

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-dockerfile' });
    ({ page } = workbench);
  });
  after(() => workbench.close());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.screenshot(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-')}`);
  });

  /** Clicks a button of the notification that says so. */
  const choose = async (text: RegExp, button: string): Promise<void> => {
    const toast = page.locator('.notification-toast', { hasText: text }).first();
    await toast.waitFor({ timeout: 60_000 });
    await toast.locator('.monaco-button', { hasText: button }).first().click();
  };
  const buildAs = async (name: string): Promise<void> => {
    await showExplorer(page);
    await chooseByMouse(page, explorerRow(page, 'Dockerfile'), 'Build Image');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click();
  };
  const running = (rows: readonly string[]): readonly string[] =>
    tree
      .podsOf(rows, 'hello-')
      .filter(({ status, ready }) => status === 'Running' && ready === '1/1')
      .map(({ name }) => name);
  let first: readonly string[] = [];

  it('explains an instruction', async () => {
    await expandFolder(page, 'dockerfile');
    await openFile(page, 'Dockerfile');
    assert.match(await hoverText(page, 'WORKDIR', /working directory/), /working directory/);
    assert.equal(await squiggles(page, 'error').count(), 0);
  });

  it('is built under the name that its manifest wants', async () => {
    await buildAs('localhost:5000/hello:1.0.0');
    await choose(/Built localhost:5000\/hello:1\.0\.0 \(\d+ MB\): 5 steps, 0 of them cached/, 'Push');
    await workbench.screenshot('image-built-dark');
  });

  it('is pushed and runs', async () => {
    await choose(/Pushed localhost:5000\/hello:1\.0\.0/, 'Roll Out');
    view = await tree.openTree(workbench);
    first = running(await tree.untilRows(view, 'two Pods Running', (rows) => running(rows).length === 2, 60_000));
  });

  it('rebuilds one layer after a line has changed, and updates the Pods one after the other', async () => {
    await showExplorer(page);
    await openFile(page, 'server.js');
    await page.locator('.editor-instance .view-line', { hasText: 'words.push' }).first().click();
    await page.locator('.menubar-menu-button, .menubar .toolbar-toggle-more').first().click();
    await chooseEntries(page, 'Edit', 'Toggle Line Comment');
    await page
      .locator('.editor-instance .view-line', { hasText: /^\s*words\.push/ })
      .first()
      .waitFor();
    await buildAs('localhost:5000/hello:1.0.1');
    await choose(/Built localhost:5000\/hello:1\.0\.1 \(\d+ MB\): 5 steps, 4 of them cached/, 'Push');
    await choose(/Pushed localhost:5000\/hello:1\.0\.1/, 'Roll Out');
    view = await tree.openTree(workbench);
    const rows = await tree.untilRows(
      view,
      'two new Pods Running',
      (all) => {
        const names = running(all);
        return names.length === 2 && names.every((name) => !first.includes(name)) && tree.podsOf(all, 'hello-').length === 2;
      },
      90_000,
    );
    assert.equal(running(rows).length, 2);
    await workbench.screenshot('image-rolled-out-dark');
  });

  it('says above the Dockerfile who runs its image', async () => {
    await showExplorer(page);
    await openFile(page, 'Dockerfile');
    await page
      .locator('.editor-instance .codelens-decoration', { hasText: /Build Image\s*\|\s*Deployment hello/ })
      .first()
      .waitFor();
  });
});
