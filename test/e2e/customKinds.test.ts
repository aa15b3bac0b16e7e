import assert from 'node:assert/strict';
import { hoverText, problemTexts, showProblems, squiggles } from './support/editor.ts';
import { expandFolder, openFile } from './support/explorer.ts';
import { pictureFailures } from './support/suites.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

describe('a kind of one’s own and the real clients', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-kinds' });
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  it('judges and explains a custom resource whose definition nobody applied or opened', async () => {
    const { page } = workbench;
    await expandFolder(page, 'custom-resource');
    await openFile(page, '2-boat.yaml');
    assert.match(await hoverText(page, 'seats', /How many the boat can carry/), /Required/);
    await page.locator('.editor-instance .view-line', { hasText: 'seats' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.type('0');
    await squiggles(page, 'error').first().waitFor();
    await showProblems(page);
    await page.locator('.markers-panel .monaco-list-row[aria-level="2"]').first().waitFor();
    assert.match((await problemTexts(page)).join('\n'), /spec\.seats in body should be less than or equal to 12/);
    await workbench.screenshot('custom-kind-dark');
    await page.keyboard.press('Control+z');
  });

  it('opens a terminal that leads kubectl to the cluster', async () => {
    const { page } = workbench;
    await workbench.runCommand('Kubepad: Connect kubectl');
    await page.locator('.notification-toast', { hasText: /leads to the simulated cluster on https:\/\/127\.0\.0\.1:\d+/ }).waitFor();
    await page.locator('.part.panel .terminal-wrapper').first().waitFor();
    await page.locator('.part.panel', { hasText: 'kubectl (Kubepad)' }).waitFor();
    await workbench.screenshot('connect-dark');
  });
});
