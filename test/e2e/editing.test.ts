import assert from 'node:assert/strict';
import { hoverText, problemTexts, showProblems, squiggles } from './support/editor.ts';
import { expandFolder, openFile } from './support/explorer.ts';
import { pictureFailures } from './support/suites.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

describe('editing a manifest', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-editing' });
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  it('underlines five faults and says what the API server would say', async () => {
    const { page } = workbench;
    await expandFolder(page, 'invalid');
    await openFile(page, 'five-faults.yaml');
    await squiggles(page, 'error').first().waitFor();
    await showProblems(page);
    await page.locator('.markers-panel .monaco-list-row[aria-level="2"]').nth(4).waitFor();
    const texts = (await problemTexts(page)).join('\n');
    for (const message of [
      /`selector` does not match template `labels`/,
      /may not be 0 when `maxSurge` is 0/,
      /Unsupported value: "Loadbalancer"/,
      /must be between 1 and 65535, inclusive/,
      /unknown field "spec\.containers\[0\]\.imagePullPolcy"/,
    ])
      assert.match(texts, message);
    await workbench.screenshot('diagnostics-dark');
    await workbench.setTheme('light');
    await workbench.screenshot('diagnostics-light');
    await workbench.setTheme('dark');
  });

  it('says on hover what a field is', async () => {
    const text = await hoverText(workbench.page, 'replicas', /replicas/);
    assert.match(text, /spec\.replicas/);
    assert.match(text, /int/);
    assert.match(text, /desired/i);
    await workbench.screenshot('hover-dark');
  });

  it('follows the keys: a repaired value is no problem any more', async () => {
    const { page } = workbench;
    await page.locator('.editor-instance .view-line', { hasText: 'maxSurge' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('1');
    await page.locator('.markers-panel .monaco-list-row[aria-level="2"]').nth(4).waitFor({ state: 'detached' });
    assert.doesNotMatch((await problemTexts(page)).join('\n'), /maxSurge/);
  });
});
