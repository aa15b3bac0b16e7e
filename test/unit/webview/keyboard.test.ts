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
      [
        'Describe',
        'Open',
        'Why?',
        'YAML',
        'Uncordon',
        'Drain',
        'Fail Node',
        'Fault…',
        'Compare with VMs',
        'Show in Map',
        'Delete',
        'Copy Name',
      ],
    );
    await press('Escape');
    assert.equal(await page.getByRole('tree').evaluate((tree) => tree === tree.ownerDocument.activeElement), true);
    await press('Shift+F10', 'f', 'Enter');
    const ref = { apiVersion: 'v1', kind: 'Node', namespace: '', name: 'worker-2' };
    assert.deepEqual(sidebar.sent.at(-1), { type: 'command', command: 'failNode', ref, container: undefined });
  });

  it('chooses several rows, says how many, and acts on all of them', async () => {
    const { page } = sidebar;
    const chosen = page.getByRole('treeitem', { selected: true });
    await press('Home', 'ArrowDown', 'Shift+ArrowDown');
    await page.locator('.selection', { hasText: '2 selected' }).waitFor();
    assert.equal(await chosen.count(), 2);
    assert.deepEqual(await axeViolations(page.mainFrame()), []);
    await press('Shift+F10');
    const items = page.getByRole('menuitem');
    assert.deepEqual(
      (await items.allTextContents()).map((text) => text.trim()),
      ['Delete 2 Pods', 'Copy Names'],
    );
    await press('Enter');
    const last = sidebar.sent.at(-1) as unknown as {
      readonly type: string;
      readonly command: string;
      readonly refs: readonly { readonly name: string }[];
    };
    assert.deepEqual([last.type, last.command], ['commandForAll', 'delete']);
    assert.deepEqual(
      last.refs.map(({ name }) => name),
      ['web-7c5f9d4b86-lq7vd', 'web-7c5f9d4b86-x2x8p'],
    );
    await press('Escape');
    await page.locator('.selection', { hasText: '2 selected' }).waitFor({ state: 'detached' });
  });

  it('chooses rows here and there, and all siblings', async () => {
    const { page } = sidebar;
    const row = (name: RegExp) => page.getByRole('treeitem', { name });
    await row(/^worker-1/).click();
    await row(/^worker-3/).click({ modifiers: ['Control'] });
    await page.locator('.selection', { hasText: '2 selected' }).waitFor();
    await row(/^worker-3/).click({ button: 'right' });
    assert.deepEqual(
      (await page.getByRole('menuitem').allTextContents()).map((text) => text.trim()),
      ['Cordon 2 Nodes', 'Drain 2 Nodes', 'Fail 2 Nodes', 'Delete 2 Nodes', 'Copy Names'],
    );
    await page.getByRole('menuitem', { name: 'Copy Names' }).click();
    assert.deepEqual(sidebar.sent.at(-1), { type: 'copy', text: 'worker-1\nworker-3' });
    await press('Control+a');
    await page.locator('.selection', { hasText: '4 selected' }).waitFor();
    await press('ArrowUp');
    await page.locator('.selection', { hasText: '4 selected' }).waitFor({ state: 'detached' });
  });

  it('gives the names of what is chosen to whoever drags or copies', async () => {
    const { page } = sidebar;
    await page.getByRole('treeitem', { name: /^worker-1/ }).click();
    await press('Shift+End');
    await page.locator('.selection').waitFor();
    const dragged = await page.evaluate<string>(`(() => {
      const data = new DataTransfer();
      const row = document.querySelector('[role="treeitem"].selected');
      row.dispatchEvent(new DragEvent('dragstart', { bubbles: true, dataTransfer: data }));
      return data.getData('text/plain');
    })()`);
    const copied = await page.evaluate<string>(`(() => {
      const data = new DataTransfer();
      document.querySelector('[role="tree"]').dispatchEvent(new ClipboardEvent('copy', { bubbles: true, clipboardData: data }));
      return data.getData('text/plain');
    })()`);
    assert.equal(copied, dragged);
    assert.ok(copied.startsWith('worker-1\n') && copied.endsWith('control-plane'), copied);
    await press('Escape', 'Home');
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
