import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';
import { axeViolations } from './support/axe.ts';
import { chooseByMouse, expandFolder, explorerRow, showExplorer } from './support/explorer.ts';
import { lookAt, openTab as openTabOf, says as saysIn } from './support/panel.ts';
import { eachAfterTheOther, pictureFailures } from './support/suites.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** Into a container by mouse and keyboard: every tab, a file, a shell whose traces show, a port, and the end of the Pod. */
describe('the panel of a container', () => {
  eachAfterTheOther();
  let workbench: Workbench;
  let page: Page;
  let view: Frame;
  let panel: Frame;
  let pod = '';

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-container' });
    ({ page } = workbench);
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  const openTab = (name: string): Promise<void> => openTabOf(panel, name);
  const says = (text: RegExp | string): Promise<void> => saysIn(panel, text);

  it('opens from the menu of a Pod in the tree', async () => {
    await showExplorer(page);
    await expandFolder(page, 'load');
    await chooseByMouse(page, explorerRow(page, '1-shop.yaml'), 'Apply');
    view = await tree.openTree(workbench);
    const rows = await tree.untilRows(
      view,
      'two Pods Running',
      (all) => tree.podsOf(all, 'busy-').filter(({ ready }) => ready === '1/1').length === 2,
    );
    pod = tree.podsOf(rows, 'busy-')[0]?.name ?? '';
    await tree.chooseByMouse(view, tree.treeRow(view, pod), 'Look Inside');
    panel = await workbench.webview('[role="tablist"][aria-label="Parts of the container"]');
    assert.match(await panel.locator('.panel').innerText(), new RegExp(`container of\\s+${pod}`));
  });

  it('shows the use of CPU and memory against requests and limits, as it goes on', async () => {
    await says(/Not throttled/);
    await panel.locator('svg.plot').first().waitFor();
    await panel.getByLabel(/^Memory: .* used$/).waitFor();
    await lookAt(workbench, panel, 'container-use');
  });

  it('shows processes, variables and the network, by keyboard', async () => {
    await panel.getByRole('tab', { name: 'Use and Limits' }).focus();
    for (const [name, text] of [
      ['Processes', /PID namespace of its own/],
      ['Files', /of the image/],
      ['Environment', 'KUBERNETES_SERVICE_HOST'],
      ['Network', 'Listening ports'],
    ] as const) {
      await page.keyboard.press('ArrowRight');
      await panel.locator(`[role="tab"][aria-selected="true"]:has-text("${name}")`).waitFor();
      await says(text);
      assert.deepEqual(await axeViolations(panel), [], name);
    }
    await says(/Service busy/);
    await workbench.screenshot('container-network-dark');
    await openTab('Environment');
    await workbench.screenshot('container-environment-dark');
    await openTab('Processes');
    await workbench.screenshot('container-processes-dark');
  });

  it('opens a shell, and shows what it does to processes and files at once', async () => {
    await openTab('Files');
    await panel.getByRole('treeitem', { name: /^tmp, directory/ }).click();
    await panel.getByRole('button', { name: 'Shell', exact: true }).click();
    const terminal = page.locator('.terminal-wrapper .xterm').first();
    await terminal.waitFor();
    await terminal.click();
    await page.keyboard.type('echo hello > /tmp/made; sleep 500 &', { delay: 10 });
    await page.keyboard.press('Enter');
    await panel.getByRole('treeitem', { name: /^made, 6 B, written by the container/ }).waitFor();
    await workbench.screenshot('container-shell-dark');
    await page.keyboard.press('Control+j');
    await lookAt(workbench, panel, 'container-files');
    await openTab('Processes');
    await says('sleep 500');
  });

  it('opens a file in an editor by keyboard', async () => {
    await openTab('Files');
    await panel.getByRole('tree', { name: 'Files of the container' }).focus();
    await page.keyboard.press('Home');
    const names = await panel.locator('.file .file-name').allInnerTexts();
    for (let step = 0; step < names.indexOf('made'); step++) await page.keyboard.press('ArrowDown');
    await panel.locator('.file.active', { hasText: 'made' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.tab.active', { hasText: 'made' }).waitFor();
    await page.locator('.editor-instance .view-line', { hasText: 'hello' }).first().waitFor();
    await page.keyboard.press('Control+w');
  });

  it('shows the log and the neighbours on the node', async () => {
    panel = await workbench.webview('[role="tablist"][aria-label="Parts of the container"]');
    await openTab('Logs');
    await panel.getByRole('log').or(panel.getByText('It has written nothing yet.')).first().waitFor();
    await workbench.screenshot('container-logs-dark');
    await openTab('Neighbours');
    await says(/\d+ of 110 Pods/);
    await lookAt(workbench, panel, 'container-neighbours');
  });

  it('forwards a port to this machine', async () => {
    await panel.getByRole('button', { name: 'Forward a Port' }).click();
    const toast = page.locator('.notification-toast', { hasText: /127\.0\.0\.1:\d+ leads to port \d+ of/ }).first();
    await toast.waitFor();
    await workbench.screenshot('port-forward-dark');
    const [, port = ''] = /127\.0\.0\.1:(\d+)/.exec(await toast.innerText()) ?? [];
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    assert.equal(answer.status, 200);
    await toast.locator('.monaco-button', { hasText: 'Stop' }).first().click();
  });

  it('keeps what it showed last when the Pod is deleted', async () => {
    await tree.chooseByMouse(view, tree.treeRow(view, pod), 'Delete');
    await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click();
    await view.getByLabel('Clock speed').selectOption('60');
    await panel.locator('.notice', { hasText: 'is not in the cluster any more' }).waitFor({ timeout: 60_000 });
    await workbench.screenshot('container-gone-dark');
  });
});
