import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../scripts/browser.ts';
import { axeViolations } from '../../e2e/support/axe.ts';
import { sampleCluster } from './support/sampleCluster.ts';
import { openSidebar, type SidebarPage } from './support/sidebarPage.ts';

describe('the tree by keyboard', () => {
  let browser: Browser;
  let sidebar: SidebarPage;
  before(async () => {
    ({ browser } = await launchBrowser());
    sidebar = await openSidebar(browser, 'cluster', sampleCluster(), { theme: 'dark', width: 360 });
    await sidebar.page.getByRole('tree').focus();
  });
  after(() => browser.close());

  const active = (name: RegExp): Promise<void> => sidebar.page.getByRole('treeitem', { name, selected: true }).waitFor({ timeout: 3000 });
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await sidebar.page.keyboard.press(key);
  };

  it('walks, opens, closes and goes up', async () => {
    await press('Home', 'ArrowDown');
    await active(/^web-7c5f9d4b86-lq7vd/);
    await press('ArrowRight');
    await sidebar.page.getByRole('treeitem', { name: /^web, container/ }).waitFor();
    await press('ArrowRight');
    await active(/^web, container/);
    await press('ArrowLeft');
    await active(/^web-7c5f9d4b86-lq7vd/);
    await press('ArrowLeft', 'End');
    await active(/^control-plane/);
  });

  it('finds a row by the beginning of its name', async () => {
    await sidebar.page.keyboard.type('worker-2');
    await active(/^worker-2/);
  });

  it('opens the menu, gives the focus back, and sends what is chosen', async () => {
    const { page } = sidebar;
    await press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Describe' }).waitFor();
    assert.deepEqual(await axeViolations(page.mainFrame()), []);
    assert.deepEqual(
      (await page.getByRole('menuitem').allTextContents()).map((text) => text.trim()),
      ['Describe', 'Open', 'Why?', 'YAML', 'Uncordon', 'Drain', 'Fail Node', 'Fault…', 'Compare with VMs', 'Show in Map', 'Delete'],
    );
    await press('Escape');
    assert.equal(await page.getByRole('tree').evaluate((tree) => tree === tree.ownerDocument.activeElement), true);
    await press('Shift+F10', 'f', 'Enter');
    const ref = { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'worker-2' };
    assert.deepEqual(sidebar.sent.at(-1), { type: 'command', command: 'failNode', ref, container: undefined });
  });

  it('filters, and says what to do when nothing matches', async () => {
    const { page } = sidebar;
    await page.getByRole('textbox', { name: 'Filter Pods' }).fill('nothing-like-this');
    await page.getByText('Nothing matches').waitFor();
    assert.deepEqual(await axeViolations(page.mainFrame()), []);
    await page.getByRole('button', { name: 'Clear Filter', exact: true }).click();
    await page.getByRole('treeitem', { name: /^worker-1/ }).waitFor();
    assert.deepEqual(sidebar.errors, []);
  });
});
