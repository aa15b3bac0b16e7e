import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';
import { applyCaredFor } from './support/caredFor.ts';
import { lookAt } from './support/panel.ts';
import { eachAfterTheOther, pictureFailures } from './support/suites.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** A fault from the menu of a container and of a node, its report, and the ways to an object's row and panel. */
describe('faults by hand', () => {
  eachAfterTheOther();
  let workbench: Workbench;
  let page: Page;
  let view: Frame;
  let pod = '';

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-faults' });
    ({ page } = workbench);
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  const pick = async (text: string): Promise<void> => {
    await page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click();
  };

  it('begins one on a node from its menu', async () => {
    const applied = await applyCaredFor(workbench);
    ({ view } = applied);
    const { rows } = applied;
    pod = tree.podsOf(rows, 'cared-for-')[0]?.name ?? '';
    await tree.chooseByMouse(view, tree.treeRow(view, tree.nodeOf(rows, pod)), 'Fault…');
    await pick('Machine Off');
    await pick('5 Minutes');
    await tree.untilRows(view, 'the fault', (all) => all.some((row) => row.startsWith('node-down-')));
  });

  it('shows its report while it lasts', async () => {
    await tree.chooseByMouse(view, tree.treeRow(view, 'node-down-'), 'Report');
    const panel = await workbench.webview('.panel [role="tab"][aria-selected="true"]:has-text("Impact")');
    await panel.getByText('and goes on').waitFor();
    await workbench.runCommand('Kubepad: Run Until…');
    await page.locator('.quick-input-widget input').first().fill('node/worker-1 condition=Ready=Unknown');
    await page.keyboard.press('Escape');
    await workbench.runCommand('Kubepad: Step Clock…');
    await pick('1 minute');
    await panel.locator('tr', { hasText: 'Ready nodes' }).locator('b', { hasText: '3' }).waitFor();
  });

  it('is told when it is over, and its report stays', async () => {
    await workbench.runCommand('Kubepad: Step Clock…');
    await pick('1 hour');
    const toast = page.locator('.notification-list-item', { hasText: /NodeDown node-down-\S+ is over\. Ready Pods/i });
    await toast.first().waitFor({ timeout: 60_000 });
    await workbench.screenshot('fault-over-dark');
    await toast.first().getByText('Show Report').click();
    const panel = await workbench.webview('.panel [role="tab"][aria-selected="true"]:has-text("Impact")');
    await panel
      .getByText(/^\s*after \d+m/)
      .first()
      .waitFor();
    await lookAt(workbench, panel, 'fault-report');
  });

  it('steps to the next act and to the next event', async () => {
    await tree.chooseByMouse(view, tree.treeRow(view, pod), 'Delete');
    await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click();
    const next = (): Promise<boolean> =>
      tree
        .untilRows(view, 'a new Pod', (all) => tree.podsOf(all, 'cared-for-').some(({ ready }) => ready === '0/1'), 1_000)
        .then(
          () => true,
          () => false,
        );
    for (let step = 0; step < 8 && !(await next()); step++) await workbench.runCommand('Kubepad: Run to Next Act');
    assert.ok(await next());
    await workbench.runCommand('Kubepad: Run to Next Event');
    await page.locator('.statusbar', { hasText: 'Kubepad: simulator paused' }).waitFor();
  });

  it('leads from the panel of an object to its row, and from a link to its panel', async () => {
    await tree.chooseByMouse(view, tree.treeRow(view, 'cared-for-'), 'Open');
    const panel = await workbench.webview('.panel h1:has-text("cared-for-")');
    const name = (await panel.locator('h1').textContent())?.trim() ?? '';
    await view.getByLabel('Filter Pods').fill('nothing-is-so');
    await view.getByText('Nothing matches').waitFor();
    await panel.getByRole('button', { name: 'Reveal in Cluster' }).click();
    await view.locator('[role="treeitem"][aria-selected="true"]', { hasText: name }).waitFor();
    await panel.getByRole('button', { name: 'Copy Link' }).click();
    await page.locator('.statusbar', { hasText: `the link to ${name} is in the clipboard` }).waitFor();
  });
});
