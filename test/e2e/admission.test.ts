import assert from 'node:assert/strict';
import { hoverText, problemTexts, showProblems, squiggles } from './support/editor.ts';
import { expandFolder, openFile } from './support/explorer.ts';
import { pictureFailures } from './support/suites.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

describe('rules of the cluster while a manifest is written', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-admission' });
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  const row = (text: string) => workbench.page.locator('.markers-panel .monaco-list-row[aria-level="2"]', { hasText: text });

  it('are told at their fields once they are applied', async () => {
    const { page } = workbench;
    await expandFolder(page, 'policy');
    await openFile(page, '3-breaks-them.yaml');
    await openFile(page, '1-rules.yaml');
    await workbench.runCommand('Kubepad: Apply');
    // What is applied is what is open when the command begins.
    await page.locator('.notification-toast', { hasText: 'applied' }).first().waitFor();
    await openFile(page, '3-breaks-them.yaml');
    await squiggles(page, 'warning').first().waitFor({ timeout: 60_000 });
    await showProblems(page);
    await row('privileged').first().waitFor();
    const texts = (await problemTexts(page)).join('\n');
    assert.match(texts, /'known-and-small' with binding 'known-and-small' denied request: a Deployment needs the label team/);
    assert.match(texts, /pods "mighty" is forbidden: violates PodSecurity "restricted:latest": privileged/);
    assert.match(texts, /Kubepad \(cluster\)/);
    await workbench.screenshot('admission-dark');
    await workbench.setTheme('light');
    await workbench.screenshot('admission-light');
    await workbench.setTheme('dark');
  });

  it('are no problem any more when the text keeps them', async () => {
    const { page } = workbench;
    await page.locator('.editor-instance .view-line', { hasText: 'name: careless' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('labels: {team: shop}');
    await row('at most 5 replicas, not 6').first().waitFor();
    await page.locator('.editor-instance .view-line', { hasText: 'replicas: 6' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('3');
    await row('known-and-small').first().waitFor({ state: 'detached' });
    await row('would violate PodSecurity').first().waitFor();
  });

  it('leave room for hovers and completion, in light and dark', async () => {
    const { page } = workbench;
    await page.locator('.editor-instance .view-line', { hasText: 'replicas: 3' }).first().click();
    await page.keyboard.press('Control+End');
    for (const theme of ['light', 'dark'] as const) {
      await workbench.setTheme(theme);
      await hoverText(page, 'privileged', /securityContext\.privileged/);
      await workbench.screenshot(`admission-hover-${theme}`);
      await page.keyboard.press('Escape');
      await page.locator('.editor-instance .view-line', { hasText: 'privileged' }).first().click();
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Control+Space');
      await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'runAsNonRoot' }).first().waitFor();
      await workbench.screenshot(`completion-${theme}`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+z');
    }
  });
});
