import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import { axeViolations } from './support/axe.ts';
import { chooseByMouse, expandFolder, explorerRow, showExplorer } from './support/explorer.ts';
import { lookAt } from './support/panel.ts';
import { eachAfterTheOther, pictureFailures } from './support/suites.ts';
import * as tree from './support/tree.ts';
import { activityBarItem, openWorkbench, type Workbench } from './support/workbench.ts';

/** Several rows at once, the order, the badge and what stays over a reload: all by keyboard where it can be. */
describe('the tree and the events', () => {
  eachAfterTheOther();
  let workbench: Workbench;
  let view: Frame;

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-tree' });
    const { page } = workbench;
    await showExplorer(page);
    await expandFolder(page, 'bare-pod-and-deployment');
    await chooseByMouse(page, explorerRow(page, 'deployment.yaml'), 'Apply');
    view = await tree.openTree(workbench);
    await untilRunning();
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  const scroller = (): Locator => view.locator('[role="tree"]');
  const selection = (text: string): Locator => view.locator('.selection', { hasText: text });
  const untilRunning = (): Promise<readonly string[]> =>
    tree.untilRows(view, 'three Pods Running', (rows) => pods(rows).length === 3 && pods(rows).every(({ ready }) => ready === '1/1'));
  const pods = (rows: readonly string[]) => tree.podsOf(rows, 'cared-for-');
  const walkTo = async (name: string): Promise<void> => {
    await scroller().focus();
    await workbench.page.keyboard.press('Home');
    const active = view.locator('[role="treeitem"][aria-selected="true"] > .label');
    for (let step = 0; step < 100 && (await active.textContent())?.trim().startsWith(name) !== true; step++)
      await workbench.page.keyboard.press('ArrowDown');
  };

  it('deletes three Pods at once, chosen by keyboard; three others come', async () => {
    const { page } = workbench;
    await view.getByLabel('Group Pods').selectOption('workload');
    await tree.treeRow(view, 'cared-for, Deployment').waitFor();
    const before = pods(await untilRunning()).map(({ name }) => name);
    await walkTo('cared-for-');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await selection('3 selected').waitFor();
    assert.deepEqual(await axeViolations(view), []);
    await workbench.screenshot('tree-selection-dark');
    await page.keyboard.press('Shift+F10');
    await view.getByRole('menuitem', { name: 'Delete 3 Pods' }).press('Enter');
    await page
      .locator('.monaco-dialog-box', { hasText: 'Delete 3 Pods from the cluster?' })
      .getByRole('button', { name: 'Delete' })
      .press('Enter');
    await tree.untilRows(
      view,
      'three other Pods Running',
      (rows) => pods(rows).filter(({ name, ready }) => ready === '1/1' && !before.includes(name)).length === 3,
      60_000,
    );
  });

  it('fails two nodes at once; the badge and the status bar say so, and the tree has them first', async () => {
    const { page } = workbench;
    await view.getByLabel('Group Pods').selectOption('node');
    await tree.treeRow(view, 'worker-2').click();
    await tree.treeRow(view, 'worker-3').click({ modifiers: ['Control'] });
    await selection('2 selected').waitFor();
    await tree.chooseByMouse(view, tree.treeRow(view, 'worker-3'), 'Fail 2 Nodes');
    await view.getByLabel('Sort Pods').selectOption('problems');
    await view.getByLabel('Clock speed').selectOption('60');
    const rows = await tree.untilRows(
      view,
      'two nodes NotReady, first',
      (all) => all.filter((row) => /^\S+, (Node|control plane node),/.test(row)).findIndex((row) => row.startsWith('worker-1')) === 2,
      60_000,
    );
    assert.ok(rows.some((row) => row.startsWith('worker-2, Node, NotReady')));
    await view.getByLabel('Clock speed').selectOption('1');
    await activityBarItem(page, 'Kubepad').locator('.badge-content', { hasText: /^\d+$/ }).waitFor();
    await page.locator('.statusbar-item', { hasText: /2 nodes not ready/ }).waitFor();
  });

  it('looks right in four themes, and axe finds nothing', async () => {
    await workbench.setSidebarWidth(420);
    await lookAt(workbench, view, 'tree');
    await lookAt(workbench, await workbench.webview('[aria-label="Filter events"]'), 'events');
  });

  it('opens the chain of causes of an event by keyboard', async () => {
    const events = await workbench.webview('[aria-label="Filter events"]');
    await events.getByRole('textbox', { name: 'Filter events' }).fill('reason:nodenotready');
    await events.locator('[role="option"]', { hasText: 'NodeNotReady' }).first().waitFor();
    await events.getByRole('textbox', { name: 'Filter events' }).press('Enter');
    await events.locator('[role="option"][aria-selected="true"]').waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.webview('[role="tab"][aria-selected="true"]:has-text("Why")');
    await workbench.screenshot('event-why-dark');
  });

  it('keeps grouping, order and what is closed over a reload', async () => {
    const { page } = workbench;
    await walkTo('worker-1');
    await page.keyboard.press('ArrowLeft');
    await view.locator('[role="treeitem"][aria-expanded="false"]', { hasText: 'worker-1' }).waitFor();
    // VS Code keeps what its pages remember when it leaves in order; a page that is loaded anew by the browser may forget the last minute.
    await Promise.all([page.waitForEvent('domcontentloaded'), workbench.runCommand('Developer: Reload Window')]);
    await activityBarItem(page, 'Kubepad').waitFor({ timeout: 60_000 });
    view = await tree.openTree(workbench);
    await view.locator('[role="treeitem"][aria-expanded="false"]', { hasText: 'worker-1' }).waitFor({ timeout: 60_000 });
    assert.equal(await view.getByLabel('Sort Pods').inputValue(), 'problems');
  });
});
