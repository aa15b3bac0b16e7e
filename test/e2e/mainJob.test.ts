import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { axeViolations } from './support/axe.ts';
import { chooseByKeyboard, chooseByMouse, expandFolder, explorerRow, openFile, showExplorer } from './support/explorer.ts';
import { eachAfterTheOther, pictureFailures } from './support/suites.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** One story from an empty cluster to a lost node; each step begins where the one before ended. */
describe('the main job', () => {
  // Without its beginning the rest of the story cannot hold.
  eachAfterTheOther();
  let workbench: Workbench;
  let view: Frame;
  let lostNode = '';
  let lostPods: readonly string[] = [];

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-main' });
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  const running = (rows: readonly string[], name: string): number =>
    tree.podsOf(rows, name).filter(({ status, ready }) => status === 'Running' && ready === '1/1').length;

  it('shows an empty cluster with its nodes', async () => {
    view = await tree.openTree(workbench);
    const rows = await tree.untilRows(
      view,
      'three Ready workers',
      (all) => all.filter((row) => /^worker-\d, Node, Ready/.test(row)).length === 3,
    );
    assert.ok(rows.some((row) => row.includes('control plane node')));
    assert.deepEqual(tree.podsOf(rows, ''), []);
    await workbench.screenshot('empty-dark');
  });

  it('applies a Deployment from the context menu of the explorer, by mouse', async () => {
    const { page } = workbench;
    await showExplorer(page);
    await expandFolder(page, 'bare-pod-and-deployment');
    await chooseByMouse(page, explorerRow(page, 'deployment.yaml'), 'Apply');
    const toast = page.locator('.notification-toast', { hasText: /1 (applied|created)/ });
    await toast.first().waitFor();
    view = await tree.openTree(workbench);
    await tree.untilRows(view, 'three Pods Running', (rows) => running(rows, 'cared-for-') === 3);
  });

  it('lists in the output channel what became of each document', async () => {
    const { page } = workbench;
    await workbench.runCommand('Kubepad: Show Output');
    const panel = page.locator('.part.panel .view-lines');
    await panel.getByText(/deployment.apps\/cared-for\s+created\s+bare-pod-and-deployment\/deployment.yaml:3/).waitFor();
    await workbench.screenshot('output-dark');
    await page.keyboard.press('Control+j');
    await panel.waitFor({ state: 'hidden' });
  });

  it('says above the document how its object is', async () => {
    const { page } = workbench;
    await showExplorer(page);
    await openFile(page, 'deployment.yaml');
    const lens = page.locator('.editor-instance .codelens-decoration', { hasText: /Apply\s*\|\s*Diff\s*\|\s*3\/3 ready, [123] nodes?/ });
    await lens.waitFor();
    await workbench.screenshot('lens-dark');
    await lens.getByText(/3\/3 ready/).click();
    await page.locator('.tab.active', { hasText: /^cared-for$/ }).waitFor();
    // It takes the keyboard once it is there: who goes on before that would type into it.
    await workbench.webview('[role="tablist"][aria-label="Parts of the object"]');
  });

  it('applies a bare Pod by keyboard', async () => {
    const { page } = workbench;
    await chooseByKeyboard(page, 'pod.yaml', 'Apply');
    view = await tree.openTree(workbench);
    await tree.untilRows(view, 'the Pod Running', (rows) => running(rows, 'lonely') === 1);
  });

  it('looks right in dark and light', async () => {
    const { page } = workbench;
    await page.keyboard.press('Escape');
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.screenshot('cluster-narrow-dark');
    await workbench.setSidebarWidth(420);
    await tree.treeRow(view, 'lonely').click();
    await workbench.screenshot('cluster-dark');
    await tree.treeRow(view, 'worker-1').hover();
    const card = view.locator('.card');
    await card.waitFor();
    assert.match(await card.innerText(), /CPU[^]*of \d+ cores[^]*Memory[^]*GiB/);
    await workbench.screenshot('card-dark');
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    await workbench.setTheme('light');
    await workbench.screenshot('cluster-light');
    await workbench.setTheme('high-contrast');
    await workbench.screenshot('cluster-high-contrast');
    await workbench.setTheme('dark');
  });

  it('is accessible', async () => {
    assert.deepEqual(await axeViolations(view), []);
    assert.deepEqual(await axeViolations(await workbench.webview('[aria-label="Filter events"]')), []);
  });

  it('loses a node: its Pods lose Ready, the Deployment replaces its own, the bare Pod is gone', async () => {
    const before = await tree.rowTexts(view);
    lostNode = tree.nodeOf(before, 'lonely');
    lostPods = tree
      .podsOf(before, '')
      .map(({ name }) => name)
      .filter((name) => tree.nodeOf(before, name) === lostNode);
    await tree.chooseByMouse(view, tree.treeRow(view, lostNode), 'Fail Node');
    await view.getByLabel('Clock speed').selectOption('10');
    await tree.untilRows(view, 'the node NotReady', (rows) => rows.some((row) => row.startsWith(`${lostNode}, Node, NotReady`)), 60_000);
    const notReady = await tree.untilRows(view, 'Pods that lose Ready', (rows) =>
      lostPods.every((name) => tree.podsOf(rows, name)[0]?.status === 'Running, not ready'),
    );
    assert.equal(running(notReady, 'cared-for-') + lostPods.filter((name) => name.startsWith('cared-for-')).length, 3);
    await workbench.screenshot('node-lost-dark');
    await view.getByLabel('Clock speed').selectOption('60');
    const replaced = await tree.untilRows(
      view,
      'replaced Pods',
      (rows) => running(rows, 'cared-for-') === 3 && tree.podsOf(rows, 'lonely')[0]?.status === 'Terminating',
      60_000,
    );
    for (const { name, status } of tree.podsOf(replaced, 'cared-for-')) {
      if (status !== 'Running') continue;
      assert.ok(!lostPods.includes(name), `${name} was on the lost node`);
      assert.notEqual(tree.nodeOf(replaced, name), lostNode);
    }
    await workbench.screenshot('node-replaced-dark');
  });

  it('offers in the palette only the node that has failed', async () => {
    const { page } = workbench;
    await workbench.runCommand('Kubepad: Recover Node');
    const rows = page.locator('.quick-input-list .monaco-list-row', { hasText: /worker|control-plane/ });
    await rows.first().waitFor();
    assert.deepEqual(await rows.locator('.label-name').allInnerTexts(), [lostNode]);
    await page.keyboard.press('Escape');
  });

  it('recovers the node by keyboard: none of the old Pods returns', async () => {
    await tree.chooseByKeyboard(workbench.page, view, lostNode, 'Recover Node');
    const rows = await tree.untilRows(
      view,
      'the node Ready and the old Pods gone',
      (all) =>
        all.some((row) => row.startsWith(`${lostNode}, Node, Ready`)) && lostPods.every((name) => tree.podsOf(all, name).length === 0),
      60_000,
    );
    assert.equal(running(rows, 'cared-for-'), 3);
    assert.deepEqual(tree.podsOf(rows, 'lonely'), []);
    await view.getByLabel('Clock speed').selectOption('1');
  });

  it('goes on with the same cluster after the window is reloaded', async () => {
    const before = tree.podsOf(await tree.rowTexts(view), '').map(({ name }) => name);
    await workbench.reload();
    view = await tree.openTree(workbench);
    const rows = await tree.untilRows(view, 'the same Pods', (all) => running(all, 'cared-for-') === 3, 60_000);
    assert.deepEqual(
      tree.podsOf(rows, '').map(({ name }) => name),
      before,
    );
  });
});
