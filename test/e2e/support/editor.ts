// The text editor and the Problems panel as a person reads them.

import type { Locator, Page } from 'playwright-core';

/** Moves the mouse over a text in the active editor and returns what the hover says once it is there. */
export async function hoverText(page: Page, text: string, until: RegExp): Promise<string> {
  const target = page.locator('.editor-instance .view-line span:not(:has(span))', { hasText: text }).first();
  await target.waitFor();
  const hover = page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: until });
  // The widget opens when the mouse rests; a second movement helps where the first came before the language was ready.
  for (let attempt = 0; attempt < 20; attempt++) {
    await page.mouse.move(0, 0);
    await target.hover({ position: { x: 4, y: 6 } });
    const seen = await hover
      .first()
      .waitFor({ timeout: 2_000 })
      .then(() => true)
      .catch(() => false);
    if (seen) return (await page.locator('.monaco-hover:not(.hidden)').first().innerText()).trim();
  }
  throw new Error(`No hover over ${text} says ${until}.`);
}

export async function showProblems(page: Page): Promise<Locator> {
  await page.keyboard.press('Control+Shift+M');
  const panel = page.locator('.markers-panel');
  await panel.waitFor();
  return panel;
}

/** The texts of all problems that the panel shows, without those of files' headings. */
export async function problemTexts(page: Page): Promise<readonly string[]> {
  const rows = page.locator('.markers-panel .monaco-list-row[aria-level="2"]');
  return rows.allInnerTexts();
}

export function squiggles(page: Page, severity: 'error' | 'warning'): Locator {
  return page.locator(`.editor-instance .view-overlays .squiggly-${severity}`);
}
