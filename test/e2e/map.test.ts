import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { chooseByMouse, expandFolder, explorerRow, showExplorer } from './support/explorer.ts';
import { lookAt, openTab } from './support/panel.ts';
import { eachAfterTheOther, pictureFailures } from './support/suites.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** The map as a panel: what leads where, what goes there, a part that is stopped and started, and the past. */
describe('the map', () => {
  eachAfterTheOther();
  let workbench: Workbench;
  let panel: Frame;
  let view: Frame;

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-map' });
    await workbench.setSidebarWidth(260);
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  async function apply(file: string): Promise<void> {
    await showExplorer(workbench.page);
    await chooseByMouse(workbench.page, explorerRow(workbench.page, file), 'Apply');
  }

  it('is opened from the title of the Cluster view, and says what to do first', async () => {
    view = await tree.openTree(workbench);
    await workbench.page.getByRole('button', { name: 'Open Map' }).click();
    panel = await workbench.webview('h1:has-text("Map")');
    await panel.locator('.node', { hasText: 'worker-1' }).waitFor();
  });

  it('draws a Service, its endpoints and Pods as they come', async () => {
    await showExplorer(workbench.page);
    await expandFolder(workbench.page, 'load');
    await apply('1-shop.yaml');
    await panel.locator('.node', { hasText: 'EndpointSlice' }).filter({ hasText: '2/2 ready' }).waitFor();
    assert.equal(await panel.locator('.node', { hasText: 'busy-' }).filter({ hasText: 'Pod' }).count(), 2);
  });

  it('shows what a Load sends along the lines', async () => {
    await apply('2-load.yaml');
    await panel.locator('.node', { hasText: 'visitors' }).filter({ hasText: /\d\/s/ }).waitFor();
    await panel.locator('.way.flow-some').first().waitFor({ state: 'attached' });
  });

  it('looks right, and axe finds nothing', async () => {
    view = await tree.openTree(workbench);
    await view.getByRole('button', { name: 'Pause' }).first().click();
    await lookAt(workbench, panel, 'map');
  });

  it('is asked for one object from the menu of the tree, and shows all again', async () => {
    const rows = await tree.untilRows(view, 'the Pods', (all) => tree.podsOf(all, 'busy-').length >= 2);
    const pod = tree.podsOf(rows, 'busy-')[0]?.name ?? '';
    await tree.chooseByMouse(view, tree.treeRow(view, pod), 'Show in Map');
    await panel.getByRole('button', { name: `Only Pod ${pod}` }).waitFor();
    await panel.locator('.node', { hasText: 'control-plane-1' }).waitFor({ state: 'detached' });
    await panel.getByRole('button', { name: `Only Pod ${pod}` }).press('Enter');
    await panel.locator('.node', { hasText: 'control-plane-1' }).waitFor();
  });

  it('stops a part of the control plane by the keyboard, and starts it again', async () => {
    await openTab(panel, 'Control Plane');
    const scheduler = panel.getByRole('switch', { name: /^kube-scheduler/ });
    await scheduler.press('Enter');
    await panel.locator('.node[role="switch"][aria-checked="false"]', { hasText: 'kube-scheduler' }).waitFor();
    await tree.untilRows(view, 'the Fault', (all) => all.some((row) => row.includes('component-down-kube-scheduler')));
    await lookAt(workbench, panel, 'map-control');
    await scheduler.press('Enter');
    await panel.locator('.node[role="switch"][aria-checked="true"]', { hasText: 'kube-scheduler' }).waitFor();
    await tree.untilRows(view, 'no Fault', (all) => !all.some((row) => row.includes('component-down-kube-scheduler')));
  });

  it('shows the moment of a request, everywhere', async () => {
    await panel.getByRole('region', { name: 'Requests' }).getByRole('button').last().press('Enter');
    await view.locator('.past', { hasText: 'The past' }).waitFor();
    await panel.locator('.past', { hasText: 'The past' }).waitFor();
    await workbench.runCommand('Kubepad: Back to Now');
    await panel.locator('.past').waitFor({ state: 'detached' });
  });

  it('comes back after the window is reloaded, with what was asked for', async () => {
    await workbench.reload();
    panel = await workbench.webview('h1:has-text("Map")');
    await panel.locator('[role="tab"][aria-selected="true"]:has-text("Control Plane")').waitFor();
  });
});
