import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';
import { applyCaredFor } from './support/caredFor.ts';
import { axeViolations } from './support/axe.ts';
import { lookAt, openTab as openTabOf, says as saysIn } from './support/panel.ts';
import { eachAfterTheOther, pictureFailures } from './support/suites.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** From a Pod in the tree to the line that was applied, through its life, its scheduling and its family, by mouse and keyboard. */
describe('the panel of an object', () => {
  eachAfterTheOther();
  let workbench: Workbench;
  let page: Page;
  let view: Frame;
  let panel: Frame;
  let pod = '';

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-object' });
    ({ page } = workbench);
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  const panelOf = (kind: string): Promise<Frame> =>
    workbench.webview(`.panel:has(.title .dim:has-text("${kind}")) [role="tablist"][aria-label="Parts of the object"]`);
  const says = (text: RegExp | string): Promise<void> => saysIn(panel, text);
  const openTab = (name: string): Promise<void> => openTabOf(panel, name);

  it('says why a Pod runs, from the menu of its row', async () => {
    const applied = await applyCaredFor(workbench);
    ({ view } = applied);
    const { rows } = applied;
    pod = tree.podsOf(rows, 'cared-for-')[0]?.name ?? '';
    await tree.chooseByMouse(view, tree.treeRow(view, pod), 'Why?');
    panel = await panelOf('Pod');
    const steps = panel.locator('ol.why > li');
    await steps.nth(4).waitFor();
    const texts = (await steps.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
    for (const [index, text] of [
      /^admin created Deployment cared-for /,
      /^deployment-controller created ReplicaSet/,
      /^replicaset-controller created Pod/,
      /^kube-scheduler bound Pod/,
      /^kubelet of worker-\d changed the status of Pod .*status\.phase: Pending → Running/,
    ].entries())
      assert.match(texts[index] ?? '', text);
    await lookAt(workbench, panel, 'object-why');
  });

  it('leads to the line that was applied', async () => {
    await panel
      .getByRole('button', { name: /^deployment\.yaml, line \d+$/ })
      .first()
      .click();
    await page.locator('.tab.active', { hasText: 'deployment.yaml' }).waitFor();
    await page.keyboard.press('Control+w');
    panel = await panelOf('Pod');
  });

  it('shows the way through the life, and every node as the scheduler saw it, by keyboard', async () => {
    await panel.getByRole('tab', { name: 'Why?' }).focus();
    await page.keyboard.press('ArrowRight');
    await panel.getByRole('img', { name: /^It was Pending .*, then Ready/ }).waitFor();
    await lookAt(workbench, panel, 'object-life');
    await panel.getByRole('tab', { name: 'Life' }).focus();
    await page.keyboard.press('ArrowRight');
    await says(/It goes to/);
    await panel.getByRole('columnheader', { name: 'TaintToleration ×3' }).waitFor();
    await lookAt(workbench, panel, 'object-scheduling');
    await openTab('Events');
    await says('Scheduled');
    assert.deepEqual(await axeViolations(panel), []);
  });

  it('leads through the family to the Deployment, whose spec and status agree', async () => {
    await openTab('Family');
    await says('runs on');
    await lookAt(workbench, panel, 'object-family');
    await panel.getByRole('button', { name: 'cared-for', exact: true }).click();
    panel = await panelOf('Deployment');
    await panel
      .getByRole('option', { name: /replicas: 3/ })
      .first()
      .waitFor();
    assert.equal(await panel.locator('.field.differs').count(), 0);
  });

  it('marks what does not agree while Pods are missing, and shows who wrote a field', async () => {
    await tree.chooseByMouse(view, tree.treeRow(view, pod), 'Delete');
    await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete' }).first().click();
    await panel.locator('.field.differs', { hasText: 'spec.replicas is 3' }).first().waitFor();
    await workbench.screenshot('object-differs-dark');
    await panel.getByRole('listbox', { name: 'What is so' }).getByRole('option').first().focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await panel.getByRole('heading', { name: /^History/ }).waitFor();
    await lookAt(workbench, panel, 'object-state');
    await panel.getByRole('button', { name: 'Why?', exact: true }).first().click();
    await panel.locator('ol.why > li').first().waitFor();
    await panel.getByRole('button', { name: 'As Text' }).click();
    await page.locator('.tab.active', { hasText: 'deployment.cared-for.why.txt' }).waitFor();
  });

  it('tells of the Pod that is gone how its life ended', async () => {
    await page.locator('.tab', { hasText: pod }).first().click();
    panel = await panelOf('Pod');
    await panel.getByText('what is below was so last').waitFor();
    await openTab('Life');
    await panel.getByRole('img', { name: /then Terminating .*, then Gone/ }).waitFor();
    await openTab('Why?');
    await says('removed');
    await lookAt(workbench, panel, 'object-gone');
  });
});
