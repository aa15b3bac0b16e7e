import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';
import { axeViolations } from './support/axe.ts';
import { hoverText, squiggles } from './support/editor.ts';
import { chooseByMouse, chooseEntries, expandFolder, explorerRow, openFile, showExplorer } from './support/explorer.ts';
import { lookAt } from './support/panel.ts';
import { eachAfterTheOther, pictureFailures } from './support/suites.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** From a Dockerfile to running Pods and to their next version, with nothing but the mouse. */
describe('the sample with a Dockerfile', () => {
  eachAfterTheOther();
  let workbench: Workbench;
  let page: Page;
  let view: Frame;
  let panel: Frame;

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-dockerfile' });
    ({ page } = workbench);
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

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

  it('shows in a panel what a build would do, before there is one', async () => {
    await showExplorer(page);
    await chooseByMouse(page, explorerRow(page, 'Dockerfile'), 'Show Steps and Layers');
    panel = await workbench.webview('h2:has-text("What a build would do now")');
    await panel.getByRole('cell', { name: 'anew: never built' }).first().waitFor();
    await panel.getByText('0 of 5 steps from the cache').waitFor();
    assert.deepEqual(await axeViolations(panel), []);
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

  it('shows images, layers, registry and who runs it in the panel', async () => {
    await page.locator('.editor-group-container .tab', { hasText: 'dockerfile/Dockerfile' }).first().click();
    panel = await workbench.webview('h2:has-text("What a build would do now")');
    await panel.getByText('5 of 5 steps from the cache').waitFor();
    await panel.getByRole('button', { name: 'Deployment hello' }).waitFor();
    await panel.getByRole('cell', { name: /2\/2 ready/ }).waitFor();
    await panel.getByRole('region', { name: 'Layers, the topmost first' }).waitFor();
    assert.match(await panel.locator('.panel').innerText(), /localhost:5000\s+of this workspace/);
    await lookAt(workbench, panel, 'build');
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
    await page.keyboard.press('Control+s');
    await page.locator('.editor-group-container .tab', { hasText: 'dockerfile/Dockerfile' }).first().click();
    panel = await workbench.webview('h2:has-text("What a build would do now")');
    await panel.getByRole('cell', { name: 'anew: files that it copies have changed' }).waitFor();
    await workbench.screenshot('build-changed-dark');
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
      .locator('.editor-instance .codelens-decoration', { hasText: /Build Image\s*\|\s*Steps and Layers\s*\|\s*Deployment hello/ })
      .first()
      .waitFor();
  });
});
