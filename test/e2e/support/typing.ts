// Text as a person types it: keys, and what the list of suggestions shows meanwhile.

import type { Locator, Page } from 'playwright-core';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workbench } from './workbench.ts';

/** Writes a file into the workspace and opens it with the quick open box; the cursor stands at its beginning. */
export async function openNew({ page, workspace }: Workbench, name: string, text = ''): Promise<void> {
  writeFileSync(join(workspace, name), text);
  const input = page.locator('.quick-input-widget input').first();
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first();
  // The list may be older than the file.
  for (let attempt = 0; attempt < 10; attempt++) {
    await page.keyboard.press('Control+p');
    await input.fill(name);
    if (
      await row.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      )
    )
      break;
    await page.keyboard.press('Escape');
  }
  await row.click();
  await page.locator('.editor-group-container .tab.active', { hasText: name }).first().waitFor();
  await page.locator('.editor-instance .view-lines').first().click();
  await page.keyboard.press('Control+Home');
}

/** Saves the file in the editor; returns its text once it is the expected one, or as it is after a while. */
export async function savedText({ page, workspace }: Workbench, name: string, expected: string): Promise<string> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+s');
  const read = (): string => readFileSync(join(workspace, name), 'utf8').trimEnd();
  for (let attempt = 0; attempt < 100 && read() !== expected.trimEnd(); attempt++) await page.waitForTimeout(50);
  return `${read()}\n`;
}

/** Types as fast as a person does: a list of suggestions is asked for between two keys. */
export async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text, { delay: 60 });
}

/** The row of the list of suggestions that is focused, once it is this one. */
export function suggestion(page: Page, label: string): Locator {
  return page.locator(`.suggest-widget.visible .monaco-list-row.focused[aria-label^="${label}"]`);
}

/** Types, waits until the suggestion is the focused one, and takes it with Enter. */
export async function complete(page: Page, typed: string, label: string): Promise<void> {
  await type(page, typed);
  await suggestion(page, label).waitFor();
  await page.keyboard.press('Enter');
  await suggestion(page, label).waitFor({ state: 'detached' });
}

/** Puts the cursor at the end of the first line that holds the text. */
export async function endOfLine(page: Page, text: string): Promise<void> {
  await page.locator('.editor-instance .view-line', { hasText: text }).first().click();
  await page.keyboard.press('End');
}
