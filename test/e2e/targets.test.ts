import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { root } from '../../scripts/support/process.ts';
import { chooseByMouse, expandFolder, explorerRow, showExplorer } from './support/explorer.ts';
import { lookAt } from './support/panel.ts';
import { eachAfterTheOther, pictureFailures } from './support/suites.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** A real cluster, which another program plays, beside the simulated one; each step begins where the one before ended. */
describe('targets', () => {
  eachAfterTheOther();
  const folder = mkdtempSync(join(tmpdir(), 'kubepad-e2e-target-'));
  let served: ChildProcess | undefined;
  let workbench: Workbench;
  let view: Frame;

  before(async () => {
    const kubeconfig = join(folder, 'kubeconfig.yaml');
    const args = [join(root, 'dist/kubepad.mjs'), 'serve', '--nodes', '5', '--kubeconfig', kubeconfig];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    served = child;
    await new Promise<void>((resolve) => child.stdout.on('data', (text: Buffer) => text.toString().includes('serving') && resolve()));
    // As kubectl is told; the server that the workbench starts has the same environment.
    process.env['KUBECONFIG'] = kubeconfig;
    workbench = await openWorkbench({ name: 'e2e-targets' });
  });
  after(async () => {
    await workbench.close();
    delete process.env['KUBECONFIG'];
    served?.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  pictureFailures(() => workbench);

  const pick = (text: RegExp): Locator => workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  const dialog = (): Locator => workbench.page.locator('.monaco-dialog-box');
  const apply = async (): Promise<void> => {
    await showExplorer(workbench.page);
    await chooseByMouse(workbench.page, explorerRow(workbench.page, 'deployment.yaml'), 'Apply');
  };

  it('are chosen from a list: simulated clusters and the contexts of the kubeconfig', async () => {
    view = await tree.openTree(workbench);
    await tree.untilRows(view, 'the simulated workers', (rows) => rows.some((row) => row.startsWith('worker-3,')));
    await workbench.runCommand('Kubepad: Choose Target');
    await pick(/shown now/).waitFor();
    await workbench.screenshot('targets-list-dark');
    await pick(/127\.0\.0\.1/).click();
    await tree.untilRows(view, 'the real workers', (rows) => rows.some((row) => row.startsWith('worker-5,')));
  });

  it('mark a real one in the tree and in the status bar', async () => {
    await view.getByText('Real cluster').waitFor();
    assert.equal(await view.getByRole('toolbar', { name: 'Clock' }).count(), 0);
    await workbench.page.locator('.statusbar-item.warning-kind', { hasText: 'REAL kubepad' }).waitFor();
    await lookAt(workbench, view, 'targets-real');
  });

  it('offer for a real one only what it has', async () => {
    await tree.treeRow(view, 'worker-5').click({ button: 'right' });
    await view.getByRole('menuitem', { name: 'Drain', exact: true }).waitFor();
    assert.equal(await view.getByRole('menuitem', { name: /Fail Node|Fault|Why|Compare/ }).count(), 0);
    await workbench.page.keyboard.press('Escape');
  });

  it('are asked about before a real one is changed', async () => {
    await showExplorer(workbench.page);
    await expandFolder(workbench.page, 'bare-pod-and-deployment');
    await apply();
    await dialog().getByText('Apply bare-pod-and-deployment/deployment.yaml to the real cluster “kubepad”?').waitFor();
    await workbench.screenshot('targets-question-dark');
    await workbench.page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    view = await tree.openTree(workbench);
    assert.deepEqual(tree.podsOf(await tree.rowTexts(view), 'cared-for-'), []);
    await apply();
    await dialog().getByRole('button', { name: 'Apply' }).click();
    view = await tree.openTree(workbench);
    await tree.untilRows(
      view,
      'three Pods Running there',
      (rows) => tree.podsOf(rows, 'cared-for-').filter(({ status }) => status === 'Running').length === 3,
    );
  });

  it('are copied into a simulated one for rehearsal', async () => {
    await workbench.runCommand('Kubepad: Import Snapshot');
    await workbench.page.locator('.quick-input-widget', { hasText: 'Name of the simulated cluster' }).waitFor();
    await workbench.page.keyboard.press('Enter');
    await view.getByRole('heading', { name: 'Cluster: kubepad' }).waitFor();
    await view.getByRole('toolbar', { name: 'Clock' }).waitFor();
    await tree.untilRows(
      view,
      'the same Pods',
      (rows) => tree.podsOf(rows, 'cared-for-').filter(({ status }) => status === 'Running').length === 3,
    );
    await workbench.page.locator('.statusbar-item', { hasText: 'Kubepad: simulator kubepad' }).waitFor();
    await workbench.screenshot('targets-snapshot-dark');
  });

  it('go back to where the first simulated one stood', async () => {
    await workbench.runCommand('Kubepad: Choose Target');
    await pick(/default/).click();
    await view.getByRole('heading', { name: 'Cluster: default' }).waitFor();
    await tree.untilRows(
      view,
      'the workers of the first',
      (rows) => rows.some((row) => row.startsWith('worker-3,')) && !rows.some((row) => row.startsWith('worker-5,')),
    );
    assert.deepEqual(tree.podsOf(await tree.rowTexts(view), 'cared-for-'), []);
  });
});
