import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBinaries } from '../clients/support/binaries.ts';
import { hoverText, problemTexts, showProblems } from './support/editor.ts';
import { expandFolder, explorerRow, openFile } from './support/explorer.ts';
import { pictureFailures } from './support/suites.ts';
import { openWorkbench, type Workbench } from './support/workbench.ts';

const binaries = findBinaries();

describe('a chart', () => {
  if (binaries === undefined) {
    it('cannot be rendered: helm cannot be had here', () => undefined);
    return;
  }
  let workbench: Workbench;
  before(async () => {
    workbench = await openWorkbench({ name: 'e2e-charts' });
    // Where helm lies is a matter of the machine or of a folder, not of the browser's user.
    const folder = join(workbench.workspace, '.vscode');
    mkdirSync(folder);
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ 'kubepad.rendering.helm': binaries.helm }));
    await explorerRow(workbench.page, '.vscode').waitFor();
  });
  after(() => workbench.close());
  pictureFailures(() => workbench);

  it('has a problem at the template when a value makes one, and none when it is mended', async () => {
    const { page } = workbench;
    await expandFolder(page, 'charts');
    await expandFolder(page, 'store');
    await openFile(page, 'values.yaml');
    await page.locator('.editor-instance .view-line', { hasText: 'replicas' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('-2');
    await showProblems(page);
    const row = page.locator('.markers-panel .monaco-list-row', { hasText: 'must be greater than or equal to 0' });
    await row.first().waitFor();
    const texts = (await problemTexts(page)).join('\n');
    assert.match(texts, /spec\.replicas: Invalid value: -2/);
    await workbench.screenshot('chart-problem-dark');
    await page.locator('.editor-instance .view-line', { hasText: 'replicas' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('2');
    await row.first().waitFor({ state: 'detached' });
  });

  it('tells on hover who uses a value', async () => {
    const text = await hoverText(workbench.page, 'replicas', /Used by/);
    assert.match(text, /templates\/store\.yaml:24/);
    await workbench.screenshot('chart-hover-dark');
  });
});
