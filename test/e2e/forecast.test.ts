import assert from 'node:assert/strict';
import { problemTexts, showProblems, squiggles } from './support/editor.ts';
import { expandFolder, openFile } from './support/explorer.ts';
import { lookAt } from './support/panel.ts';
import { pictureFailures } from './support/suites.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

describe('what would become of a manifest', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-forecast' });
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  it('stands above its documents and at the fields to blame, and follows the text', async () => {
    const { page } = workbench;
    await expandFolder(page, 'fits-nowhere');
    await openFile(page, 'pod.yaml');
    const lens = (text: RegExp) => page.locator('.editor-instance .codelens-decoration', { hasText: text }).first();
    await lens(/Forecast: would stay Pending: Insufficient cpu/).waitFor({ timeout: 60_000 });
    await lens(/Forecast: would stay Pending: node\(s\) didn't match/).waitFor();
    await squiggles(page, 'warning').first().waitFor();
    await showProblems(page);
    await page.locator('.markers-panel .monaco-list-row[aria-level="2"]').first().waitFor();
    assert.match(
      (await problemTexts(page)).join('\n'),
      /Forecast: the Pod would stay Pending: 0\/4 nodes are available: .*3 Insufficient cpu/,
    );
    await workbench.screenshot('forecast-lens-dark');
    await page.locator('.editor-instance .view-line', { hasText: 'cpu:' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('1');
    await lens(/Forecast: would be ready.* on worker-/).waitFor();
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await lens(/Forecast: would stay Pending: Insufficient cpu/).waitFor();
  });

  it('is shown whole before anything is applied, by keyboard too', async () => {
    const { page } = workbench;
    await workbench.runCommand('Kubepad: Preview Apply');
    const panel = await workbench.webview('.preview h1');
    await panel.locator('h1', { hasText: 'pod.yaml' }).waitFor();
    assert.match(await panel.locator('.summary').innerText(), /Of 2 documents 2 would not run as written\./);
    const documents = panel.locator('[role="region"][aria-label="Documents"]');
    assert.match(await documents.innerText(), /spec\.containers\[crunch\]\.resources\.requests\.cpu/);
    assert.match(await panel.locator('[aria-label="What would happen, in order"]').innerText(), /has no node: Insufficient cpu/);
    await lookAt(workbench, panel, 'preview');
    await panel.locator('button', { hasText: 'Apply' }).first().focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    assert.match(await panel.evaluate('document.activeElement.innerText'), /Open All Changes/);
    await panel.locator('.changes button', { hasText: 'pod/too-big' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.tab.active', { hasText: 'pod/too-big (new)' }).waitFor();
    await page.locator('.diff-editor, .monaco-diff-editor').first().waitFor();
    await workbench.screenshot('preview-change-dark');
  });

  it('comes back after the window is reloaded, and is looked at again', async () => {
    const { page } = workbench;
    await page.keyboard.press('Control+w');
    await workbench.reload();
    const panel = await workbench.webview('.preview h1');
    await panel.locator('h1', { hasText: 'pod.yaml' }).waitFor();
    assert.match(await panel.locator('.summary').innerText(), /Of 2 documents 2 would not run as written\./);
  });
});
