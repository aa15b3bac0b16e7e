import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { axeViolations } from './support/axe.ts';
import { lookAt } from './support/panel.ts';
import { eachAfterTheOther, pictureFailures } from './support/suites.ts';
import * as tree from './support/tree.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

/** A sample from the list, and a guided tour from its first step to its last, in both languages. */
describe('samples and tours', () => {
  eachAfterTheOther();
  let workbench: Workbench;
  let panel: Frame;

  const heading = (text: string): Promise<void> => panel.locator('article h2', { hasText: text }).waitFor();
  const press = (name: string): Promise<void> => panel.getByRole('button', { name, exact: true }).press('Enter');
  /** Runs a command and takes what fits in its list. A list that loses the focus to a webview closes: then once more. */
  const choose = async (command: string, title: string, text: string): Promise<void> => {
    const { page } = workbench;
    const take = async (): Promise<boolean> => {
      await workbench.runCommand(command);
      await page.locator('.quick-input-title', { hasText: title }).waitFor({ timeout: 10_000 });
      await page.locator('.quick-input-widget input').first().fill(text, { timeout: 3_000 });
      // The first row is the one that Enter takes.
      await page.locator('.quick-input-list .monaco-list-row[data-index="0"]', { hasText: text }).waitFor({ timeout: 5_000 });
      await page.keyboard.press('Enter');
      return true;
    };
    for (let attempt = 0; attempt < 4; attempt++) if (await take().catch(() => false)) return;
    await take();
  };

  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-tours' });
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  it('a sample is found by what it shows, and opens as a copy with its README', async () => {
    const { page } = workbench;
    await choose('Kubepad: Open a Sample', 'Open a Sample', "the scheduler's reason");
    await page.locator('.tab', { hasText: 'pod.yaml' }).waitFor();
    await page.locator('.tab', { hasText: 'README.md' }).waitFor();
    assert.ok(existsSync(join(workbench.workspace, 'kubepad-samples/fits-nowhere/pod.yaml')));
    await workbench.runCommand('View: Close All Editors');
  });

  it('a tour is chosen from the list', async () => {
    const view = await tree.openTree(workbench);
    await choose('Kubepad: Take a Tour', 'Take a Tour', 'What comes back');
    panel = await workbench.webview('h1:has-text("What comes back")');
    assert.equal(await panel.locator('ol.chapters li').count(), 5);
    assert.equal(await view.getByText('A tour’s cluster').count(), 0);
    await workbench.screenshot('tour-begin');
  });

  it('it shows a cluster of its own, and says what is so', async () => {
    await press('Begin');
    await heading('Four Pods, two stories');
    // The keyboard stays with the text.
    await panel.locator('#heading:focus').waitFor();
    const view = await tree.openTree(workbench);
    await view.getByText('A tour’s cluster').waitFor();
    await view.getByRole('button', { name: 'Resume the clock' }).waitFor();
    await panel.locator('.checks li[data-held="true"]').nth(1).waitFor();
    const rows = await tree.untilRows(view, 'its four Pods', (all) => tree.podsOf(all, 'cared-for-').length === 3);
    assert.equal(tree.podsOf(rows, 'lonely').length, 1);
  });

  it('a button does what the text tells of, time goes on, and the checks are ticked', async () => {
    await press('Next');
    await heading('Delete one of three');
    await panel.locator('.checks li').nth(1).waitFor();
    assert.equal(await panel.locator('.checks li[data-held="true"]').count(), 0);
    assert.equal(await panel.getByText('another name, another IP address').count(), 0);
    await press('Delete a Pod of the Deployment');
    await panel.getByText('Time is running').waitFor();
    await panel.locator('.checks li[data-held="true"]').nth(1).waitFor();
    await panel.getByText('another name, another IP address').waitFor();
  });

  it('looks right, and axe finds nothing', async () => {
    await lookAt(workbench, panel, 'tour');
  });

  it('a term is explained where it stands', async () => {
    await panel.locator('ol.chapters button').first().click();
    await heading('Four Pods, two stories');
    await panel.locator('.term button', { hasText: 'ReplicaSet' }).focus();
    await panel.locator('[role="tooltip"]', { hasText: 'replicas of a service' }).waitFor();
    assert.deepEqual(await axeViolations(panel), []);
    await workbench.screenshot('tour-term');
    await workbench.page.keyboard.press('Escape');
    await panel.locator('[role="tooltip"]').waitFor({ state: 'detached' });
  });

  it('a step can be done again, from where it began', async () => {
    await panel.locator('ol.chapters button').nth(1).click();
    await press('Go Back to Here');
    await panel.getByRole('button', { name: 'Delete a Pod of the Deployment' }).waitFor();
    await press('Delete a Pod of the Deployment');
    await press('Skip Ahead');
    await panel.locator('.checks li[data-held="true"]').nth(1).waitFor();
  });

  it('it goes on in Korean', async () => {
    await panel.getByLabel('Language').selectOption({ label: '한국어' });
    await panel.locator('h1', { hasText: '되살아나는 것' }).waitFor();
    await press('다음');
    await heading('외톨이를 삭제하기');
    await press('단독 파드 삭제하기');
    await panel.locator('.checks li[data-held="true"]').nth(1).waitFor();
    await lookAt(workbench, panel, 'tour-ko');
  });

  it('it comes back after the window is reloaded, and catches up with the step that is read', async () => {
    await workbench.reload();
    panel = await workbench.webview('h1:has-text("되살아나는 것")');
    await heading('외톨이를 삭제하기');
    assert.equal(await panel.locator('.checks li[data-held="true"]').count(), 0);
    await press('단독 파드 삭제하기');
    await panel.locator('.checks li[data-held="true"]').nth(1).waitFor();
  });

  it('it is taken to its end, and the own cluster is back', async () => {
    for (const act of ['디플로이먼트를 다섯 개로 늘리기', '10분 흘려보내기']) {
      await press('다음');
      await press(act);
      await panel.locator('.checks li[data-held="false"], .checks li[data-held="true"]').first().waitFor();
    }
    await press('마치기');
    await heading('둘러보기를 마쳤습니다');
    assert.deepEqual(await axeViolations(panel), []);
    await workbench.screenshot('tour-end');
    const view = await tree.openTree(workbench);
    await view.getByText('A tour’s cluster').waitFor({ state: 'detached' });
    await view.getByText('No Pods yet').waitFor();
  });

  it('the glossary finds a word of Swarm', async () => {
    await choose('Kubepad: Glossary', '용어집', 'replicas of a service');
    await workbench.page.locator('.tab', { hasText: 'glossary.ko.md' }).waitFor();
  });
});
