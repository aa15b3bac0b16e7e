// The explorer as a person uses it: rows, context menus by mouse and by keyboard.

import type { Locator, Page } from 'playwright-core';

/** The row of a file or folder that is on the screen. */
export function explorerRow(page: Page, name: string): Locator {
  return page.locator('.explorer-folders-view .monaco-list-row', { has: page.getByText(name, { exact: true }) }).first();
}

export async function showExplorer(page: Page): Promise<void> {
  await page.keyboard.press('Control+Shift+E');
  await page.locator('.explorer-folders-view .monaco-list').waitFor();
}

/** Opens a folder's row if it is closed. */
export async function expandFolder(page: Page, name: string): Promise<void> {
  const row = explorerRow(page, name);
  await row.waitFor();
  if ((await row.getAttribute('aria-expanded')) === 'false') await row.click();
  await page
    .locator('.explorer-folders-view .monaco-list-row[aria-expanded="true"]', { has: page.getByText(name, { exact: true }) })
    .waitFor();
}

/** Opens a file in an editor that stays. The folders above it must be open. */
export async function openFile(page: Page, name: string): Promise<void> {
  await explorerRow(page, name).dblclick();
  await page.locator('.editor-group-container .tab.active', { hasText: name }).first().waitFor();
  await page.locator('.monaco-editor .view-lines').first().waitFor();
}

/** Right-clicks a row and clicks an entry of its menu. */
export async function chooseByMouse(page: Page, row: Locator, ...entries: readonly string[]): Promise<void> {
  await row.click({ button: 'right' });
  await chooseEntries(page, ...entries);
}

/** Clicks an entry of the open menu, the ones before it lead to it. */
export async function chooseEntries(page: Page, ...entries: readonly string[]): Promise<void> {
  for (const [index, entry] of entries.entries()) {
    const item = menuItem(page, entry);
    await item.waitFor();
    if (index < entries.length - 1) await item.hover();
    else await clickUntilClosed(page, item);
  }
}

/** A menu ignores clicks in the first moment after it opened, so that opening it does not choose from it: click again while it stays. */
async function clickUntilClosed(page: Page, item: Locator): Promise<void> {
  const menu = page.locator('.monaco-menu');
  for (let attempt = 0; attempt < 10 && (await menu.count()) > 0; attempt++) {
    await page.waitForTimeout(250);
    if ((await item.count()) > 0) await item.click({ timeout: 2_000 }).catch(() => undefined);
    await menu
      .first()
      .waitFor({ state: 'detached', timeout: 1_000 })
      .catch(() => undefined);
  }
}

/** Focuses a row with the keyboard, opens its menu with Shift+F10, walks to the entries with the arrow keys and presses Enter. */
export async function chooseByKeyboard(page: Page, name: string, ...entries: readonly string[]): Promise<void> {
  await showExplorer(page);
  await walkToRow(page, name);
  await page.keyboard.press('Shift+F10');
  for (const [index, entry] of entries.entries()) {
    await menuItem(page, entry).waitFor();
    await walkToEntry(page, entry);
    await page.keyboard.press(index < entries.length - 1 ? 'ArrowRight' : 'Enter');
  }
}

export function menuItem(page: Page, label: string): Locator {
  // A submenu lies within the entry that opened it: the innermost one is meant.
  return page.locator('.monaco-menu .action-item', { has: page.getByText(label, { exact: true }) }).last();
}

async function walkToRow(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Home');
  const focused = page.locator('.explorer-folders-view .monaco-list-row.focused .label-name');
  const limit = (await page.locator('.explorer-folders-view .monaco-list-row').count()) + 1;
  for (let step = 0; step < limit; step++) {
    if ((await focused.textContent()) === name) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`The explorer shows no row ${name}.`);
}

async function walkToEntry(page: Page, entry: string): Promise<void> {
  const limit = (await page.locator('.monaco-menu .action-item').count()) + 1;
  const focused = page.locator('.monaco-menu .action-item.focused .action-label').last();
  for (let step = 0; step < limit; step++) {
    if ((await focused.count()) > 0 && (await focused.textContent()) === entry) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`The menu has no entry ${entry}.`);
}
