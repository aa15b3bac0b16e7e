import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { applyCaredFor } from './support/caredFor.ts';
import { lookAt } from './support/panel.ts';
import { eachAfterTheOther, pictureFailures } from './support/suites.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** Containers against virtual machines, with the numbers of a Deployment that a person has just applied. */
describe('the comparison with virtual machines', () => {
  eachAfterTheOther();
  let workbench: Workbench;
  let panel: Frame;

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-comparison' });
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  it('is opened from a node of the tree', async () => {
    const { view, rows } = await applyCaredFor(workbench);
    const node = tree.nodeOf(rows, tree.podsOf(rows, 'cared-for-')[0]?.name ?? '');
    await tree.chooseByMouse(view, tree.treeRow(view, node), 'Compare with VMs');
    panel = await workbench.webview('h1:has-text("Containers and virtual machines")');
    assert.match(await panel.locator('.title').innerText(), new RegExp(`from the \\d+ Pods? on ${node}`));
  });

  it('shows what both fit, take and are made of, and where its figures are from', async () => {
    const text = await panel.locator('.panel').innerText();
    for (const word of ['Guest OS', 'Container engine', 'Hypervisor', '96.9 s', '538 MiB', 'Firecracker', 'Debian 11'])
      assert.ok(text.includes(word), word);
    assert.ok((await panel.locator('figure.host').count()) === 2);
  });

  it('looks right, and axe finds nothing', async () => {
    await lookAt(workbench, panel, 'comparison');
  });

  it('follows another host, and is there as a text', async () => {
    const hosts = panel.getByLabel('Host');
    const other = (await hosts.locator('option').allInnerTexts()).findLast(() => true) ?? '';
    await hosts.selectOption({ label: other });
    await panel.locator('.title', { hasText: `on ${other.split(' ')[0] ?? ''}` }).waitFor();
    await panel.getByRole('button', { name: 'As Text' }).press('Enter');
    await workbench.page.locator('.tab.active', { hasText: 'vms-and-containers.txt' }).waitFor();
  });

  it('comes back after the window is reloaded', async () => {
    await workbench.page.keyboard.press('Control+w');
    await workbench.reload();
    panel = await workbench.webview('h1:has-text("Containers and virtual machines")');
    assert.match(await panel.locator('.title').innerText(), /from the \d+ Pods? on worker-/);
  });
});
