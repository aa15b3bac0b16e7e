import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { chooseByMouse, expandFolder, explorerRow, showExplorer } from './support/explorer.ts';
import { lookAt } from './support/panel.ts';
import { eachAfterTheOther, pictureFailures } from './support/suites.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** Time as a panel: what was when, the past in the tree, a fork from there, and the way back. */
describe('the timeline', () => {
  eachAfterTheOther();
  let workbench: Workbench;
  let panel: Frame;
  let view: Frame;

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-timeline' });
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  const running = (rows: readonly string[]): number => tree.podsOf(rows, 'cared-for-').filter(({ ready }) => ready === '1/1').length;
  const press = (name: string): Promise<void> => panel.getByRole('button', { name, exact: true }).press('Enter');

  it('has lanes and plots of what was applied', async () => {
    const { page } = workbench;
    await showExplorer(page);
    await expandFolder(page, 'bare-pod-and-deployment');
    await chooseByMouse(page, explorerRow(page, 'deployment.yaml'), 'Apply');
    view = await tree.openTree(workbench);
    await tree.untilRows(view, 'three Pods Running', (all) => running(all) === 3);
    await workbench.runCommand('Kubepad: Open Timeline');
    panel = await workbench.webview('h1:has-text("Timeline")');
    await press('Pause');
    await panel.locator('.lane', { hasText: 'default/cared-for' }).first().locator('.said', { hasText: '3/3 ready' }).waitFor();
    assert.ok((await panel.locator('.plot canvas').count()) >= 2);
    assert.match(await panel.locator('.moment').innerText(), /^Now/);
  });

  it('goes back by the keyboard: the tree shows the past and says so', async () => {
    await panel.getByRole('slider', { name: 'Moment' }).press('Home');
    await panel.locator('.moment.past').waitFor();
    await view.locator('.past', { hasText: 'The past' }).waitFor();
    await tree.untilRows(view, 'no Pod of the Deployment', (all) => tree.podsOf(all, 'cared-for-').length === 0);
  });

  it('shows the past in documents and panels, each marked as such and read-only', async () => {
    const { page } = workbench;
    await panel.getByRole('slider', { name: 'Moment' }).press('End');
    await tree.untilRows(view, 'three Pods of then', (all) => running(all) > 0);
    await tree.chooseByMouse(view, tree.treeRow(view, 'cared-for-'), 'YAML');
    await page
      .locator('.view-line', { hasText: /^#.The.past,.as.of.day.1/ })
      .first()
      .waitFor();
    await page.keyboard.type('x');
    assert.equal(await page.locator('.tab.active.dirty').count(), 0);
    await workbench.screenshot('past-yaml-dark');
    await tree.chooseByMouse(view, tree.treeRow(view, 'cared-for-'), 'Describe');
    await page
      .locator('.view-line', { hasText: /^The.past,.as.of/ })
      .first()
      .waitFor();
    await tree.chooseByMouse(view, tree.treeRow(view, 'cared-for-'), 'Open');
    const object = await workbench.webview('.panel [role="tablist"][aria-label="Parts of the object"]');
    await object.locator('.past', { hasText: 'The past' }).waitFor();
    await workbench.screenshot('past-object-dark');
    await tree.chooseByMouse(view, tree.treeRow(view, 'cared-for-'), 'Look Inside');
    const inside = await workbench.webview('.panel [role="tablist"]:has([role="tab"]:has-text("Processes"))');
    await inside.locator('.past', { hasText: 'The past' }).waitFor();
    await workbench.screenshot('past-container-dark');
    await tree.chooseByMouse(view, tree.treeRow(view, 'cared-for-'), 'Delete');
    await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click();
    await page
      .locator('.notification-toast, .notifications-toasts', { hasText: 'the past is shown, which cannot be changed' })
      .first()
      .waitFor();
    await workbench.runCommand('Kubepad: Open Timeline');
    panel = await workbench.webview('h1:has-text("Timeline")');
    await panel.getByRole('slider', { name: 'Moment' }).press('Home');
    await tree.untilRows(view, 'no Pod of the Deployment', (all) => tree.podsOf(all, 'cared-for-').length === 0);
  });

  it('walks from act to act, and names who did it and why', async () => {
    for (let i = 0; i < 3; i++) await press('Act After');
    const table = panel.getByRole('region', { name: 'Acts' });
    await table.locator('tr.own').waitFor();
    assert.ok((await table.locator('tbody tr').count()) > 0);
  });

  it('looks right, and axe finds nothing', async () => {
    await press('Back to Now');
    await panel.locator('.moment:not(.past)').waitFor();
    await tree.untilRows(view, 'three Pods again', (all) => running(all) === 3);
    await press('Fork from Here');
    await panel.locator('.forks li', { hasText: 'Fork 1' }).waitFor();
    await panel.getByRole('toolbar', { name: 'Fork 1' }).getByRole('button', { name: '10 Minutes' }).press('Enter');
    await panel.locator('.forks li', { hasText: /now 1\d:/ }).waitFor();
    await press('Compare');
    await panel.getByText(/Both hold the same objects|Left, last by/).waitFor();
    await press('Act Before');
    await panel.locator('.moment.past').waitFor();
    await lookAt(workbench, panel, 'timeline');
  });

  it('shows a fork in the tree: what is done there is not in the cluster', async () => {
    const { page } = workbench;
    await panel.getByRole('toolbar', { name: 'Fork 1' }).getByRole('button', { name: 'Show in Tree' }).press('Enter');
    await view.locator('.past', { hasText: 'what is done stays here' }).waitFor();
    await page.locator('.statusbar', { hasText: 'Kubepad: simulator Fork 1' }).waitFor();
    await tree.chooseByMouse(view, tree.treeRow(view, 'cared-for-'), 'Delete');
    await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click();
    await tree.untilRows(view, 'a Pod that ends', (all) => running(all) < 3);
    await lookAt(workbench, panel, 'timeline-fork');
    await view.getByLabel('Cluster or what-if cluster').selectOption('The cluster');
    await view.locator('.past', { hasText: 'what is done stays here' }).waitFor({ state: 'detached' });
    await tree.untilRows(view, 'the Pods of the past', (all) => running(all) === 3);
  });

  it('goes on from now by steps, and shows who acts', async () => {
    await view.getByRole('button', { name: 'Back to now' }).click();
    await panel.locator('.moment:not(.past)').waitFor();
    const before = (await panel.locator('.title .dim').innerText()).trim();
    await press('Next Act');
    await panel.locator('.title .dim').filter({ hasNotText: before }).waitFor();
    await panel.getByLabel('Lanes of').selectOption('actors');
    await panel.locator('.lane', { hasText: 'system:kube-scheduler' }).waitFor();
    await panel.getByLabel('Filter lanes').fill('scheduler');
    await panel.locator('.lane', { hasText: 'node-controller' }).waitFor({ state: 'detached' });
    assert.equal(await panel.locator('.lane').count(), 1);
  });
});
